#include "ui/labs/numbers/controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/numbers.h"
#include "engine/numbers/exact.h"
#include "engine/roundoff/roundoff.h"
#include "imgui.h"
#include "imgui_stdlib.h"
#include "ui/labs/experiment_controls.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/term.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr float kSmall = 0.875f;  // of the body's size

bool is_experiment(std::string_view view) { return find_roundoff_experiment(view) != nullptr; }

const char* view_title(std::string_view view) { return text(fmt::format("numbers.view.{}", view)); }
const char* view_about(std::string_view view) {
  return text(fmt::format("numbers.about.{}", view));
}

/// As wide as the longest line on what a view shows; pixels.
float width_of_views(const Style& style) {
  const float most = 0.8f * ImGui::GetMainViewport()->Size.x;
  // In both sizes in which it is measured: letters are whole pixels wide.
  float width = 0, large = 0;
  for (const std::string_view view : numbers_views())
    large = std::max(large, ImGui::CalcTextSize(view_about(view)).x);
  ImGui::PushFont(nullptr, style.font_size * kSmall);
  for (const std::string_view view : numbers_views())
    width = std::max(width, ImGui::CalcTextSize(view_about(view)).x);
  ImGui::PopFont();
  return std::min(std::max(width, large * kSmall) + 1, most);
}

/// A view's name with a line on what it shows.
bool view_item(std::string_view view, bool selected, float width, const Style& style) {
  ImGui::PushID(view.data(), view.data() + view.size());
  const float line = ImGui::GetTextLineHeight();
  const bool clicked = ImGui::Selectable("###view", selected, 0, {width, line * 1.95f});
  const ImVec2 corner = ImGui::GetItemRectMin();
  const std::string about = fitted(view_about(view), width / kSmall);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddText(corner, ImGui::GetColorU32(style.palette.text), view_title(view));
  list.AddText(nullptr, ImGui::GetFontSize() * kSmall, {corner.x, corner.y + line},
               ImGui::GetColorU32(style.palette.muted), about.c_str());
  ImGui::PopID();
  return clicked;
}

void view_choice(ControlScope& scope) {
  const Style& style = scope.view.style;
  const std::string current = scope.draft.numbers.view;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  ImGui::PushFont(style.fonts.semibold, 0);
  const bool open =
      ImGui::BeginCombo("###views", view_title(current), ImGuiComboFlags_HeightLargest);
  ImGui::PopFont();
  if (open) {
    const float width = std::max(ImGui::GetContentRegionAvail().x, width_of_views(style));
    bool in_experiments = false;
    // All have room in the window, in large type too.
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                        {ImGui::GetStyle().ItemSpacing.x, std::floor(unit(style) / 4)});
    styled_text(text("numbers.group.look"), style.fonts.semibold, kSmall, style.palette.muted);
    for (const std::string_view view : numbers_views()) {
      if (is_experiment(view) && !std::exchange(in_experiments, true)) {
        ImGui::Separator();
        styled_text(text("numbers.group.experiment"), style.fonts.semibold, kSmall,
                    style.palette.muted);
      }
      if (view_item(view, view == current, width, style)) set_key("numbers.view", view, scope);
      if (view == current) ImGui::SetItemDefaultFocus();
    }
    ImGui::PopStyleVar();
    ImGui::EndCombo();
  }
  wrapped_text(view_about(current), style.fonts.regular, kSmall, style.palette.muted);
}

