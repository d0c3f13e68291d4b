#include "ui/labs/experiment_controls.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "imgui.h"
#include "ui/canvas/ink.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr float kLabelSize = 0.9375f;  // of the body

std::string label_of(std::string_view key) { return text(fmt::format("control.{}", key)); }

double number_of(const Experiment& experiment, std::string_view key) {
  const std::string shown = key_text(experiment, key);
  double value = 0;
  std::from_chars(shown.data(), shown.data() + shown.size(), value);
  return value;
}

/// Of a field that has a line with its name: as wide as the number in it.
float field_width(const std::string& number, const Style& style) {
  const ScopedFont font(style, style.fonts.mono, 1);
  const float padding = 2 * ImGui::GetStyle().FramePadding.x;
  const float wanted = std::ceil(ImGui::CalcTextSize(number.c_str()).x + padding);
  return std::clamp(wanted, control_field_width(),
                    3 * control_field_width());  // sqrt(2/256) has 19 characters
}

/// "1e-6" rather than "1e-06".
std::string short_number(double value) {
  std::string words = fmt::format("{:g}", value);
  for (const char* sign : {"e-0", "e+0"})
    if (const auto at = words.find(sign); at != std::string::npos) words.erase(at + 2, 1);
  if (const auto plus = words.find("e+"); plus != std::string::npos) words.erase(plus + 1, 1);
  return words;
}

bool changed(std::string_view key, const ControlScope& scope) {
  return key_text(scope.draft, key) != key_text(scope.view.reset_to, key);
}

void reset(std::string_view key, ControlScope& scope) {
  set_key(key, key_text(scope.view.reset_to, key), scope);
}

/// What differs from the demo is marked with this.
void draw_dot(ImVec2 at, const Style& style) {
  ImGui::GetWindowDrawList()->AddCircleFilled(at, std::round(unit(style) * 0.35f),
                                              ImGui::GetColorU32(style.palette.accent));
}

/// The label, and beside it a dot that resets the key when it differs from the demo's value.
void row_label(std::string_view key, ImVec2 size, ControlScope& scope) {
  if (control_label(label_of(key), changed(key, scope), size, scope.view.style)) reset(key, scope);
  key_tooltip(key, scope.view);
  key_menu("label menu", key, scope);
}

/// What was refused of the key, or null.
const RefusedInput* refusal_of(std::string_view key, const ControlScope& scope) {
  const RefusedInput* refused = scope.view.refused;
  return refused && refused->key == key ? refused : nullptr;
}

}  // namespace

float control_label_width() { return std::round(ImGui::GetFontSize() * 4.25f); }
float control_field_width() { return std::round(ImGui::GetFontSize() * 4.25f); }

bool control_label(const std::string& words, bool differs, ImVec2 size, const Style& style) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::PushFont(nullptr, style.font_size * kLabelSize);
  ImDrawList* canvas = ImGui::GetWindowDrawList();
  canvas->AddText({corner.x, corner.y + std::round((size.y - ImGui::GetFontSize()) / 2)},
                  ImGui::GetColorU32(differs ? style.palette.text : style.palette.muted),
                  words.c_str());
  if (differs) {
    const float x = corner.x + ImGui::CalcTextSize(words.c_str()).x + unit(style);
    draw_dot({x, corner.y + size.y / 2}, style);
  }
  ImGui::PopFont();
  return ImGui::InvisibleButton("label", size) && differs;
}

void set_key(std::string_view key, std::string_view value, ControlScope& scope) {
  Result<Experiment> next = with_key(scope.draft, key, value);
  if (!next) {
    scope.requests.refused = next.error();
    return;
  }
  if (const std::vector<Error> problems = validate(*next); !problems.empty()) {
    scope.requests.refused = problems.front();
    return;
  }
  scope.draft = *next;
  if (refusal_of(key, scope)) scope.requests.refusal_ends = true;
}

void key_menu(const char* id, std::string_view key, ControlScope& scope) {
  const ContextMenu menu(id);
  if (!menu) return;
  const std::string value = key_text(scope.draft, key);
  const std::string pair = fmt::format("{}={}", key, value);
  if (menu.copy(value)) scope.requests.copy = value;
  if (menu.copy(pair)) scope.requests.copy = pair;
  menu.line();
  const std::string back =
      fmt::format("{} ({})###reset", text("control.reset"), key_text(scope.view.reset_to, key));
  if (ImGui::MenuItem(back.c_str(), nullptr, false, changed(key, scope))) reset(key, scope);
}

void key_field(const char* id, std::string_view key, float width, ControlScope& scope) {
  const RefusedInput* refused = refusal_of(key, scope);
  const std::string shown = refused ? refused->typed : key_text(scope.draft, key);
  const auto typed = text_field(id, shown, width, refused != nullptr, scope.view.style);
  if (refused && ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape, false))
    scope.requests.refusal_ends = true;
  if (!typed) return;
  set_key(key, *typed, scope);
  if (const auto& error = scope.requests.refused)
    scope.requests.refused_input = {std::string(key), *typed, message_text(error->what)};
}

