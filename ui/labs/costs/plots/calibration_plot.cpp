#include "ui/labs/costs/plots/calibration_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/legend.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct CalibrationPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  ChartFrame frame;
};

Stroke type_stroke(const Style& style, std::size_t type) {
  constexpr std::array marks{Mark::circle, Mark::diamond, Mark::square, Mark::triangle};
  return {.color = style.palette.series[type % style.palette.series.size()],
          .mark = marks[type % marks.size()],
          .marked = true};
}

CalibrationPlace place_calibration(const Calibration& found, const Style& style,
                                   const PlotPlace& place) {
  CalibrationPlace placed;
  std::vector<double> sizes, rates;
  for (std::size_t type = 0; type < found.types.size(); ++type) {
    const TypeSpeed& one = found.types[type];
    LegendEntry entry{Sample::line, one.type, type_stroke(style, type)};
    entry.tail = format_text("costs.up_to", fmt::arg("rate", flop_rate_words(one.peak())));
    placed.legend.push_back(std::move(entry));
    for (const ProductSpeed& product : one.products) {
      sizes.push_back(static_cast<double>(product.size));
      rates.push_back(product.flop_per_second);
    }
  }
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  placed.frame = place_chart(
      style,
      scaled_axis(sizes,
                  {.log_base = 2, .most = area.columns, .zoom = place.zoom.x, .held = place.held.x},
                  style.fonts.regular),
      scaled_axis(rates,
                  {.log_base = 10, .most = area.rows, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

void draw_calibration(Canvas& canvas, const Calibration& found, const PlotPlace& place) {
  const Style& style = canvas.style();
  const CalibrationPlace placed = place_calibration(found, style, place);
  draw_title(canvas, text("plot.calibration"),
             format_text("costs.calibrated_note", fmt::arg("when", calibrated_words(found))),
             place.corner, place.size.x, text("costs.measured"));
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("costs.axis.size"), text("costs.axis.rate"));
  const FrameClip clip(canvas, placed.frame);
  for (std::size_t type = 0; type < found.types.size(); ++type) {
    std::vector<ImVec2> points;
    for (const ProductSpeed& one : found.types[type].products)
      points.push_back(placed.frame.at(static_cast<double>(one.size), one.flop_per_second));
    const Stroke stroke = type_stroke(style, type);
    draw_stroke(canvas, points, stroke);
    for (const ImVec2 point : points)
      draw_mark(canvas, stroke.mark, point, ink(stroke.color), 1.2f);
  }
}

/// Of the measured size that is nearest to the pointer all types; the one nearest to it is ringed.
std::optional<PlotReading> read_calibration(const Calibration& found, const Style& style,
                                            const PlotPlace& place, ImVec2 pointer) {
  const ChartFrame frame = place_calibration(found, style, place).frame;
  if (!frame.contains(pointer)) return std::nullopt;
  double nearest = 0;
  for (const TypeSpeed& type : found.types)
    for (const ProductSpeed& one : type.products) {
      const auto size = static_cast<double>(one.size);
      if (nearest == 0 ||
          std::abs(frame.x_at(size) - pointer.x) < std::abs(frame.x_at(nearest) - pointer.x))
        nearest = size;
    }
  PlotReading reading{pointer,
                      {format_text("costs.reading.product", fmt::arg("size", grouped(nearest)))}};
  reading.table.head = {"", text("costs.axis.rate"), text("costs.time")};
  float least = std::numeric_limits<float>::infinity();
  for (const TypeSpeed& type : found.types)
    for (const ProductSpeed& one : type.products) {
      if (static_cast<double>(one.size) != nearest) continue;
      reading.table.rows.push_back(
          {type.type, flop_rate_words(one.flop_per_second), seconds_text(one.seconds)});
      reading.values.push_back(
          {type.type, one.flop_per_second, std::log10(one.flop_per_second), flop_rate_words});
      const ImVec2 at = frame.at(nearest, one.flop_per_second);
      if (std::abs(at.y - pointer.y) < least) least = std::abs(at.y - pointer.y), reading.at = at;
    }
  reading.x = std::log2(nearest);
  return reading;
}

}  // namespace

Plot calibration_plot(std::shared_ptr<const Calibration> found) {
  return {
      .name = "calibration",
      .draw = [found](Canvas& canvas,
                      const PlotPlace& place) { draw_calibration(canvas, *found, place); },
      .frame =
          [found](const Style& style, const PlotPlace& place) {
            return place_calibration(*found, style, place).frame;
          },
      .read = [found](const Style& style, const PlotPlace& place,
                      ImVec2 pointer) { return read_calibration(*found, style, place, pointer); }};
}

}  // namespace nanscope
