#include "ui/labs/training/plots/run_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>
#include <utility>

#include "ui/charts/curve.h"
#include "ui/labs/describe.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_place.h"
#include "ui/labs/training/plots/run_reading.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr std::array kLosses{
    RunCurve{"run.training", &RunHistory::steps, &RunHistory::loss},
    RunCurve{"run.held_out", &RunHistory::looks, &RunHistory::held_out_loss, true}};
constexpr std::array kAccuracies{
    RunCurve{"run.held_out", &RunHistory::looks, &RunHistory::accuracy, true}};
constexpr std::array kNorms{RunCurve{"run.grad_norm", &RunHistory::steps, &RunHistory::grad_norm}};
constexpr std::array kRates{RunCurve{"run.lr", &RunHistory::steps, &RunHistory::lr}};

constexpr std::array kScales{
    RunCurve{"run.loss_scale", &RunHistory::steps, &RunHistory::loss_scale}};

constexpr std::array kConditions{
    RunCurve{"run.largest_condition", &RunHistory::condition_looks, &RunHistory::largest_condition},
    RunCurve{"run.median_condition", &RunHistory::condition_looks, &RunHistory::median_condition}};

constexpr std::array kQuantities{
    RunQuantity{"loss", "plot.axis.loss", 10, false, kLosses},
    RunQuantity{"accuracy", "plot.axis.accuracy", 0, true, kAccuracies},
    RunQuantity{"gradient_norm", "plot.axis.gradient_norm", 10, false, kNorms},
    RunQuantity{"learning_rate", "plot.axis.learning_rate", 0, false, kRates},
    RunQuantity{"loss_scale", "plot.axis.loss_scale", 2, false, kScales},
    RunQuantity{kConditionPlot, "plot.axis.condition_number", 10, false, kConditions},
};

/// The first step that was not finite, where the quantity is what was not.
std::optional<double> nonfinite_step(const RunSummary& run, const RunQuantity& quantity) {
  const auto& first = run.first_nonfinite;
  if (!first || first->what == NonfinitePart::state) return std::nullopt;
  const bool is_loss = first->what == NonfinitePart::loss;
  if (quantity.plot != (is_loss ? "loss" : "gradient_norm")) return std::nullopt;
  return static_cast<double>(first->step);
}

/// Marks of a curve, none nearer to the last one than there is room for.
void draw_marks(Canvas& canvas, const DrawnCurve& one, std::span<const ImVec2> points) {
  const float apart = px(canvas.style().marker_size) * 3;
  float last = -INFINITY;
  for (const ImVec2& at : points) {
    if (is_gap(at) || at.x - last < apart) continue;
    draw_mark(canvas, one.stroke.mark, at, ink(one.stroke.color));
    last = at.x;
  }
}

/// Its points, as measured.
std::vector<ImVec2> draw_curve(Canvas& canvas, const ChartFrame& frame, const DrawnCurve& one) {
  std::vector<ImVec2> points = curve_points(frame, one.x, one.y);
  Stroke measured = one.stroke;
  if (one.smooth) {
    measured.color.w *= 0.3f;
    measured.width *= 0.6f;
  }
  draw_stroke(canvas, points, measured);
  if (one.smooth) draw_stroke(canvas, curve_points(frame, one.x, *one.smooth), one.stroke);
  if (one.stroke.marked || one.y.size() == 1) draw_marks(canvas, one, points);
  draw_nonfinite(canvas, frame, nonfinite_places(frame, one.x, one.y), one.stroke.color);
  return points;
}

/// Where nothing is finite any more, and at which step that began.
void draw_first_nonfinite(Canvas& canvas, const RunSummary& run, const RunPlace& placed,
                          double x_of_step, LabelPlaces& places) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const float x = frame.x_at(x_of_step);
  if (!(x >= frame.low.x && x <= frame.high.x)) return;
  canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}}, ink(style.palette.bad),
                units(style, 1.25f), {3, 3});
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.bad};
  const std::string words =
      format_text("run.nonfinite_at", fmt::arg("value", number_text(run.first_nonfinite->value)),
                  fmt::arg("step", run.first_nonfinite->step));
  const ImVec2 size = plate_size(style, plate, words);
  if (const auto at = places.take(corners_beside(style, frame, x, size, 4), size))
    draw_plate(canvas, plate, *at, words, frame.low, frame.high);
}

