#include "ui/labs/optimizers/plots/surface_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/numbers/format.h"
#include "engine/plan/optimizers/optimizers.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/curve.h"
#include "ui/charts/labels.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kStateLength = 40;  // units of the style

struct SurfacePlace {
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;

  ImVec2 at(const Pair& theta) const { return frame.at(theta[0], theta[1]); }
};

SurfacePlace place_surface(const PathsPicture& picture, const Style& style,
                           const PlotPlace& place) {
  SurfacePlace placed;
  placed.legend = optimizers_legend(picture, style);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const auto& [left, right, low, high] = view_of(*picture.paths);
  const Pair& start = picture.paths->of.start;
  const ImFont* font = style.fonts.regular;
  placed.frame =
      place_chart(style,
                  scaled_axis(std::array{left, right, start[0]},
                              {0, area.columns, false, place.zoom.x, place.held.x}, font),
                  scaled_axis(std::array{low, high, start[1]},
                              {0, area.rows, false, place.zoom.y, place.held.y}, font),
                  area.corner, area.size);
  return placed;
}

/// The pixels of a path up to a step.
std::vector<ImVec2> path_points(const SurfacePlace& placed, const Path& path) {
  std::vector<ImVec2> points;
  for (const PathStep& step : path.steps) {
    const ImVec2 at = placed.at(step.state.theta);
    if (!points.empty() && !is_gap(at) &&
        std::hypot(at.x - points.back().x, at.y - points.back().y) < 0.5f)
      continue;
    points.push_back(at);
  }
  return points;
}

/// The run's way as it is projected onto its plane, with a mark where theta0 is.
void draw_run(Canvas& canvas, const SurfacePlace& placed, const LossPlane& plane) {
  const Style& style = canvas.style();
  const Stroke stroke = run_stroke(style);
  std::vector<ImVec2> points;
  for (const RunPlace& place : plane.run) points.push_back(placed.at(place.at));
  canvas.dashes(points, ink(stroke.color), units(style, 1.5f), {5, 3});
  const float apart = units(style, 18);
  ImVec2 last{-INFINITY, 0};
  for (const ImVec2& at : points) {
    if (std::hypot(at.x - last.x, at.y - last.y) < apart) continue;
    draw_mark(canvas, stroke.mark, at, ink(stroke.color), stroke.mark_size);
    last = at;
  }
  if (!points.empty())
    draw_mark(canvas, stroke.mark, points.back(), ink(stroke.color), 2 * stroke.mark_size);
  draw_mark(canvas, Mark::cross, placed.at({0, 0}), ink(style.palette.text), 1.2f);
}

/// What is measured along an axis of the chart.
std::string axis_name(const Paths& paths, std::size_t axis) {
  if (!paths.plane) return axis == 0 ? "x" : "y";
  const LossPlane& plane = *paths.plane;
  const bool random = plane.directions == PlaneDirections::random;
  const char* const principal =
      moves(plane) ? "optimizers.axis.principal" : "optimizers.axis.still";
  return format_text(random ? "optimizers.axis.random" : principal,
                     fmt::arg("axis", axis == 0 ? "x" : "y"), fmt::arg("number", axis + 1),
                     fmt::arg("percent", percent_text(plane.shares[axis])));
}

/// In which arithmetic, and of a run what was measured how closely.
std::string surface_note(const Paths& paths) {
  if (!paths.plane) return format_text("optimizers.computed", fmt::arg("format", paths.of.format));
  return format_text("optimizers.grid", fmt::arg("measured", measured_of(paths)),
                     fmt::arg("side", paths.plane->zoomed.side > 0 ? paths.plane->zoomed.side
                                                                   : paths.plane->side));
}

void draw_path(Canvas& canvas, const SurfacePlace& placed, const PathsPicture& picture,
               const Path& path) {
  const Style& style = canvas.style();
  const Stroke stroke = optimizer_stroke(style, path.optimizer.kind);
  const std::vector<ImVec2> points = path_points(placed, path);
  draw_stroke(canvas, points, stroke);
  // Marks that keep a distance from one another, and a larger one at the end.
  const float apart = units(style, 26);
  ImVec2 last{-INFINITY, 0};
  for (const ImVec2& at : points) {
    if (is_gap(at) || std::hypot(at.x - last.x, at.y - last.y) < apart) continue;
    draw_mark(canvas, stroke.mark, at, ink(stroke.color), 0.8f);
    last = at;
  }
  draw_mark(canvas, stroke.mark, placed.at(path.steps.back().state.theta), ink(stroke.color), 1.5f);
  const PathStep& looked = path.steps[static_cast<std::size_t>(picture.step_of(path))];
  draw_ring(canvas, placed.at(looked.state.theta), units(style, 6), ink(style.palette.text, 0.7f),
            units(style, 1));
}