/// The number as text. What can be read is shown at once.
void number_input_field(ControlScope& scope, NumberTyping& typing) {
  const Style& style = scope.view.style;
  std::string& input = scope.draft.numbers.input;
  if (typing.of_input != input) typing = {input, input, {}};
  ImGui::PushFont(style.fonts.mono, style.font_size * 1.125f);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  if (typing.problem) ImGui::PushStyleColor(ImGuiCol_Border, style.palette.bad);
  if (typing.problem) ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 2.0f);
  const bool framed = typing.problem.has_value();
  if (scope.view.typing) ImGui::SetKeyboardFocusHere();
  const bool edited = ImGui::InputText("###input", &typing.text, ImGuiInputTextFlags_AutoSelectAll);
  if (framed) ImGui::PopStyleVar();
  if (framed) ImGui::PopStyleColor();
  ImGui::PopFont();
  key_tooltip("numbers.input", scope.view);
  key_menu("input menu", "numbers.input", scope);
  if (edited) {
    const auto number = parse_number(typing.text);
    typing.problem.reset();
    if (number)
      input = typing.of_input = typing.text;
    else
      typing.problem = number.error();
  }
}

/// The number, and below it where it goes wrong, or what may be typed.
void number_field(ControlScope& scope, NumberTyping& typing) {
  number_input_field(scope, typing);
  const Style& style = scope.view.style;
  if (typing.problem)
    wrapped_text(message_text(typing.problem->what), style.fonts.regular, kSmall,
                 style.palette.bad);
  else
    wrapped_text(text("numbers.input_hint"), style.fonts.regular, kSmall, style.palette.muted);
}

void step_buttons(ControlScope& scope, BitsView& bits) {
  const Style& style = scope.view.style;
  const NumberRow* row = bits.chosen_row(scope.draft);
  if (!row) return;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  const std::string in_format =
      format_text("numbers.step_in", fmt::arg("format", row->format.name));
  if (ImGui::BeginCombo("###step format", in_format.c_str())) {
    for (const std::string& format : scope.draft.numbers.settings.formats)
      if (ImGui::Selectable(format.c_str(), format == row->format.name)) {
        ViewSpec looked = scope.draft.view;
        looked.row = format;
        scope.requests.view = looked;
      }
    ImGui::EndCombo();
  }
  constexpr std::array<std::pair<const char*, NumberStep>, 5> kSteps{
      {{"ulp_down", NumberStep::ulp_down},
       {"ulp_up", NumberStep::ulp_up},
       {"negate", NumberStep::negate},
       {"power_down", NumberStep::power_down},
       {"power_up", NumberStep::power_up}}};
  const float gap = unit(style) / 2;
  const float width = (ImGui::GetContentRegionAvail().x - 4 * gap) / 5;
  for (const auto& [name, step] : kSteps) {
    if (step != NumberStep::ulp_down) ImGui::SameLine(0, gap);
    const std::string label =
        fmt::format("{}###{}", text(fmt::format("numbers.step.{}", name)), name);
    if (ImGui::Button(label.c_str(), {std::floor(width), 0})) bits.step(step, scope.draft);
    item_tooltip(text(fmt::format("numbers.step_help.{}", name)));
  }
}

/// The list with a format put in or taken out; formats of the list stay in its order.
std::vector<std::string> toggled(std::vector<std::string> formats, const std::string& name) {
  if (std::erase(formats, name) > 0) return formats;
  const auto rank = [](const std::string& format) {
    const NumberFormat* found = find_format(format);
    const auto all = number_formats();
    return found ? found - all.data() : static_cast<std::ptrdiff_t>(all.size());
  };
  const auto before = std::ranges::find_if(
      formats, [&](const std::string& format) { return rank(format) > rank(name); });
  formats.insert(before, name);
  return formats;
}

/// Why a format cannot be added to the list of an experiment; "" if it can.
std::string unfit_reason(const NumberFormat& format, const ControlScope& scope) {
  if (!is_experiment(scope.draft.numbers.view)) return "";
  if (!can_compute_in(format))
    return format_text("numbers.format_unfit", fmt::arg("format", format.name));
  if (scope.draft.numbers.settings.formats.size() >= kMostChartFormats)
    return format_text("numbers.formats_full", fmt::arg("most", kMostChartFormats));
  return "";
}