/// Where a setting changed, a line; `named`: with what it is from there on. Of
/// those that lie in one place the last.
void draw_changes(Canvas& canvas, const RunSummary& run, RunAxis axis, const RunPlace& placed,
                  bool named, LabelPlaces& places) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.text};
  float last = INFINITY;
  for (const LiveChange& change : std::views::reverse(run.changes)) {
    const float x = frame.x_at(place_along(run, axis, static_cast<double>(change.step)));
    if (change.step > run.steps || !(x >= frame.low.x && x <= frame.high.x)) continue;
    if (last - x < units(style, 3)) continue;
    last = x;
    canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}},
                  ink(style.palette.muted), units(style, 1), {2, 3});
    const std::string words = words_of(change);
    const ImVec2 size = plate_size(style, plate, words);
    if (!named) continue;
    if (const auto at = places.take(corners_beside(style, frame, x, size, 6), size))
      draw_plate(canvas, plate, *at, words, frame.low, frame.high);
  }
}

void draw_run(Canvas& canvas, const RunPicture& picture, const RunQuantity& quantity,
              const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const RunPlace placed = place_run(picture, quantity, canvas.style(), place);
  const RunAxis axis = axis_of(picture);
  const std::string measured = measured_words(run.experiment.network.precision, run.emulated);
  const bool said =
      draw_title(canvas, title_along(quantity.plot, axis), measured, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, axis_words(axis), text(quantity.axis));
  if (!said)
    draw_beside_y_name(canvas, placed.frame, text(quantity.axis), measured,
                       text(run.emulated ? "plot.emulated" : "plot.measured"), run.emulated);
  const FrameClip clip(canvas, placed.frame);
  std::vector<std::vector<ImVec2>> lines;
  // The run itself over those beside it.
  for (const DrawnCurve& one : std::views::reverse(placed.curves))
    lines.push_back(draw_curve(canvas, placed.frame, one));
  LabelPlaces places = placed.label_places(body(canvas.style()) / 2, lines);
  if (const auto step = nonfinite_step(run, quantity))
    draw_first_nonfinite(canvas, run, placed, place_along(run, axis, *step), places);
  const bool named =
      quantity.plot == kQuantities.front().plot || quantity.plot == picture.view.plot;
  draw_changes(canvas, run, axis, placed, named, places);
  if (picture.guide) draw_reading(canvas, placed, quantity, axis, *picture.guide, places);
}

/// What every curve that has a step nearest to the pointer says of it; the mark is on the curve
/// that is nearest.
std::optional<PlotReading> read_run(const RunPicture& picture, const RunQuantity& quantity,
                                    const Style& style, const PlotPlace& place, ImVec2 pointer) {
  const RunPlace placed = place_run(picture, quantity, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  const auto read = read_curves(placed.curves, placed.frame.x_unit(pointer.x));
  if (!read) return std::nullopt;
  const double step = read->values.front().step;
  PlotReading reading{{placed.frame.x_at(read->x), pointer.y},
                      {place_words(axis_of(picture), read->x, step)}};
  reading.index = static_cast<int>(step);
  reading.x = read->x;
  for (const LiveChange& change : picture.run->changes)
    if (static_cast<double>(change.step) == step)
      reading.lines.push_back(format_text("run.before_it", fmt::arg("change", words_of(change))));
  for (const auto& [curve, value, at] : read->values) {
    reading.lines.push_back(fmt::format("{}: {}", curve->words, value_words(quantity, value)));
    reading.values.push_back({curve->words, value, placed.frame.y.scaled(value)});
  }
  point_at_nearest(reading, placed.frame, pointer);
  return reading;
}

}  // namespace

std::span<const RunQuantity> run_quantities() { return kQuantities; }

bool has(const RunSummary& run, const RunQuantity& quantity) {
  return run.history && std::ranges::any_of(quantity.curves, [&](const RunCurve& curve) {
           return !((*run.history).*curve.y).empty();
         });
}

Plot run_plot(std::shared_ptr<const RunPicture> picture, const RunQuantity& quantity) {
  return {.name = std::string(quantity.plot),
          .draw = [picture, quantity](
                      Canvas& canvas,
                      const PlotPlace& place) { draw_run(canvas, *picture, quantity, place); },
          .frame =
              [picture, quantity](const Style& style, const PlotPlace& place) {
                return place_run(*picture, quantity, style, place).frame;
              },
          .read =
              [picture, quantity](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                return read_run(*picture, quantity, style, place, pointer);
              },
          .tells = true,
          .grows = !picture->run->is_over()};
}

}  // namespace nanscope
