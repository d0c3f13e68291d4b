#include "ui/labs/costs/plots/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/labels.h"
#include "ui/charts/legend.h"
#include "ui/labs/costs/measured.h"
#include "ui/labs/costs/measured_words.h"
#include "ui/labs/costs/plots/measured_bars.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::array kMarks{Mark::circle, Mark::diamond, Mark::triangle, Mark::square, Mark::cross};

struct RooflinePlace {
  std::vector<RoofLine> lines;
  std::vector<RooflineMark> marks;
  std::vector<LegendEntry> legend;
  float title = 0;
  ChartFrame frame;
};

double bytes_moved(const Cost& cost) {
  return static_cast<double>(cost.bytes_read + cost.bytes_written);
}

Stroke roof_stroke(const Style& style, const UsedPeak& peak, bool main) {
  return {.color = peak.measured ? style.palette.measured : style.palette.predicted,
          .dash = peak.measured ? Dash{0, 0} : Dash{7, 4},
          .width = main ? 1.0f : 0.6f};
}

std::vector<LegendEntry> roofline_legend(const CostsPicture& picture,
                                         const std::vector<RooflineMark>& marks,
                                         const Style& style) {
  std::vector<LegendEntry> legend{
      {Sample::line,
       text(picture.peak->measured ? "costs.roof_measured" : "costs.roof_of_datasheet"),
       roof_stroke(style, *picture.peak, true)}};
  const std::vector<BarPart> parts = moment_parts();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const bool present = std::ranges::any_of(marks, [&](const RooflineMark& mark) {
      return part_of_moment(picture.run->timeline.rows[mark.row].part) == part;
    });
    if (present)
      legend.push_back({Sample::mark, parts[part].name,
                        Stroke{.color = style.palette.series[parts[part].color],
                               .mark = kMarks[part],
                               .marked = true}});
  }
  return legend;
}

/// What the axes have to show: all marks, every ridge, and some of the slope and the roof.
std::pair<std::vector<double>, std::vector<double>> extents(const RooflinePlace& placed) {
  std::vector<double> x, y;
  for (const RooflineMark& mark : placed.marks) {
    x.push_back(mark.intensity);
    y.push_back(mark.flop_per_second);
  }
  for (const RoofLine& line : placed.lines) {
    y.push_back(line.peak.flop_per_second);
    if (const double ridge = ridge_point(line.peak); ridge > 0) {
      x.push_back(ridge / 8);
      x.push_back(ridge * 4);
    }
  }
  y.push_back(attainable(placed.lines.front().peak, std::ranges::min(x)));
  return {std::move(x), std::move(y)};
}

