#include "ui/labs/optimizers/plots/descent_plot.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "ui/charts/chart_area.h"
#include "ui/charts/curve.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct DescentPlace {
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;
};

/// Of the start's loss. Below this the minimum is reached as far as fp64's digits tell: an axis
/// down to 1e-300 would leave no room for the way there.
constexpr double kReached = 1e-16;

/// The losses that an axis has to show: of a path that diverges as far as a hundred times the
/// start's.
std::vector<double> shown_losses(const Paths& paths) {
  Extent extent;
  const double start = paths.paths.front().steps.front().loss;
  for (const Path& path : paths.paths)
    for (const PathStep& step : path.steps)
      if (step.loss > kReached * start)
        extent.add(path.divergence ? std::min(step.loss, 100 * start) : step.loss);
  if (extent.empty()) return {};
  return {extent.limits().low, extent.limits().high};
}

DescentPlace place_descent(const PathsPicture& picture, const Style& style,
                           const PlotPlace& place) {
  DescentPlace placed;
  // Below the surface, whose legend it shares, it is not as high.
  constexpr float kAlone = 22;  // lines of text
  if (place.size.y > kAlone * body(style)) placed.legend = optimizers_legend(picture, style);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const ImFont* font = style.fonts.regular;
  placed.frame =
      place_chart(style,
                  scaled_axis(std::array{0.0, double(picture.paths->of.steps)},
                              {0, area.columns, false, place.zoom.x, place.held.x}, font),
                  scaled_axis(shown_losses(*picture.paths),
                              {10, area.rows, false, place.zoom.y, place.held.y}, font),
                  area.corner, area.size);
  return placed;
}

/// Where a curve goes on below what the axis shows unless somebody zooms: each time it leaves that.
void add_places_below(const ChartFrame& frame, std::span<const double> losses,
                      std::vector<NonfinitePlace>& places) {
  if (frame.y.limits != frame.y.home) return;
  bool below = false;
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const bool now = losses[step] == 0 || frame.y.scaled(losses[step]) < frame.y.limits.low;
    if (now && !below) places.push_back({frame.x_at(static_cast<double>(step)), -INFINITY});
    below = now;
  }
}

void draw_curve(Canvas& canvas, const ChartFrame& frame, const Path& path) {
  const Style& style = canvas.style();
  const Stroke stroke = optimizer_stroke(style, path.optimizer.kind);
  std::vector<double> steps, losses;
  for (const PathStep& step : path.steps) {
    steps.push_back(static_cast<double>(steps.size()));
    losses.push_back(step.loss);
  }
  const std::vector<ImVec2> points = curve_points(frame, steps, losses);
  draw_stroke(canvas, points, stroke);
  // No two paths have their marks at the same steps.
  const float apart = units(style, 60);
  float next = frame.low.x + apart * (0.25f + 0.06f * static_cast<float>(path.optimizer.kind));
  for (const ImVec2& at : points) {
    if (is_gap(at) || at.x < next || !frame.contains(at)) continue;
    draw_mark(canvas, stroke.mark, at, ink(stroke.color));
    next = at.x + apart;
  }
  std::vector<NonfinitePlace> places = nonfinite_places(frame, steps, losses);
  add_places_below(frame, losses, places);
  draw_nonfinite(canvas, frame, places, stroke.color);
}

void draw_descent(Canvas& canvas, const PathsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  const DescentPlace placed = place_descent(picture, style, place);
  const ChartFrame& frame = placed.frame;
  const std::string measured = measured_of(*picture.paths);
  draw_title(canvas, text("plot.descent"),
             measured.empty()
                 ? text("optimizers.loss_in_fp64")
                 : format_text("optimizers.loss_measured", fmt::arg("measured", measured)),
             place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, frame, text("plot.axis.step"), text("plot.axis.loss"));
  const FrameClip clip(canvas, frame, /*shows_all=*/false);
  for (const Path& path : picture.paths->paths) draw_curve(canvas, frame, path);
  const float x = frame.x_at(picture.step_of(picture.watched()));
  canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(style.palette.accent), units(style, 1));
}

/// The loss of every path at the step under the pointer.
std::optional<PlotReading> read_descent(const PathsPicture& picture, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const ChartFrame frame = place_descent(picture, style, place).frame;
  if (!frame.contains(pointer)) return std::nullopt;
  const int step = std::clamp(static_cast<int>(std::lround(frame.x_unit(pointer.x))), 0,
                              picture.paths->of.steps);
  PlotReading reading{{frame.x_at(step), pointer.y},
                      {format_text("optimizers.step", fmt::arg("step", step))}};
  reading.index = step;
  reading.on_drawn = false;
  float nearest = INFINITY;
  for (const Path& path : picture.paths->paths) {
    if (step > path.last()) continue;
    const double loss = path.steps[static_cast<std::size_t>(step)].loss;
    const std::string name(name_of(path.optimizer.kind));
    reading.lines.push_back(fmt::format("{}: {}", name, number_text(loss)));
    const double unit = frame.y.scaled(loss);
    reading.values.push_back({name, loss, unit});
    const float y = frame.y_at(loss), distance = std::abs(y - pointer.y);
    if (!(distance < nearest)) continue;
    nearest = distance;
    reading.at.y = y;
    reading.on_drawn = true;
  }
  return reading;
}

}  // namespace

Plot descent_plot(std::shared_ptr<const PathsPicture> picture) {
  return {
      .name = "descent",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_descent(canvas, *picture, place); },
      .frame = [picture](
                   const Style& style,
                   const PlotPlace& place) { return place_descent(*picture, style, place).frame; },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_descent(*picture, style, place, pointer); }};
}

}  // namespace nanscope