/// A format as a switch; true if it was flipped.
bool format_switch(const NumberFormat& format, bool on, float width, const ControlScope& scope) {
  const Style& style = scope.view.style;
  const std::string reason = on ? std::string() : unfit_reason(format, scope);
  ImGui::BeginDisabled(!reason.empty());
  ImGui::PushStyleColor(ImGuiCol_Button, on ? style.palette.accent : style.palette.raised);
  ImGui::PushStyleColor(ImGuiCol_Text, on ? style.palette.on_accent : style.palette.text);
  const bool flipped =
      ImGui::Button(fmt::format("{0}###format {0}", format.name).c_str(), {width, 0});
  ImGui::PopStyleColor(2);
  ImGui::EndDisabled();
  if (!reason.empty())
    item_tooltip(reason.c_str());
  else
    term_tooltip(format.name, style);
  return flipped;
}

/// Every known format as a switch, and the list as text for one's own.
void format_choice(ControlScope& scope) {
  const Style& style = scope.view.style;
  heading(text("control.numbers.formats"), style);
  const std::vector<std::string>& chosen = scope.draft.numbers.settings.formats;
  const float gap = std::max(1.0f, std::round(unit(style) / 4));
  ImGui::PushFont(nullptr, style.font_size * 0.8125f);
  float widest = 0;
  for (const NumberFormat& format : number_formats())
    widest = std::max(widest, ImGui::CalcTextSize(format.name.c_str()).x + 2);
  constexpr int kMostColumns = 5;
  const float room = ImGui::GetContentRegionAvail().x + gap;
  const int columns = std::clamp(static_cast<int>(room / (widest + gap)), 1, kMostColumns);
  const float width = std::floor(room / static_cast<float>(columns) - gap);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0, std::round(unit(style) * 0.5f)});
  std::string flipped;
  int index = 0;
  for (const NumberFormat& format : number_formats()) {
    if (index++ % columns != 0) ImGui::SameLine();
    const bool on = std::ranges::find(chosen, format.name) != chosen.end();
    if (format_switch(format, on, width, scope)) flipped = format.name;
  }
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
  if (!flipped.empty()) set_key("numbers.formats", join_formats(toggled(chosen, flipped)), scope);

  key_field("###formats", "numbers.formats", ImGui::GetContentRegionAvail().x, scope);
  key_tooltip("numbers.formats", scope.view);
  key_refusal("numbers.formats", scope);
}

std::vector<std::string_view> overflow_names() {
  std::vector<std::string_view> names{"format"};
  for (const std::string_view name : names_of<Overflow>()) names.push_back(name);
  return names;
}

void rounding_choice(ControlScope& scope) {
  heading(text("control.numbers.rounding"), scope.view.style);
  choice_control("numbers.rounding", names_of<Rounding>(), false, scope);
}
void overflow_choice(ControlScope& scope) {
  heading(text("control.numbers.overflow"), scope.view.style);
  choice_control("numbers.overflow", overflow_names(), false, scope);
}

/// A text on a line of its own, below its name.
void text_control(std::string_view key, ControlScope& scope) {
  const Style& style = scope.view.style;
  ImGui::PushID(key.data(), key.data() + key.size());
  styled_text(text(fmt::format("control.{}", key)), style.fonts.regular, 0.9375f,
              style.palette.muted);
  key_field("##value", key, ImGui::GetContentRegionAvail().x, scope);
  key_tooltip(key, scope.view);
  key_refusal(key, scope);
  ImGui::PopID();
}

/// The file with weights: its path, a dialog to choose it, and the way back to drawn weights.
void weights_control(ControlScope& scope) {
  text_control("numbers.path", scope);
  if (ImGui::Button(fmt::format("{}###choose", text("control.choose_file")).c_str()))
    scope.requests.choose_weights = true;
  if (scope.draft.numbers.settings.path.empty()) return;
  ImGui::SameLine(0, unit(scope.view.style));
  if (ImGui::Button(fmt::format("{}###drawn weights", text("numbers.drawn_weights")).c_str())) {
    scope.draft.numbers.settings.path.clear();
    scope.draft.numbers.settings.tensor.clear();
  }
  item_tooltip(text("numbers.drawn_weights_help"));
}

