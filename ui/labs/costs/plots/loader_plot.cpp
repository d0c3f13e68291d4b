#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/legend.h"
#include "ui/labs/costs/plots/data_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct LoaderPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  double unit = 1;  ///< of the y axis
  std::string y_name;
  ChartFrame frame;
};

/// How many threads there are lines of.
std::vector<int> thread_counts(const MovingData& data) {
  std::vector<int> counts;
  for (const LoaderSpeed& one : data.loader)
    if (std::ranges::find(counts, one.threads) == counts.end()) counts.push_back(one.threads);
  return counts;
}

Stroke stroke_of_threads(const Style& style, std::size_t index) {
  constexpr std::array kMarks{Mark::circle, Mark::square, Mark::diamond, Mark::triangle};
  return {.color = style.palette.series[index % style.palette.series.size()],
          .mark = kMarks[index % kMarks.size()],
          .marked = true};
}

LoaderPlace place_loader(const MovingData& data, const Style& style, const PlotPlace& place) {
  LoaderPlace placed;
  const std::vector<int> counts = thread_counts(data);
  for (std::size_t i = 0; i < counts.size(); ++i)
    placed.legend.push_back(
        {Sample::line, count_text("costs.data.threads", counts[i]), stroke_of_threads(style, i)});
  std::vector<double> batches, speeds{0};
  for (const LoaderSpeed& one : data.loader) {
    batches.push_back(static_cast<double>(one.batch));
    speeds.push_back(one.bytes_per_second);
  }
  const auto [unit, name] = decimal_unit(std::ranges::max(speeds));
  placed.unit = unit;
  placed.y_name = format_text("costs.data.axis.speed", fmt::arg("unit", name));
  for (double& speed : speeds) speed /= unit;
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  placed.frame = place_chart(
      style,
      scaled_axis(batches,
                  {.log_base = 2, .most = area.columns, .zoom = place.zoom.x, .held = place.held.x},
                  style.fonts.regular),
      scaled_axis(speeds, {.most = area.rows, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

void draw_loader(Canvas& canvas, const MovingData& data, const PlotPlace& place) {
  const Style& style = canvas.style();
  const LoaderPlace placed = place_loader(data, style, place);
  draw_title(canvas, text("plot.data_loader"), text("costs.data.measured"), place.corner,
             place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("costs.data.axis.batch"), placed.y_name);
  const FrameClip clip(canvas, placed.frame);
  const std::vector<int> counts = thread_counts(data);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::vector<ImVec2> line;
    for (const LoaderSpeed& one : data.loader)
      if (one.threads == counts[i])
        line.push_back(
            placed.frame.at(static_cast<double>(one.batch), one.bytes_per_second / placed.unit));
    const Stroke stroke = stroke_of_threads(style, i);
    draw_stroke(canvas, line, stroke);
    for (const ImVec2& point : line) draw_mark(canvas, stroke.mark, point, ink(stroke.color));
  }
}

/// What was measured nearest to the pointer.
std::optional<PlotReading> read_loader(const MovingData& data, const Style& style,
                                       const PlotPlace& place, ImVec2 pointer) {
  const LoaderPlace placed = place_loader(data, style, place);
  if (!placed.frame.contains(pointer) || data.loader.empty()) return std::nullopt;
  const auto at = [&](const LoaderSpeed& one) {
    return placed.frame.at(static_cast<double>(one.batch), one.bytes_per_second / placed.unit);
  };
  const LoaderSpeed& one = *std::ranges::min_element(data.loader, {}, [&](const LoaderSpeed& each) {
    const ImVec2 place_of = at(each);
    return std::hypot(place_of.x - pointer.x, place_of.y - pointer.y);
  });
  PlotReading reading{
      at(one),
      {format_text("costs.data.reading", fmt::arg("batch", grouped(double(one.batch))),
                   fmt::arg("threads", count_text("costs.data.threads", one.threads))),
       format_text("costs.data.speed", fmt::arg("bytes", decimal_bytes(one.bytes_per_second)),
                   fmt::arg("batches", number_text(one.batches_per_second)))}};
  reading.values.push_back(
      {placed.y_name, one.bytes_per_second, one.bytes_per_second / placed.unit});
  return reading;
}

}  // namespace

Plot loader_plot(std::shared_ptr<const MovingData> data) {
  return {
      .name = "data_loader",
      .draw = [data](Canvas& canvas, const PlotPlace& place) { draw_loader(canvas, *data, place); },
      .frame = [data](const Style& style,
                      const PlotPlace& place) { return place_loader(*data, style, place).frame; },
      .read = [data](const Style& style, const PlotPlace& place,
                     ImVec2 pointer) { return read_loader(*data, style, place, pointer); }};
}

}  // namespace nanscope