void key_refusal(std::string_view key, const ControlScope& scope) {
  const Style& style = scope.view.style;
  if (const RefusedInput* refused = refusal_of(key, scope))
    wrapped_text(refused->reason, style.fonts.regular, 0.875f, style.palette.bad);
}

void key_tooltip(std::string_view key, const LabView& view) {
  if (!begin_item_help()) return;
  const Style& style = view.style;
  ImGui::PushStyleVarY(ImGuiStyleVar_ItemSpacing, 0);
  ImGui::BeginGroup();
  styled_text(label_of(key), style.fonts.semibold, kHelpSize, style.palette.text);
  styled_text(key, style.fonts.mono, kHelpSize, style.palette.muted);
  ImGui::EndGroup();
  ImGui::SameLine(0, 3 * unit(style));
  std::string words = text(fmt::format("help.{}", key));
  if (const KeyRange* range = key_range(key))
    words += " " + format_text("control.range", fmt::arg("low", short_number(range->low)),
                               fmt::arg("high", short_number(range->high)));
  text_with_formulas(words, style, style.palette.text, kHelpSize);
  ImGui::PopStyleVar();
  end_item_help();
}

void number_control(const NumberControl& control, ControlScope& scope) {
  const std::string_view key = control.key;
  const Style& style = scope.view.style;
  const KeyRange range = key_range(key) ? *key_range(key) : KeyRange{0, 1, false};
  SliderSpec spec{.low = range.low,
                  .high = range.high,
                  .logarithmic = control.logarithmic,
                  .integer = range.integer,
                  .mark = number_of(scope.view.reset_to, key),
                  .decades = control.wide,
                  .landmark = control.landmark};
  if (control.high > control.low) {
    spec.low = std::max(spec.low, control.low);
    spec.high = std::min(spec.high, control.high);
  }
  ImGui::PushID(key.data(), key.data() + key.size());
  const float full = ImGui::GetContentRegionAvail().x;
  const float gap = unit(style);
  const float typed_width = control.wide || scope.view.hall
                                ? field_width(key_text(scope.draft, key), style)
                                : control_field_width();
  row_label(
      key,
      {control.wide ? full - typed_width - gap : control_label_width(), ImGui::GetFrameHeight()},
      scope);

  const auto field = [&] {
    key_field("##value", key, typed_width, scope);
    // Who has typed a number goes on from it as on its slider.
    if (const double steps = arrow_steps(); steps != 0)
      set_key(key, fmt::format("{}", stepped(number_of(scope.draft, key), steps, spec)), scope);
    key_tooltip(key, scope.view);
    key_menu("field menu", key, scope);
  };
  const auto track = [&](float width) {
    double value = number_of(scope.draft, key);
    if (slider("##slider", spec, width, style, &value))
      set_key(key, fmt::format("{}", value), scope);
    key_tooltip(key, scope.view);
    key_menu("menu", key, scope);
  };
  ImGui::SameLine(0, gap);
  if (control.wide) {
    field();
    track(full);
  } else {
    track(full - control_label_width() - typed_width - 2 * gap);
    ImGui::SameLine(0, gap);
    field();
  }
  key_refusal(key, scope);
  ImGui::PopID();
}

void choice_control(std::string_view key, std::span<const std::string_view> names, bool labelled,
                    ControlScope& scope) {
  const Style& style = scope.view.style;
  ImGui::PushID(key.data(), key.data() + key.size());
  float width = ImGui::GetContentRegionAvail().x;
  if (labelled) {
    row_label(key, {control_label_width(), choice_height(style)}, scope);
    ImGui::SameLine(0, unit(style));
    width -= control_label_width() + unit(style);
  }
  const std::string current = key_text(scope.draft, key);
  std::vector<std::string> labels;
  const std::string back = key_text(scope.view.reset_to, key);
  int selected = -1, marked = -1;
  for (const std::string_view name : names) {
    if (name == current) selected = static_cast<int>(labels.size());
    if (name == back) marked = static_cast<int>(labels.size());
    // The name is what the JSON and the command line call it; blanks only make it readable.
    std::string label(name);
    std::ranges::replace(label, '_', ' ');
    labels.push_back(fmt::format("{}###{}", label, name));
  }
  if (const auto clicked = choice_grid("##choice", labels, selected, width, style, marked))
    set_key(key, names[static_cast<std::size_t>(*clicked)], scope);
  key_tooltip(key, scope.view);
  key_menu("menu", key, scope);
  ImGui::PopID();
}

void toggle_control(std::string_view key, ControlScope& scope) {
  ImGui::PushID(key.data(), key.data() + key.size());
  const bool on = key_text(scope.draft, key) == "true";
  if (toggle(fmt::format("{}###toggle", label_of(key)).c_str(), on, scope.view.style))
    set_key(key, on ? "false" : "true", scope);
  if (changed(key, scope)) {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    draw_dot({high.x + unit(scope.view.style) * 0.75f, (low.y + high.y) / 2}, scope.view.style);
  }
  key_tooltip(key, scope.view);
  key_menu("menu", key, scope);
  ImGui::PopID();
}

}  // namespace nanscope