/// Whether the equation divides by the root of what it keeps under this symbol.
bool is_scale(const OptimizerText& words, std::string_view symbol) {
  const std::string root = fmt::format("sqrt({}", symbol);
  const std::size_t at = words.equation.find(root);
  if (at == std::string_view::npos) return false;
  const char next = words.equation[at + root.size()];
  return next == ')' || next == ' ';
}

/// The mean gradient's way down, of a length that can be seen.
void draw_mean(Canvas& canvas, const SurfacePlace& placed, const Pair& theta, const Pair& mean) {
  const Style& style = canvas.style();
  const ImVec2 from = placed.at(theta), to = placed.at({theta[0] - mean[0], theta[1] - mean[1]});
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length > 0) || !std::isfinite(length)) return;
  const float scale = units(style, kStateLength) / length;
  canvas.arrow(from, {from.x + (to.x - from.x) * scale, from.y + (to.y - from.y) * scale},
               ink(style.palette.text), units(style, 2), units(style, 8));
}

/// How far a gradient of one size takes each element: an ellipse with axes as 1 / sqrt(v).
void draw_scale(Canvas& canvas, const SurfacePlace& placed, const Pair& theta,
                const Pair& squares) {
  const Style& style = canvas.style();
  const ImVec2 middle = placed.at(theta);
  const ImVec2 end =
      placed.at({theta[0] + 1 / std::sqrt(squares[0]), theta[1] + 1 / std::sqrt(squares[1])});
  const float width = std::abs(end.x - middle.x), height = std::abs(end.y - middle.y);
  const float most = std::max(width, height);
  if (!(most > 0) || !std::isfinite(most)) return;
  const float scale = units(style, kStateLength) / most;
  constexpr int kPoints = 48;
  std::vector<ImVec2> points;
  for (int i = 0; i <= kPoints; ++i) {
    const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / kPoints;
    points.push_back(
        {middle.x + width * scale * std::cos(angle), middle.y + height * scale * std::sin(angle)});
  }
  canvas.dashes(points, ink(style.palette.text), units(style, 1.5f), {4, 3});
}

/// What the optimizer that is looked at keeps at its step; and in words what of it is drawn.
std::string draw_state(Canvas* canvas, const SurfacePlace& placed, const PathsPicture& picture) {
  const Path& path = picture.watched();
  const StepState& state = path.steps[static_cast<std::size_t>(picture.step_of(path))].state;
  const OptimizerText& words = optimizer_text(path.optimizer.kind);
  std::string drawn;
  for (std::size_t i = 0; i < words.state.size(); ++i) {
    const bool scale = is_scale(words, words.state[i]);
    if (!scale && i > 0) continue;
    if (canvas) (scale ? draw_scale : draw_mean)(*canvas, placed, state.theta, state.kept[i]);
    drawn +=
        text("describe.separator") + format_text(scale ? "optimizers.ellipse" : "optimizers.arrow",
                                                 fmt::arg("symbol", words.state[i]));
  }
  return drawn;
}

/// A word beside a point, where it hides no path.
void label(Canvas& canvas, const SurfacePlace& placed, LabelPlaces& places, ImVec2 at,
           const std::string& words) {
  const Style& style = canvas.style();
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.text};
  const ImVec2 size = plate_size(style, plate, words);
  const float gap = units(style, 8);
  std::vector<ImVec2> corners;
  for (const float x : {gap, -gap - size.x, -size.x / 2})
    for (const float y : {-size.y / 2, gap, -gap - size.y}) corners.push_back({at.x + x, at.y + y});
  if (const auto corner = places.take(corners, size))
    draw_plate(canvas, plate, *corner, words, placed.frame.low, placed.frame.high);
}

