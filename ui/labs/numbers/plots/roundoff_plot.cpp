#include "ui/labs/numbers/plots/roundoff_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "ui/charts/curve.h"
#include "ui/charts/labels.h"
#include "ui/labs/numbers/plots/roundoff_look.h"

namespace nanscope {
namespace {

constexpr int kMarksOnCurve = 9;

/// Where a curve of `count` has its marks: curves that coincide take turns.
std::vector<ImVec2> marks_on(const ChartFrame& frame, const std::vector<ImVec2>& points,
                             std::size_t index, std::size_t count) {
  std::vector<ImVec2> marks;
  const float apart = (frame.high.x - frame.low.x) / kMarksOnCurve;
  float next = frame.low.x + apart * (static_cast<float>(index) + 0.5f) / static_cast<float>(count);
  for (const ImVec2& at : points) {
    if (at.x < next) continue;
    marks.push_back(at);
    while (next <= at.x) next += apart;
  }
  if (marks.empty() && !points.empty()) marks.push_back(points[points.size() / 2]);
  return marks;
}

/// Draws a curve between the gaps that values without a place leave; `index` of `count`.
void draw_curve(Canvas& canvas, const ChartFrame& frame, const ChartCurve& curve,
                const Stroke& stroke, ImVec2 shift, std::size_t index, std::size_t count) {
  std::vector<ImVec2> points = curve_points(frame, curve.x, curve.y);
  for (ImVec2& point : points) point = {point.x + shift.x, point.y + shift.y};
  draw_stroke(canvas, points, stroke);
  if (!stroke.marked) return;
  draw_nonfinite(canvas, frame, nonfinite_places(frame, curve.x, curve.y), stroke.color);
  std::vector<ImVec2> seen;
  for (const ImVec2& at : points)
    if (frame.contains(at, 1)) seen.push_back(at);
  for (const ImVec2& at : marks_on(frame, seen, index, count))
    draw_mark(canvas, stroke.mark, at, ink(stroke.color), stroke.mark_size);
}

/// Where a mark's name may stand, best first: along its line from the right, above or below it; or
/// beside its line from the top down, to the right or else to the left. Where curves take all of
/// that, anywhere: it has the line's colour, and its number.
std::vector<ImVec2> places_of(const ChartFrame& frame, const ChartMark& mark, ImVec2 extent,
                              float gap) {
  std::vector<ImVec2> places;
  if (mark.axis == ChartMark::Axis::y) {
    const float right = frame.high.x - extent.x - gap, left = frame.low.x + gap;
    const float y = frame.y_at(mark.at);
    for (const float share : shares_along(/*from_end=*/true))
      for (const float top : {y - extent.y, y})
        places.push_back({left + share * (right - left), top});
  } else {
    const float x = frame.x_at(mark.at);
    for (const float left : {x + gap, x - gap - extent.x})
      for (float y = frame.low.y + gap; y < frame.high.y; y += extent.y * 1.1f)
        places.push_back({left, y});
  }
  const LabelBox area{{frame.low.x + gap, frame.low.y + gap},
                      {frame.high.x - gap, frame.high.y - gap}};
  std::ranges::copy(corners_all_over(area, extent), std::back_inserter(places));
  return places;
}

/// The pixels of everything that names had better not hide.
std::vector<ImVec2> points_of_curves(const ChartFrame& frame, const RoundoffChart& chart,
                                     float apart) {
  std::vector<ImVec2> points;
  for (const ChartCurve& curve : chart.curves)
    add_points_along(points, curve_points(frame, curve.x, curve.y), apart, {frame.low, frame.high});
  return points;
}

/// Lines across the plot where something is, each named where there is room for the name.
void draw_marks(Canvas& canvas, const ChartFrame& frame, const RoundoffChart& chart,
                const ChartLook& look, std::span<const ChartMark::Axis> axes,
                std::vector<ImVec2> drawn) {
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  std::vector<const ChartMark*> shown;
  for (const ChartMark& mark : chart.marks) {
    if (std::ranges::find(axes, mark.axis) == axes.end()) continue;
    const bool across = mark.axis == ChartMark::Axis::y;
    const ScaledAxis& scale = across ? frame.y : frame.x;
    const double place = scale.scaled(mark.at);
    if (!(place >= scale.limits.low && place <= scale.limits.high)) continue;
    const float x = frame.x_at(mark.at), y = frame.y_at(mark.at);
    const std::array line = across ? std::array{ImVec2{frame.low.x, y}, ImVec2{frame.high.x, y}}
                                   : std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}};
    canvas.dashes(line, ink(look.color(mark), 0.8f), units(style, 1.25f), {3, 3});
    shown.push_back(&mark);
  }
  LabelPlaces places({frame.low, frame.high}, std::move(drawn), px(style.line_width));
  for (const ChartMark* mark : shown) {
    const std::string words = mark_words(*mark);
    const ImVec2 extent{text_extent(style, Face::regular, size, words).x, size * 1.15f};
    const auto at = places.take(places_of(frame, *mark, extent, size * 0.35f), extent);
    if (!at) continue;
    canvas.fill(*at, {at->x + extent.x, at->y + extent.y}, ink(style.palette.surface, 0.85f));
    canvas.text(*at, words, {Face::regular, size, ink(look.color(*mark))});
  }
}