/// The control of one of the settings that an experiment reads.
void setting_control(RoundoffControl control, const RoundoffExperiment& experiment,
                     ControlScope& scope) {
  switch (control) {
    case RoundoffControl::value:
      return number_control(
          {.key = "numbers.value", .logarithmic = true, .low = 1e-12, .high = 1e6, .wide = true},
          scope);
    case RoundoffControl::addend:
      return number_control(
          {.key = "numbers.addend", .logarithmic = true, .low = 1e-8, .high = 1e4, .wide = true},
          scope);
    case RoundoffControl::scale:
      return number_control({.key = "numbers.scale", .logarithmic = true, .wide = true}, scope);
    case RoundoffControl::condition:
      return number_control({.key = "numbers.condition", .logarithmic = true, .wide = true}, scope);
    case RoundoffControl::length:
      return number_control({.key = "numbers.length",
                             .logarithmic = true,
                             .low = experiment.length.low,
                             .high = experiment.length.high,
                             .wide = true},
                            scope);
    case RoundoffControl::start:
      return number_control({.key = "numbers.start", .low = -4, .high = 4}, scope);
    case RoundoffControl::block:
      return number_control({.key = "numbers.block", .logarithmic = true}, scope);
    case RoundoffControl::seed:
      return number_control({.key = "seed", .high = 1000}, scope);
    case RoundoffControl::formats:
      return format_choice(scope);
    case RoundoffControl::rounding:
      return rounding_choice(scope);
    case RoundoffControl::overflow:
      return overflow_choice(scope);
    case RoundoffControl::accumulator:
      return text_control("numbers.accumulator", scope);
    case RoundoffControl::path:
      return weights_control(scope);
    case RoundoffControl::tensor:
      return scope.draft.numbers.settings.path.empty() ? void()
                                                       : text_control("numbers.tensor", scope);
  }
}

bool is_number(RoundoffControl control) {
  switch (control) {
    case RoundoffControl::value:
    case RoundoffControl::addend:
    case RoundoffControl::scale:
    case RoundoffControl::condition:
    case RoundoffControl::length:
    case RoundoffControl::start:
    case RoundoffControl::block:
      return true;
    default:
      return false;
  }
}

}  // namespace

void draw_numbers_main_control(const LabView& view, Experiment& draft, LabRequests& requests,
                               NumberTyping& typing) {
  ControlScope scope{view, draft, requests};
  if (draft.numbers.view == "bits") {
    ImGui::AlignTextToFramePadding();
    styled_text(text("control.numbers.input"), view.style.fonts.regular, 1.0f,
                view.style.palette.muted);
    ImGui::SameLine(0, unit(view.style));
    return number_input_field(scope, typing);
  }
  const RoundoffExperiment* experiment = find_roundoff_experiment(draft.numbers.view);
  if (!experiment) return;
  const auto number = std::ranges::find_if(experiment->controls, is_number);
  if (number != experiment->controls.end()) setting_control(*number, *experiment, scope);
}

void draw_numbers_controls(const LabView& view, Experiment& draft, LabRequests& requests,
                           BitsView& bits, NumberTyping& typing) {
  ControlScope scope{view, draft, requests};
  view_choice(scope);
  if (const RoundoffExperiment* experiment = find_roundoff_experiment(draft.numbers.view)) {
    heading(text("numbers.settings"), view.style);
    for (const RoundoffControl control : experiment->controls)
      setting_control(control, *experiment, scope);
    return;
  }
  if (draft.numbers.view == "bits") {
    heading(text("control.numbers.input"), view.style);
    number_field(scope, typing);
    step_buttons(scope, bits);
    format_choice(scope);
    rounding_choice(scope);
    overflow_choice(scope);
    return;
  }
  format_choice(scope);
}

}  // namespace nanscope
