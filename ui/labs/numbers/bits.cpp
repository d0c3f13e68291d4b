#include "ui/labs/numbers/bits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/numbers/conversion.h"
#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/text/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr double kZoomStep = 0.5;    // binades a notch of the wheel or a key
constexpr std::size_t kFewRows = 8;  // that have room for all of their words

/// The number that the text stands for, to the nearest double; NaN if it cannot be read.
double value_of(const std::string& input) {
  const auto number = encode_text(input, {});
  return number ? number->nearest : std::nan("");
}

/// The text with the other sign, as it is written where that is right.
std::string negated(const std::string& input) {
  const double wanted = -value_of(input);
  const std::string candidates[] = {input.starts_with('-') ? input.substr(1) : "-" + input,
                                    "-(" + input + ")"};
  for (const std::string& candidate : candidates)
    if (const double value = value_of(candidate);
        value == wanted && std::signbit(value) == std::signbit(wanted))
      return candidate;
  return number_input(wanted);
}

}  // namespace

const NumberBits* BitsView::number(const Experiment& experiment) {
  const auto same_pin = [&] {
    return encoded_pin_.has_value() == pinned_.has_value() &&
           (!pinned_ ||
            (encoded_pin_->format == pinned_->format && encoded_pin_->code == pinned_->code));
  };
  if (encoded_ != experiment || !same_pin()) {
    encoded_ = experiment;
    encoded_pin_ = pinned_;
    number_.reset();
    if (auto number = number_bits(experiment, pinned_))
      number_ = std::make_shared<const NumberBits>(*std::move(number));
  }
  return number_.get();
}

const NumberRow* BitsView::chosen_row(const Experiment& experiment) {
  const NumberBits* bits = number(experiment);
  if (!bits || bits->rows.empty()) return nullptr;
  const NumberRow* row = bits->row(chosen_);
  return row ? row : &bits->rows.front();
}

void BitsView::step(NumberStep step, Experiment& draft) {
  const NumberRow* row = chosen_row(draft);
  if (!row) return;
  const double value = row->encoding.value;
  const auto set_code = [&](std::optional<std::uint64_t> code) {
    if (code) draft.numbers.input = number_input(decode(row->format, *code));
  };
  switch (step) {
    case NumberStep::ulp_up:
      return set_code(next_up(row->format, row->encoding.code));
    case NumberStep::ulp_down:
      return set_code(next_down(row->format, row->encoding.code));
    case NumberStep::negate:
      draft.numbers.input = negated(draft.numbers.input);
      return;
    case NumberStep::power_up:
    case NumberStep::power_down:
      if (value == 0 || !std::isfinite(value)) return;
      draft.numbers.input = number_input(next_power_of_two(value, step == NumberStep::power_up));
  }
}

void BitsView::paint(const NumberBits& number, std::size_t row, int bit, const LabView& view,
                     LabRequests& requests) {
  const NumberRow& painted = number.rows[row];
  const std::uint64_t mask = std::uint64_t{1} << bit;
  const std::uint64_t code =
      *painting_ ? painted.encoding.code | mask : painted.encoding.code & ~mask;
  if (code == painted.encoding.code) return;
  pinned_ = PinnedCode{painted.format.name, code};
  Experiment next = view.experiment;
  next.numbers.input = number_input(decode(painted.format, code));
  requests.edited = next;
}

void BitsView::draw_grid(const NumberBits& number, const LabView& view, LabRequests& requests,
                         ImVec2 size) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const BitGridLayout layout = layout_bits(number, view.style, size);
  std::optional<BitCursor> cursor;
  for (std::size_t i = 0; i < layout.rows.size(); ++i) {
    ImGui::PushID(number.rows[i].format.name.c_str());
    for (const BitCell& cell : layout.rows[i].cells) {
      ImGui::SetCursorScreenPos({corner.x + cell.low.x, corner.y + cell.low.y});
      ImGui::InvisibleButton(fmt::format("bit {}", cell.bit).c_str(),
                             {cell.high.x - cell.low.x, cell.high.y - cell.low.y},
                             ImGuiButtonFlags_EnableNav);
      const bool has_keyboard = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
      if (ImGui::IsItemHovered() || has_keyboard) {
        cursor = BitCursor{i, cell.bit};
        chosen_ = number.rows[i].format.name;
      }
      if (ImGui::IsItemActivated()) {
        painting_ = (number.rows[i].encoding.code >> cell.bit & 1u) == 0;
        painted_row_ = i;
        paint(number, i, cell.bit, view, requests);
      }
    }
    ImGui::PopID();
  }
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Left)) painting_.reset();
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto under = bit_at(layout, {mouse.x - corner.x, mouse.y - corner.y});
  if (painting_ && under && under->row == painted_row_ && ImGui::IsMouseDragging(0, 1))
    paint(number, under->row, under->bit, view, requests);

  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), view.style);
  draw_bits(canvas, number, layout, corner, cursor);
  if (cursor && !painting_ && ImGui::IsWindowHovered())
    ImGui::SetTooltip("%s", bit_words(number.rows[cursor->row], cursor->bit).c_str());
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy(layout.size);
}

