#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/labs/costs/plots/bar_parts.h"
#include "ui/labs/costs/plots/peak_tags.h"
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
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const auto count = static_cast<double>(std::max<std::size_t>(bars.bars.size(), 1));
  const double left = first - 0.5, right = left + count;
  ScaledAxis x =
      scaled_axis(std::array{left, right},
                  {.most = area.columns, .zoom = place.zoom.x, .held = place.held.x, .whole = true},
                  style.fonts.regular);
  // A column's number is its middle: the ends are where the columns end.
  if (!place.zoom.x && !place.held.x) x.limits = x.home = {left, right};
  const double largest = std::max(largest_total(bars), bars.unit * 1e-9) / bars.unit;
  placed.frame =
      place_chart(style, x,
                  scaled_axis(std::array{0.0, largest},
                              {.most = area.rows, .zoom = place.zoom.y, .held = place.held.y},
                              style.fonts.regular),
                  area.corner, area.size);
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

/// The totals in steps from column to column, as pixels.
std::vector<ImVec2> steps_through(const std::vector<double>& totals, const StackedBars& bars,
                                  const ColumnsPlace& placed, int first) {
  std::vector<ImVec2> steps;
  for (std::size_t i = 0; i < totals.size(); ++i)
    for (const double edge : {-0.5, 0.5})
      steps.push_back(
          placed.frame.at(first + static_cast<double>(i) + edge, totals[i] / bars.unit));
  return steps;
}

void draw_columns(Canvas& canvas, const StackedBars& bars, int first, const PlotPlace& place) {
  const Style& style = canvas.style();
  const ColumnsPlace placed = place_columns(bars, first, style, place);
  draw_title(canvas, bars.title, bars.note, place.corner, place.size.x);
  if (bars.bars.empty()) return draw_empty_plot(canvas, bars.empty_words, place);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame,
                   bars.across.empty() ? std::string(text("plot.axis.layer")) : bars.across,
                   bars.axis);
  if (bars.limit)
    draw_beside_y_name(canvas, placed.frame, bars.axis, bars.limit->words, bars.limit->words, true);
  const FrameClip clip(canvas, placed.frame);
  if (bars.chosen) {
    const double middle = first + static_cast<double>(*bars.chosen);
    canvas.fill({placed.frame.x_at(middle - 0.5), placed.frame.low.y},
                {placed.frame.x_at(middle + 0.5), placed.frame.high.y},
                ink(style.palette.accent, 0.16f));
  }
  for (std::size_t i = 0; i < bars.bars.size(); ++i)
    draw_column(canvas, bars, placed, first + static_cast<double>(i), bars.bars[i]);
  if (bars.limit) {
    const float y = placed.frame.y_at(bars.limit->value / bars.unit);
    canvas.line({placed.frame.low.x, y}, {placed.frame.high.x, y}, ink(style.palette.limit),
                units(style, 2));
  }
  canvas.dashes(steps_through(bars.before, bars, placed, first), ink(style.palette.predicted),
                units(style, 2), {5, 3});
  canvas.polyline(steps_through(bars.measured, bars, placed, first), ink(style.palette.measured),
                  units(style, 2));
  draw_peaks(canvas, bars, placed.frame, first);
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
