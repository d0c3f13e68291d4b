#include "ui/labs/numbers/bits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/numbers/conversion.h"
#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/charts/gestures.h"
#include "ui/labs/numbers/data.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/text/text.h"
#include "ui/widgets/card.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr const char* kGrid = "number_bits";
constexpr const char* kLine = "number_line";
constexpr std::size_t kFewRows = 8;  // that have room for all of their words

/// The number that the text stands for, to the nearest double; NaN if it cannot be read.
double value_of(const std::string& input) {
  const auto number = encode_text(input, {});
  return number ? number->nearest : std::nan("");
}

/// A tooltip on the right of a row's bits, or above them where that has no room: it covers neither
/// them nor what they are worth.
void say_beside(const BitGridLayout& layout, std::size_t index, ImVec2 corner,
                const std::string& words) {
  const BitRowLayout& row = layout.rows[index];
  const ImVec2 cells{row.cells.front().low.y, row.cells.front().high.y};
  const float gap = ImGui::GetFontSize() / 2, mouse = ImGui::GetIO().MousePos.x;
  const float width = ImGui::CalcTextSize(words.c_str()).x + 2 * ImGui::GetStyle().WindowPadding.x;
  const float right = row.cells.back().high.x + gap;
  if (row.lines > 0 && right + width <= layout.size.x) {
    ImGui::SetNextWindowPos({corner.x + right, corner.y + (cells.x + cells.y) / 2},
                            ImGuiCond_Always, {0, 0.5f});
  } else {
    const float share = std::clamp((mouse - corner.x) / layout.size.x, 0.0f, 1.0f);
    ImGui::SetNextWindowPos({mouse, corner.y + cells.x - gap / 2}, ImGuiCond_Always, {share, 1});
  }
  tell_at_place(words);
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
  const NumberRow* row = bits->row(experiment.view.row);
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
                         ViewSpec& looked, ImVec2 size, const PlotMenu& menu) {
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
        looked.row = number.rows[i].format.name;
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
  if (under && !painting_ && ImGui::IsWindowHovered())
    say_beside(layout, under->row, corner, bit_words(number.rows[under->row], under->bit));
  if (!painting_ && ImGui::IsWindowHovered()) copy_by_click(number, layout, corner, view, requests);
  copy_from_row(number, layout, corner, requests, menu);
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy(layout.size);
}

/// Of a row's words a click copies the number: its value, or how far off it is.
void BitsView::copy_by_click(const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
                             const LabView& view, LabRequests& requests) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const auto at = number_at(number, layout, view.style, {mouse.x - corner.x, mouse.y - corner.y});
  if (!at) return;
  const std::vector<std::string> words = copied_words(number.rows[at->row]);
  const std::size_t which = at->which == RowNumber::value ? 0 : 2;
  if (which < words.size() &&
      clicked_to_copy({corner.x + at->low.x, corner.y + at->low.y},
                      {corner.x + at->high.x, corner.y + at->high.y}, view.style))
    requests.copy = words[which];
}

/// The numbers of the row under the pointer.
void BitsView::copy_from_row(const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
                             LabRequests& requests, const PlotMenu& menu) {
  const float y = ImGui::GetIO().MousePos.y - corner.y;
  const auto words = [&] {
    for (std::size_t i = 0; i < layout.rows.size(); ++i)
      if (y >= layout.rows[i].top && y < layout.rows[i].bottom) return copied_words(number.rows[i]);
    return std::vector<std::string>();
  };
  const std::string copied =
      menu_.draw("bits menu", words, ImGui::IsWindowHovered(), [&] { menu(kGrid); });
  if (!copied.empty()) requests.copy = copied;
}