void BitsView::draw_line(const NumberBits& number, const LabView& view) {
  const Style& style = view.style;
  const NumberLineRange range = number_line_range(number);
  const double deepest = std::max(1.0, std::log2(range.natural / range.narrowest));
  const double widest = std::min(-1.0, std::log2(range.natural / range.widest));
  styled_text(text("plot.number_line"), style.fonts.semibold, 1.0f, style.palette.text);
  ImGui::SameLine(0, 2 * unit(style));
  styled_text(text("numbers.zoom"), style.fonts.regular, 0.875f, style.palette.muted);
  ImGui::SameLine(0, unit(style));
  slider("##zoom", {.low = widest, .high = deepest, .mark = 0.0},
         std::min(ImGui::GetFontSize() * 14, ImGui::GetContentRegionAvail().x), style, &zoom_);
  item_tooltip(text("numbers.zoom_help"));
  ImGui::SameLine(0, unit(style));
  const std::string factor = number_text(std::exp2(zoom_)) + "x";
  if (ImGui::SmallButton(fmt::format("{}###zoom factor", factor).c_str())) zoom_ = 0;
  item_tooltip(text("numbers.zoom_reset_help"));
  if (ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) {
    zoom_ += static_cast<double>(ImGui::GetIO().MouseWheel) * kZoomStep;
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) zoom_ = 0;
  }
  zoom_ = std::clamp(zoom_, widest, deepest);
  const double half = std::exp2(-zoom_) / 2;
  const PlotPlace place{
      ImGui::GetCursorScreenPos(), ImGui::GetContentRegionAvail(), {.x = Limits{-half, half}}};
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  const Plot plot = number_line(number_);
  plot.draw(canvas, place);
  if (!ImGui::IsWindowHovered()) return;
  if (const auto reading = plot.read(style, place, ImGui::GetIO().MousePos))
    show_reading(*reading, style);
}

void BitsView::keys(const LabView& view, LabRequests& requests) {
  // Shortcuts own their keys while the plots have the focus: Page Up would move it otherwise.
  const auto pressed = [](ImGuiKeyChord key) {
    return ImGui::Shortcut(key, ImGuiInputFlags_Repeat);
  };
  for (const ImGuiKeyChord key :
       {+ImGuiKey_Equal, ImGuiMod_Shift | ImGuiKey_Equal, +ImGuiKey_KeypadAdd})
    if (pressed(key)) zoom_ += kZoomStep;
  for (const ImGuiKeyChord key : {+ImGuiKey_Minus, +ImGuiKey_KeypadSubtract})
    if (pressed(key)) zoom_ -= kZoomStep;
  if (pressed(ImGuiKey_0)) zoom_ = 0;
  constexpr std::array<std::pair<ImGuiKeyChord, NumberStep>, 5> kSteps{
      {{ImGuiKey_PageUp, NumberStep::ulp_up},
       {ImGuiKey_PageDown, NumberStep::ulp_down},
       {ImGuiMod_Shift | ImGuiKey_PageUp, NumberStep::power_up},
       {ImGuiMod_Shift | ImGuiKey_PageDown, NumberStep::power_down},
       {ImGuiKey_N, NumberStep::negate}}};
  for (const auto& [key, wanted] : kSteps) {
    if (!pressed(key)) continue;
    Experiment next = view.experiment;
    step(wanted, next);
    requests.edited = next;
  }
}

void BitsView::draw(const LabView& view, LabRequests& requests, std::string_view alone) {
  const NumberBits* bits = number(view.experiment);
  pointed_ = {};
  if (!bits) return;
  keys(view, requests);
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float gap = unit(view.style);
  const float most = bits->rows.size() > kFewRows ? 0.45f : 0.4f;
  float line = std::clamp(number_line_height(*bits, view.style) + ImGui::GetFrameHeight() + 3 * gap,
                          space.y * 0.2f, space.y * most);
  if (alone == "number_line") line = space.y;
  if (alone != "number_line") {
    const float height = alone.empty() ? space.y - line - gap : space.y;
    const Card card("number_bits", {space.x, height}, view.style, /*scrolls=*/true);
    if (card.hovered()) pointed_ = "number_bits";
    draw_grid(*bits, view, requests, ImGui::GetContentRegionAvail());
  }
  if (alone == "number_bits") return;
  const Card card("number_line", {space.x, line}, view.style);
  if (card.hovered()) pointed_ = "number_line";
  draw_line(*bits, view);
}

}  // namespace nanscope