/// Where the run ended, and where it began unless that is the same place.
void label_run(Canvas& canvas, const SurfacePlace& placed, LabelPlaces& places,
               const LossPlane& plane) {
  if (plane.run.empty()) return;
  const ImVec2 first = placed.at(plane.run.front().at), last = placed.at(plane.run.back().at);
  const bool apart = std::hypot(first.x - last.x, first.y - last.y) > body(canvas.style());
  const auto say = [&](const RunPlace& place, ImVec2 at) {
    if (placed.frame.contains(at))
      label(canvas, placed, places, at,
            format_text("optimizers.run_at", fmt::arg("step", place.step)));
  };
  say(plane.run.back(), last);
  if (apart) say(plane.run.front(), first);
}

/// On each contour its loss, the whole powers of ten first, where there is room for it.
void label_contours(Canvas& canvas, const SurfacePlace& placed, LabelPlaces& places,
                    const SurfaceGround& ground) {
  constexpr std::size_t kTried = 48;  // places along a contour
  const Style& style = canvas.style();
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.muted};
  for (const bool whole : {true, false})
    for (const SurfaceGround::Contour& contour : ground.contours) {
      if (contour.is_whole() != whole) continue;
      const std::string words = number_text(std::pow(10, contour.power));
      const ImVec2 size = plate_size(style, plate, words);
      std::vector<ImVec2> corners;
      const std::size_t step = std::max<std::size_t>(1, contour.points.size() / kTried);
      for (std::size_t i = 0; i < contour.points.size(); i += step) {
        const ImVec2 at = place_of(placed.frame, contour.points[i]);
        corners.push_back({at.x - size.x / 2, at.y - size.y / 2});
      }
      if (const auto corner = places.take(corners, size))
        draw_plate(canvas, plate, *corner, words, placed.frame.low, placed.frame.high);
    }
}

void draw_places(Canvas& canvas, const SurfacePlace& placed, const PathsPicture& picture) {
  const Style& style = canvas.style();
  const LabelBox area{placed.frame.low, placed.frame.high};
  std::vector<ImVec2> points;
  for (const Path& path : picture.paths->paths)
    add_points_along(points, path_points(placed, path), body(style) / 2, area);
  const LossPlane* plane = picture.paths->plane.get();
  if (plane)
    for (const RunPlace& place : plane->run) points.push_back(placed.at(place.at));
  LabelPlaces places(area, std::move(points), units(style, 4));
  if (plane) label_run(canvas, placed, places, *plane);
  for (const Pair& minimum : minima_of(*picture.paths)) {
    const ImVec2 at = placed.at(minimum);
    draw_mark(canvas, Mark::cross, at, ink(style.palette.text), 1.5f);
    if (placed.frame.contains(at)) label(canvas, placed, places, at, text("optimizers.minimum"));
  }
  const ImVec2 start = placed.at(picture.paths->of.start);
  draw_ring(canvas, start, units(style, 8), ink(style.palette.accent), units(style, 3));
  if (placed.frame.contains(start)) label(canvas, placed, places, start, text("optimizers.start"));
  label_contours(canvas, placed, places, *picture.ground);
}

void draw_surface(Canvas& canvas, const PathsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  const SurfacePlace placed = place_surface(picture, style, place);
  const std::string note = surface_note(*picture.paths) + draw_state(nullptr, placed, picture);
  draw_title(canvas, text("plot.loss_surface"), note, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, axis_name(*picture.paths, 0),
                   axis_name(*picture.paths, 1));
  // Paths may leave the part of the surface that is shown.
  const FrameClip clip(canvas, placed.frame, /*shows_all=*/false);
  draw_surface_ground(canvas, placed.frame, *picture.paths, *picture.ground);
  if (picture.paths->plane) draw_run(canvas, placed, *picture.paths->plane);
  for (const Path& path : picture.paths->paths) draw_path(canvas, placed, picture, path);
  draw_state(&canvas, placed, picture);
  draw_places(canvas, placed, picture);
}

/// The step of a path that is drawn nearest to a pixel, and how far from it.
struct Near {
  const Path* path = nullptr;
  int step = 0;
  float distance = INFINITY;
};
Near nearest_step(const SurfacePlace& placed, const PathsPicture& picture, ImVec2 pointer) {
  Near near;
  for (const Path& path : picture.paths->paths)
    for (int step = 0; step <= path.last(); ++step) {
      const ImVec2 at = placed.at(path.steps[static_cast<std::size_t>(step)].state.theta);
      const float distance = std::hypot(at.x - pointer.x, at.y - pointer.y);
      if (distance < near.distance) near = {&path, step, distance};
    }
  return near;
}