void BitsView::draw_line(const LabView& view, LabRequests& requests, InteractiveCharts& charts,
                         const PlotMenu& menu) {
  const Style& style = view.style;
  const ZoomReach reach = number_line_reach(*number_);
  const PlotZoom zoom = charts.zoom(kLine);
  double closer = zoom.x ? -std::log2(zoom.x->span()) : 0;  // binades
  styled_text(text("plot.number_line"), style.fonts.semibold, 1.0f, style.palette.text);
  ImGui::SameLine(0, 2 * unit(style));
  styled_text(text("numbers.zoom"), style.fonts.regular, 0.875f, style.palette.muted);
  ImGui::SameLine(0, unit(style));
  const double widest = -std::log2(reach.furthest), deepest = -std::log2(reach.closest);
  if (slider("##zoom", {.low = widest, .high = deepest, .mark = 0.0},
             std::min(ImGui::GetFontSize() * 14, ImGui::GetContentRegionAvail().x), style, &closer))
    zoom_by(charts, std::exp2(closer) * (zoom.x ? zoom.x->span() : 1));
  item_tooltip(text("numbers.zoom_help"));
  ImGui::SameLine(0, unit(style));
  const std::string factor = number_text(std::exp2(closer)) + "x";
  if (ImGui::SmallButton(fmt::format("{}###zoom factor", factor).c_str()))
    charts.set_zoom(kLine, {});
  item_tooltip(text("numbers.zoom_reset_help"));
  const ChartEvents events =
      charts.draw(number_line(number_), style, ImGui::GetContentRegionAvail(),
                  {.says_zoom = false, .click_copies = true, .menu = [&] { menu(kLine); }});
  if (!events.copied.empty()) requests.copy = events.copied;
}

/// About the typed number where that is in sight, else about the middle.
void BitsView::zoom_by(InteractiveCharts& charts, double factor) const {
  constexpr Limits kHome{-0.5, 0.5};
  const Limits seen = charts.zoom(kLine).x.value_or(kHome);
  const double number = -seen.low / seen.span();
  charts.set_zoom(kLine, {.x = zoomed(seen, kHome, number >= 0 && number <= 1 ? number : 0.5,
                                      factor, number_line_reach(*number_))});
}

void BitsView::keys(const LabView& view, LabRequests& requests, InteractiveCharts& charts) {
  // Shortcuts own their keys while the plots have the focus: Page Up would move it otherwise.
  const auto pressed = [](ImGuiKeyChord key) {
    return ImGui::Shortcut(key, ImGuiInputFlags_Repeat);
  };
  for (const ImGuiKeyChord key :
       {+ImGuiKey_Equal, ImGuiMod_Shift | ImGuiKey_Equal, +ImGuiKey_KeypadAdd})
    if (pressed(key)) zoom_by(charts, kZoomNotch);
  for (const ImGuiKeyChord key : {+ImGuiKey_Minus, +ImGuiKey_KeypadSubtract})
    if (pressed(key)) zoom_by(charts, 1 / kZoomNotch);
  if (pressed(ImGuiKey_0)) charts.set_zoom(kLine, {});
  constexpr std::array<std::pair<ImGuiKeyChord, NumberStep>, 5> kSteps{
      {{ImGuiKey_PageUp, NumberStep::ulp_up},
       {ImGuiKey_PageDown, NumberStep::ulp_down},
       {ImGuiMod_Shift | ImGuiKey_PageUp, NumberStep::power_up},
       {ImGuiMod_Shift | ImGuiKey_PageDown, NumberStep::power_down},
       {ImGuiKey_N, NumberStep::negate}}};
  for (const auto& [key, wanted] : kSteps) {
    // A presenter's clicker sends Page Up and Page Down.
    const bool by_page = wanted == NumberStep::ulp_up || wanted == NumberStep::ulp_down;
    if ((view.hall && by_page) || !pressed(key)) continue;
    Experiment next = view.experiment;
    step(wanted, next);
    requests.edited = next;
  }
}

void BitsView::draw(const LabView& view, LabRequests& requests, ViewSpec& looked,
                    InteractiveCharts& charts, const PlotMenu& menu) {
  const NumberBits* bits = number(view.experiment);
  pointed_ = {};
  if (!bits) return;
  keys(view, requests, charts);
  const ImVec2 space = ImGui::GetContentRegionAvail();
  const float gap = unit(view.style);
  const bool line_alone = looked.plot == kLine, grid_alone = looked.plot == kGrid;
  const float most = bits->rows.size() > kFewRows ? 0.45f : 0.4f;
  float line = std::clamp(number_line_height(*bits, view.style) + ImGui::GetFrameHeight() + 3 * gap,
                          space.y * 0.2f, space.y * most);
  if (line_alone) line = space.y;
  if (!line_alone) {
    const float height = grid_alone ? space.y : space.y - line - gap;
    const Card card(kGrid, {space.x, height}, view.style, /*scrolls=*/true);
    if (card.hovered()) pointed_ = kGrid;
    draw_grid(*bits, view, requests, looked, ImGui::GetContentRegionAvail(), menu);
  }
  if (grid_alone) return;
  const Card card(kLine, {space.x, line}, view.style);
  if (card.hovered()) pointed_ = kLine;
  draw_line(view, requests, charts, menu);
}

}  // namespace nanscope