void draw_curves(Canvas& canvas, const RoundoffChart& chart, const PlotPlace& at) {
  if (chart.curves.empty()) return;
  const ChartLook look(chart, canvas.style());
  const ChartPlace place = place_curves(chart, look, canvas.style(), at);
  draw_legend(canvas, place.legend, at.corner, at.size.x);
  draw_chart_frame(canvas, place.frame, place.x_name, place.y_name);
  const FrameClip clip(canvas, place.frame);
  const std::size_t count = chart.curves.size();
  const std::vector<ImVec2> shifts = side_by_side(chart, place.frame, canvas.style());
  for (const bool predicted : {true, false})
    for (std::size_t i = 0; i < count; ++i) {
      const ChartCurve& curve = chart.curves[i];
      if ((curve.evidence == Evidence::predicted) == predicted)
        draw_curve(canvas, place.frame, curve, look.stroke(curve), shifts[i], i, count);
    }
  draw_marks(canvas, place.frame, chart, look, std::array{ChartMark::Axis::x, ChartMark::Axis::y},
             points_of_curves(place.frame, chart, body(canvas.style()) / 3));
}

void draw_histogram(Canvas& canvas, const RoundoffChart& chart, const PlotPlace& at) {
  if (chart.histograms.empty()) return;
  const ChartLook look(chart, canvas.style());
  const ChartPlace place = place_histogram(chart, look, canvas.style(), at);
  const ChartFrame& frame = place.frame;
  draw_legend(canvas, place.legend, at.corner, at.size.x);
  draw_chart_frame(canvas, frame, place.x_name, place.y_name);
  const FrameClip clip(canvas, frame);
  std::vector<ImVec2> drawn;
  for (const ChartBars& bars : chart.histograms) {
    const Stroke stroke = look.stroke(bars);
    std::vector<ImVec2> top, bottom;
    for (std::size_t k = 0; k < bars.shares.size(); ++k) {
      const ImVec2 low = frame.at(bars.edges[k], bars.shares[k]);
      const ImVec2 high = frame.at(bars.edges[k + 1], 0);
      if (is_gap(low) || is_gap(high)) continue;
      top.insert(top.end(), {low, {high.x, low.y}});
      bottom.insert(bottom.end(), {{low.x, high.y}, high});
    }
    canvas.field(top, bottom, ink(stroke.color, 0.16f));
    draw_stroke(canvas, top, stroke);
    add_points_along(drawn, top, body(canvas.style()) / 3, {frame.low, frame.high});
  }
  draw_marks(canvas, frame, chart, look, std::array{ChartMark::Axis::histogram_x},
             std::move(drawn));
}

}  // namespace

Plot roundoff_curves(std::shared_ptr<const RoundoffChart> chart) {
  return {.name = "roundoff",
          .draw = [chart](Canvas& canvas,
                          const PlotPlace& place) { draw_curves(canvas, *chart, place); },
          .frame =
              [chart](const Style& style, const PlotPlace& place) {
                return place_curves(*chart, ChartLook(*chart, style), style, place).frame;
              },
          .read =
              [chart](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                return read_roundoff_curves(*chart, style, place, pointer);
              }};
}

Plot roundoff_histogram(std::shared_ptr<const RoundoffChart> chart) {
  return {.name = "roundoff_histogram",
          .draw = [chart](Canvas& canvas,
                          const PlotPlace& place) { draw_histogram(canvas, *chart, place); },
          .frame =
              [chart](const Style& style, const PlotPlace& place) {
                return place_histogram(*chart, ChartLook(*chart, style), style, place).frame;
              },
          .read =
              [chart](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                return read_roundoff_histogram(*chart, style, place, pointer);
              }};
}

}  // namespace nanscope