void add_loss(PlotReading& reading, double loss, const char* key) {
  reading.lines.push_back(format_text(key, fmt::arg("loss", number_text(loss))));
  reading.values.push_back({text("plot.axis.loss"), loss});
}

/// The loss and its gradient.
void add_look(PlotReading& reading, const SurfaceLook& look, const char* key) {
  const Pair& gradient = look.slope.exact;
  add_loss(reading, look.loss, key);
  reading.lines.push_back(format_text("optimizers.gradient_there",
                                      fmt::arg("x", number_text(gradient[0])),
                                      fmt::arg("y", number_text(gradient[1]))));
}

SurfaceLook look_at_equation(const PathsRequest& of, const Pair& at) {
  const Surface surface(of.surface, of.condition);
  Rounder exact(*find_format("fp64"), Rounding::nearest_even, std::nullopt);
  return {surface.value(at), {.in_format = {}, .exact = surface.gradient(exact, at)}};
}

/// A place of the run that is drawn there, or what the grid has there.
void read_plane(const LossPlane& plane, const SurfacePlace& placed, float near, ImVec2 pointer,
                PlotReading& reading) {
  const auto distance = [&](const RunPlace& place) {
    const ImVec2 at = placed.at(place.at);
    return std::hypot(at.x - pointer.x, at.y - pointer.y);
  };
  const auto nearest = std::ranges::min_element(plane.run, {}, distance);
  if (nearest != plane.run.end() && distance(*nearest) < near) {
    reading.at = placed.at(nearest->at);
    reading.on_drawn = true;
    reading.lines = {format_text("optimizers.run_at", fmt::arg("step", nearest->step)),
                     format_text("optimizers.place", fmt::arg("x", number_text(nearest->at[0])),
                                 fmt::arg("y", number_text(nearest->at[1])))};
    return add_loss(reading, nearest->loss, "optimizers.loss_beside");
  }
  const Pair at{placed.frame.x_unit(pointer.x), placed.frame.y_unit(pointer.y)};
  if (const auto loss = loss_at(plane, at))
    add_loss(reading, *loss, "optimizers.loss_between");
  else
    reading.lines.emplace_back(text("optimizers.unmeasured"));
}

/// The loss and its gradient there, or at the step of a path that is drawn there.
std::optional<PlotReading> read_surface(const PathsPicture& picture, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const SurfacePlace placed = place_surface(picture, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  Pair at{placed.frame.x_unit(pointer.x), placed.frame.y_unit(pointer.y)};
  PlotReading reading{pointer, {}};
  reading.on_drawn = false;
  const PathStep* step = nullptr;
  if (const Near near = nearest_step(placed, picture, pointer); near.distance < units(style, 10)) {
    step = &near.path->steps[static_cast<std::size_t>(near.step)];
    at = step->state.theta;
    reading.at = placed.at(at);
    reading.on_drawn = true;
    reading.index = near.step;
    reading.lines.push_back(format_text("optimizers.at_step",
                                        fmt::arg("optimizer", name_of(near.path->optimizer.kind)),
                                        fmt::arg("step", near.step)));
  }
  reading.lines.push_back(format_text("optimizers.place", fmt::arg("x", number_text(at[0])),
                                      fmt::arg("y", number_text(at[1]))));
  if (step)
    add_look(reading, {step->loss, step->slope}, "optimizers.loss_there");
  else if (!picture.paths->plane)
    add_look(reading, look_at_equation(picture.paths->of, at), "optimizers.loss_there");
  else
    read_plane(*picture.paths->plane, placed, units(style, 10), pointer, reading);
  return reading;
}

}  // namespace

Plot surface_plot(std::shared_ptr<const PathsPicture> picture) {
  return {
      .name = "loss_surface",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_surface(canvas, *picture, place); },
      .frame = [picture](
                   const Style& style,
                   const PlotPlace& place) { return place_surface(*picture, style, place).frame; },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_surface(*picture, style, place, pointer); },
      .handle =
          [picture](const Style& style, const PlotPlace& place) {
            return place_surface(*picture, style, place).at(picture->paths->of.start);
          },
      .cells = true};
}

}  // namespace nanscope
