#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "ui/canvas/shapes.h"
#include "ui/labs/costs/plots/bar_parts.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr double kWide = 0.84;  // of a column's place

struct ColumnsPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  ChartFrame frame;
};

/// A column whose name has no number has it in place of one: the head, the loss.
void name_ticks(const StackedBars& bars, int first, Ticks& ticks) {
  for (std::size_t i = 0; i < ticks.at.size(); ++i) {
    const double at = ticks.at[i] - first;
    if (at < 0 || at != std::floor(at) || at >= static_cast<double>(bars.bars.size())) continue;
    const std::string& name = bars.bars[static_cast<std::size_t>(at)].name;
    if (!name.empty() && (name.back() < '0' || name.back() > '9')) ticks.labels[i] = name;
  }
}

ColumnsPlace place_columns(const StackedBars& bars, int first, const Style& style,
                           const PlotPlace& place) {
  ColumnsPlace placed;
  placed.legend = bars_legend(bars, style);
  placed.title = title_height(style) + px(style.spacing * 0.25f);
  const float head = placed.title + legend_height(style, placed.legend, place.size.x);
  const ImVec2 area{place.size.x, std::max(place.size.y - head, units(style, 48))};
  const double left = first - 0.5, right = left + static_cast<double>(bars.bars.size());
  ScaledAxis x = scaled_axis(std::array{left, right},
                             {.most = std::max(3.0f, area.x / (body(style) * 4)),
                              .zoom = place.zoom.x,
                              .held = place.held.x,
                              .whole = true},
                             style.fonts.regular);
  // A column's number is its middle: the ends are where the columns end.
  if (!place.zoom.x && !place.held.x) x.limits = x.home = {left, right};
  const double largest = std::max(largest_total(bars), bars.unit * 1e-9) / bars.unit;
  placed.frame = place_chart(style, x,
                             scaled_axis(std::array{0.0, largest},
                                         {.most = std::max(2.0f, area.y / (body(style) * 2.2f)),
                                          .zoom = place.zoom.y,
                                          .held = place.held.y},
                                         style.fonts.regular),
                             {place.corner.x, place.corner.y + head}, area);
  if (bars.across.empty()) name_ticks(bars, first, placed.frame.x.ticks);
  return placed;
}

void draw_column(Canvas& canvas, const StackedBars& bars, const ColumnsPlace& placed, double middle,
                 const Bar& bar) {
  // Where a gap would be all there is, columns touch.
  const float step = placed.frame.x_at(1) - placed.frame.x_at(0);
  const double wide = step < units(canvas.style(), 8) ? 1 : kWide;
  const float left = std::round(placed.frame.x_at(middle - wide / 2));
  const float right = std::max(std::round(placed.frame.x_at(middle + wide / 2)), left + 1);
  double sum = 0;
  for (std::size_t part = 0; part < bars.parts.size(); ++part) {
    if (bar.values[part] <= 0) continue;
    const float bottom = placed.frame.y_at(sum / bars.unit);
    sum += bar.values[part];
    draw_bar_part(canvas, bars.parts[part], {left, placed.frame.y_at(sum / bars.unit)},
                  {right, bottom}, wide < 1);
  }
}

/// The highest and the lowest top of the columns from one x to another, in pixels.
std::pair<float, float> tops_between(const StackedBars& bars, const ColumnsPlace& placed, int first,
                                     float left, float right) {
  float highest = placed.frame.high.y, lowest = placed.frame.low.y;
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    const double middle = first + static_cast<double>(i);
    if (placed.frame.x_at(middle + 0.5) < left || placed.frame.x_at(middle - 0.5) > right) continue;
    const float top = placed.frame.y_at(bars.bars[i].total() / bars.unit);
    highest = std::min(highest, top);
    lowest = std::max(lowest, top);
  }
  return {highest, lowest};
}