RooflinePlace place_roofline(const CostsPicture& picture, const Style& style,
                             const PlotPlace& place) {
  RooflinePlace placed;
  placed.lines = roof_lines(picture);
  placed.marks = roofline_marks(picture);
  placed.legend = roofline_legend(picture, placed.marks, style);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const auto [x, y] = extents(placed);
  placed.frame = place_chart(
      style,
      scaled_axis(
          x, {.log_base = 10, .most = area.columns, .zoom = place.zoom.x, .held = place.held.x},
          style.fonts.regular),
      scaled_axis(y,
                  {.log_base = 10, .most = area.rows, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

bool is_main(const CostsPicture& picture, const RoofLine& line) {
  return line.type == type_of_products(picture);
}

/// The slope of memory, from so many FLOPs a byte on, up to the ridge, and the roof from there on.
std::vector<ImVec2> roof_points(const ChartFrame& frame, const UsedPeak& peak, double from) {
  const double low = std::pow(10.0, frame.x.limits.low), high = std::pow(10.0, frame.x.limits.high);
  const double ridge = ridge_point(peak);
  std::vector<ImVec2> points;
  const double begin = std::max(low, from);
  if (ridge > begin) points.push_back(frame.at(begin, attainable(peak, begin)));
  points.push_back(frame.at(std::clamp(ridge > 0 ? ridge : low, low, high), peak.flop_per_second));
  points.push_back(frame.at(high, peak.flop_per_second));
  return points;
}

/// All have one slope: those of other types go on where that of the run's own ends.
double slope_from(const CostsPicture& picture, const RoofLine& line) {
  return is_main(picture, line) ? 0 : ridge_point(*picture.peak);
}

ImVec2 pixel_of(const RooflinePlace& placed, const RooflineMark& mark) {
  return placed.frame.at(mark.intensity, mark.flop_per_second);
}

void draw_marks(Canvas& canvas, const CostsPicture& picture, const RooflinePlace& placed) {
  const Style& style = canvas.style();
  const std::vector<BarPart> parts = moment_parts();
  for (const RooflineMark& mark : placed.marks) {
    const std::size_t part = part_of_moment(picture.run->timeline.rows[mark.row].part);
    const ImU32 color = ink(style.palette.series[parts[part].color]);
    if (mark.measured)
      draw_mark(canvas, kMarks[part], pixel_of(placed, mark), color, 1.2f);
    else
      draw_ring(canvas, pixel_of(placed, mark), units(style, 4), color, units(style, 1.5f));
  }
}

/// What each roof is, its ridge, and the slope.
void draw_roof_words(Canvas& canvas, const CostsPicture& picture, const RooflinePlace& placed) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const float size = body(style) * text_size::small, gap = units(style, 5);
  std::vector<ImVec2> points;
  const LabelBox area{frame.low, frame.high};
  for (const RoofLine& line : placed.lines)
    add_points_along(points, roof_points(frame, line.peak, slope_from(picture, line)),
                     units(style, 6), area);
  for (const RooflineMark& mark : placed.marks) points.push_back(pixel_of(placed, mark));
  LabelPlaces places(area, std::move(points), gap / 2);
  const auto label = [&](const std::string& words, const ImVec4& color,
                         std::span<const ImVec2> corners, ImVec2 extent) {
    const Plate plate{.size = size, .color = color};
    if (const auto corner = places.take(corners, extent))
      draw_plate(canvas, plate, *corner, words, frame.low, frame.high);
  };
  const auto extent_of_words = [&](const std::string& words, const ImVec4& color) {
    return plate_size(style, Plate{.size = size, .color = color}, words);
  };
  std::vector<const RoofLine*> order;
  for (const RoofLine& line : placed.lines)
    is_main(picture, line) ? void(order.insert(order.begin(), &line)) : order.push_back(&line);
  for (const RoofLine* line : order) {
    const auto is_same = [&](const RoofLine* other) {
      return other->peak.flop_per_second == line->peak.flop_per_second;
    };
    if (*std::ranges::find_if(order, is_same) != line) continue;  // said with the one before
    std::string types;
    for (const RoofLine* other : order)
      if (is_same(other)) types += (types.empty() ? "" : ", ") + other->type;
    const bool main = is_main(picture, *line);
    const ImVec4& color = main ? style.palette.text : style.palette.muted;
    const std::string words =
        fmt::format("{}: {}", types, flop_rate_words(line->peak.flop_per_second));
    const ImVec2 extent = extent_of_words(words, color);
    const float y = frame.y_at(line->peak.flop_per_second);
    // Above, on or below the line, never beyond where it begins, nor on another one's.
    const auto hides_another = [&](float top) {
      return std::ranges::any_of(placed.lines, [&](const RoofLine& other) {
        const float at = frame.y_at(other.peak.flop_per_second);
        return at != y && at >= top - gap / 2 && at <= top + extent.y + gap / 2;
      });
    };
    const float end = frame.high.x - gap, begin = frame.x_at(ridge_point(line->peak));
    std::vector<ImVec2> corners;
    for (const float right : {end, end - extent.x * 1.1f, end - extent.x * 2.2f})
      for (const float top : {y - extent.y - gap, y - extent.y / 2, y + gap})
        if ((right == end || right - extent.x > begin) && !hides_another(top))
          corners.push_back({right - extent.x, top});
    label(words, color, corners, extent);
  }
  const UsedPeak& peak = *picture.peak;
  const double ridge = ridge_point(peak);
  if (ridge <= 0) return;
  const ImVec2 at = frame.at(ridge, peak.flop_per_second);
  if (frame.contains(at)) {
    canvas.dashes(std::array{at, ImVec2{at.x, frame.high.y}}, ink(style.palette.muted),
                  units(style, 1), {3, 3});
    draw_mark(canvas, Mark::diamond, at, ink(style.palette.accent), 1.5f);
    const std::string words = format_text("costs.ridge", fmt::arg("intensity", number_text(ridge)));
    const ImVec2 extent = extent_of_words(words, style.palette.text);
    const std::array corners{ImVec2{at.x + gap, frame.high.y - extent.y - gap},
                             ImVec2{at.x - extent.x - gap, frame.high.y - extent.y - gap},
                             ImVec2{at.x + gap, at.y + gap}};
    label(words, style.palette.text, corners, extent);
  }
  const std::string memory =
      format_text("costs.slope", fmt::arg("rate", byte_rate_words(peak.bytes_per_second)));
  const ImVec2 extent = extent_of_words(memory, style.palette.text);
  std::vector<ImVec2> corners;
  for (const float share : {0.3f, 0.45f, 0.6f, 0.15f}) {
    const float x = frame.low.x + share * (at.x - frame.low.x);
    const double intensity = std::pow(10.0, frame.x_unit(x));
    const float y = frame.y_at(attainable(peak, intensity));
    corners.push_back({x - extent.x - gap, y - extent.y - gap});
    corners.push_back({x + gap, y + gap});
  }
  label(memory, style.palette.text, corners, extent);
}

void draw_roofline(Canvas& canvas, const CostsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  const RooflinePlace placed = place_roofline(picture, style, place);
  draw_title(
      canvas, text("plot.roofline"),
      picture.measured ? measured_note(*picture.measured) : std::string(text("costs.dots_at_most")),
      place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("costs.axis.intensity"), text("costs.axis.rate"));
  const FrameClip clip(canvas, placed.frame);
  for (const RoofLine& line : placed.lines) {
    const bool main = is_main(picture, line);
    draw_stroke(canvas, roof_points(placed.frame, line.peak, slope_from(picture, line)),
                roof_stroke(style, line.peak, main));
  }
  draw_marks(canvas, picture, placed);
  draw_roof_words(canvas, picture, placed);
}

PlotReading mark_reading(const CostsPicture& picture, const RooflinePlace& placed,
                         const RooflineMark& mark) {
  const TimelineRow& row = picture.run->timeline.rows[mark.row];
  const double roof = attainable(*picture.peak, mark.intensity);
  PlotReading reading{pixel_of(placed, mark), {moment_words(row)}};
  if (!row.equation.empty()) reading.lines.push_back(row.equation);
  reading.lines.push_back(
      format_text("costs.walk.intensity", fmt::arg("value", number_text(mark.intensity))));
  reading.lines.push_back(
      mark.measured
          ? format_text("costs.reading.of_roof",
                        fmt::arg("rate", flop_rate_words(mark.flop_per_second)),
                        fmt::arg("share", number_text(100 * mark.flop_per_second / roof)),
                        fmt::arg("roof", flop_rate_words(roof)))
          : format_text("costs.reading.at_most", fmt::arg("roof", flop_rate_words(roof))));
  if (mark.measured) {
    const MeasuredCosts& costs = *picture.measured;
    reading.lines.push_back(fmt::format(
        "{}, {}", seconds_text(costs.rows[mark.row].seconds),
        format_text("costs.share_of_step",
                    fmt::arg("share", number_text(100 * costs.share_of_step(mark.row))))));
  }
  reading.index = static_cast<int>(mark.row);
  reading.values.push_back(
      {moment_words(row), mark.flop_per_second, std::log10(mark.flop_per_second), flop_rate_words});
  return reading;
}

std::optional<PlotReading> read_roofline(const CostsPicture& picture, const Style& style,
                                         const PlotPlace& place, ImVec2 pointer) {
  const RooflinePlace placed = place_roofline(picture, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  const RooflineMark* nearest = nullptr;
  float least = units(style, 14);
  for (const RooflineMark& mark : placed.marks) {
    const ImVec2 at = pixel_of(placed, mark);
    const float far = std::hypot(at.x - pointer.x, at.y - pointer.y);
    if (far < least) least = far, nearest = &mark;
  }
  if (nearest) return mark_reading(picture, placed, *nearest);
  const double intensity = std::pow(10.0, placed.frame.x_unit(pointer.x));
  const double roof = attainable(*picture.peak, intensity);
  PlotReading reading{
      placed.frame.at(intensity, roof),
      {format_text("costs.walk.intensity", fmt::arg("value", number_text(intensity))),
       format_text("costs.reading.at_most", fmt::arg("roof", flop_rate_words(roof)))}};
  reading.values.push_back({text("costs.axis.rate"), roof, std::log10(roof), flop_rate_words});
  return reading;
}

}  // namespace

std::vector<RooflineMark> roofline_marks(const CostsPicture& picture) {
  std::vector<RooflineMark> marks;
  // What another machine would reach was not measured.
  if (picture.measured && picture.settings.roof == Roof::calibrated) {
    for (const RooflineDot& dot : roofline_dots(*picture.measured))
      if (dot.intensity > 0) marks.push_back({dot.row, dot.intensity, dot.flop_per_second, true});
    return marks;
  }
  const StepTimeline& timeline = picture.run->timeline;
  for (std::size_t i = 0; i < timeline.rows.size(); ++i) {
    const TimelineRow& row = timeline.rows[i];
    const double bytes = bytes_moved(row.cost);
    if (bytes <= 0 || row.own_flops <= 0) continue;
    const double intensity = row.own_flops / bytes;
    marks.push_back({i, intensity, attainable(*picture.peak, intensity), false});
  }
  return marks;
}

Plot roofline_plot(std::shared_ptr<const CostsPicture> picture) {
  return {
      .name = "roofline",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_roofline(canvas, *picture, place); },
      .frame = [picture](
                   const Style& style,
                   const PlotPlace& place) { return place_roofline(*picture, style, place).frame; },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_roofline(*picture, style, place, pointer); }};
}

}  // namespace nanscope