/// Where words of this size cover neither the columns' tops nor the limit: above them, or below.
std::optional<ImVec2> place_of_peak(const StackedBars& bars, const ColumnsPlace& placed, int first,
                                    ImVec2 top, ImVec2 size, float gap) {
  const ImVec2 low = placed.frame.low, high = placed.frame.high;
  if (size.x > high.x - low.x) return std::nullopt;
  const float x = std::clamp(top.x - size.x / 2, low.x, high.x - size.x);
  const auto [highest, lowest] = tops_between(bars, placed, first, x, x + size.x);
  const float above = highest - gap - size.y, below = lowest + gap;
  const float limit = bars.limit ? placed.frame.y_at(bars.limit->value / bars.unit) : low.y - gap;
  const bool on_limit = above < limit + gap / 2 && limit - gap / 2 < above + size.y;
  if (above >= low.y && !on_limit) return ImVec2{x, above};
  if (below + size.y <= high.y) return ImVec2{x, below};
  return std::nullopt;
}

/// A mark on the column that is pointed out, and what it is.
void draw_peak(Canvas& canvas, const StackedBars& bars, const ColumnsPlace& placed, int first) {
  if (!bars.peak || *bars.peak >= bars.bars.size()) return;
  const Style& style = canvas.style();
  const ImVec2 top = placed.frame.at(first + static_cast<double>(*bars.peak),
                                     bars.bars[*bars.peak].total() / bars.unit);
  if (!placed.frame.contains(top)) return;
  draw_mark(canvas, Mark::circle, top, ink(style.palette.text), 1.3f);
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.text};
  const ImVec2 size = plate_size(style, plate, bars.peak_words);
  if (const auto at = place_of_peak(bars, placed, first, top, size, units(style, 8)))
    draw_plate(canvas, plate, *at, bars.peak_words, placed.frame.low, placed.frame.high);
}

void draw_columns(Canvas& canvas, const StackedBars& bars, int first, const PlotPlace& place) {
  const Style& style = canvas.style();
  const ColumnsPlace placed = place_columns(bars, first, style, place);
  draw_title(canvas, bars.title, bars.note, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame,
                   bars.across.empty() ? std::string(text("plot.axis.layer")) : bars.across,
                   bars.axis);
  if (bars.limit)
    draw_beside_y_name(canvas, placed.frame, bars.axis, bars.limit->words, bars.limit->words, true);
  const FrameClip clip(canvas, placed.frame);
  for (std::size_t i = 0; i < bars.bars.size(); ++i)
    draw_column(canvas, bars, placed, first + static_cast<double>(i), bars.bars[i]);
  if (bars.limit) {
    const float y = placed.frame.y_at(bars.limit->value / bars.unit);
    canvas.line({placed.frame.low.x, y}, {placed.frame.high.x, y}, ink(style.palette.limit),
                units(style, 2));
  }
  draw_peak(canvas, bars, placed, first);
  std::vector<ImVec2> before;
  for (std::size_t i = 0; i < bars.before.size(); ++i)
    for (const double edge : {-0.5, 0.5})
      before.push_back(
          placed.frame.at(first + static_cast<double>(i) + edge, bars.before[i] / bars.unit));
  canvas.dashes(before, ink(style.palette.predicted), units(style, 2), {5, 3});
}

std::optional<PlotReading> read_columns(const StackedBars& bars, int first, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const ColumnsPlace placed = place_columns(bars, first, style, place);
  if (!placed.frame.contains(pointer) || bars.bars.empty()) return std::nullopt;
  const double at = placed.frame.x_unit(pointer.x) - first;
  const auto index = static_cast<std::size_t>(
      std::clamp(std::lround(at), 0L, static_cast<long>(bars.bars.size()) - 1));
  const ImVec2 top =
      placed.frame.at(first + static_cast<double>(index), bars.bars[index].total() / bars.unit);
  PlotReading reading = bar_reading(bars, index, top);
  reading.values.front().place = bars.bars[index].total() / bars.unit;
  reading.x = first + static_cast<double>(index);
  return reading;
}

}  // namespace

Plot bar_columns(std::shared_ptr<const StackedBars> bars, int first) {
  const std::string name = bars->plot;
  return {
      .name = name,
      .draw = [bars, first](Canvas& canvas,
                            const PlotPlace& place) { draw_columns(canvas, *bars, first, place); },
      .frame =
          [bars, first](const Style& style, const PlotPlace& place) {
            return place_columns(*bars, first, style, place).frame;
          },
      .read = [bars, first](
                  const Style& style, const PlotPlace& place,
                  ImVec2 pointer) { return read_columns(*bars, first, style, place, pointer); },
      .cells = true};
}

}  // namespace nanscope
