#include "ui/labs/training/plots/run_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <ranges>
#include <utility>

#include "ui/charts/curve.h"
#include "ui/charts/labels.h"
#include "ui/charts/legend.h"
#include "ui/labs/describe.h"
#include "ui/labs/training/plots/run_curves.h"
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

constexpr std::array kQuantities{
    RunQuantity{"loss", "plot.loss", "plot.axis.loss", 10, false, kLosses},
    RunQuantity{"accuracy", "plot.accuracy", "plot.axis.accuracy", 0, true, kAccuracies},
    RunQuantity{"gradient_norm", "plot.gradient_norm", "plot.axis.gradient_norm", 10, false,
                kNorms},
    RunQuantity{"learning_rate", "plot.learning_rate", "plot.axis.learning_rate", 0, false, kRates},
    RunQuantity{"loss_scale", "plot.loss_scale", "plot.axis.loss_scale", 2, false, kScales},
};

/// A run's plot within its place.
struct RunPlace {
  std::vector<DrawnCurve> curves;
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;

  LabelBox area() const { return {frame.low, frame.high}; }
  /// Places for labels, beside the curves where they can be.
  LabelPlaces label_places(float apart) const {
    std::vector<ImVec2> points;
    for (const DrawnCurve& one : curves)
      add_points_along(points, curve_points(frame, one.x, one.y), apart, area());
    return LabelPlaces(area(), std::move(points));
  }
};

/// The first step that was not finite, where the quantity is what was not.
std::optional<double> nonfinite_step(const RunSummary& run, const RunQuantity& quantity) {
  const auto& first = run.first_nonfinite;
  if (!first || quantity.plot != (first->is_loss ? "loss" : "gradient_norm")) return std::nullopt;
  return static_cast<double>(first->step);
}

RunPlace place_run(const RunPicture& picture, const RunQuantity& quantity, const Style& style,
                   const PlotPlace& place) {
  RunPlace placed;
  placed.curves = drawn_curves(picture, quantity, style);
  // Among others the first plot says for all which run is which. One curve is what the title says.
  const bool names_all =
      quantity.plot == kQuantities.front().plot || quantity.plot == picture.alone;
  if (std::ranges::count(placed.curves, false, &DrawnCurve::beside) > 1 ||
      (names_all && placed.curves.size() > 1))
    for (const DrawnCurve& one : placed.curves)
      if (!one.beside || names_all) placed.legend.push_back({Sample::line, one.words, one.stroke});
  placed.title = title_height(style) + px(style.spacing * 0.25f);
  const float head = placed.title + legend_height(style, placed.legend, place.size.x);
  const ImVec2 area{place.size.x, std::max(place.size.y - head, units(style, 48))};
  const double columns = std::max(3.0f, area.x / (body(style) * 4));
  const double rows = std::max(2.0f, area.y / (body(style) * 2.2f));
  // As long as the whole run, so that nothing moves sideways while it goes on.
  std::array steps{0.0, static_cast<double>(picture.run->goal)};
  for (const BesideRun& one : picture.beside)
    steps[1] = std::max(steps[1], static_cast<double>(one.run->steps));
  const ImFont* font = style.fonts.regular;
  const int log_base = picture.look.linear ? 0 : quantity.log_base;
  placed.frame =
      place_chart(style, scaled_axis(steps, {0, columns, false, place.zoom.x, place.held.x}, font),
                  scaled_axis(ends_of(placed.curves, log_base),
                              {log_base, rows, quantity.percent, place.zoom.y, place.held.y}, font),
                  {place.corner.x, place.corner.y + head}, area);
  return placed;
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

void draw_curve(Canvas& canvas, const ChartFrame& frame, const DrawnCurve& one) {
  const std::vector<ImVec2> points = curve_points(frame, one.x, one.y);
  Stroke measured = one.stroke;
  if (!one.smooth.empty()) {
    measured.color.w *= 0.3f;
    measured.width *= 0.6f;
  }
  draw_stroke(canvas, points, measured);
  if (!one.smooth.empty()) draw_stroke(canvas, curve_points(frame, one.x, one.smooth), one.stroke);
  if (one.stroke.marked || one.y.size() == 1) draw_marks(canvas, one, points);
  draw_nonfinite(canvas, frame, nonfinite_places(frame, one.x, one.y), one.stroke.color);
}

/// Corners of a label of this size right and left of a line, at shares of the plot's height.
std::vector<ImVec2> corners_beside(const Style& style, const ChartFrame& frame, float x,
                                   ImVec2 size, std::initializer_list<float> shares) {
  const float gap = units(style, 4);
  std::vector<ImVec2> corners;
  for (const float left : {x + gap, x - gap - size.x})
    for (const float share : shares)
      corners.push_back(
          {left, frame.low.y + gap + share * (frame.high.y - frame.low.y - size.y - 2 * gap)});
  return corners;
}

/// Where nothing is finite any more, and at which step that began.
void draw_first_nonfinite(Canvas& canvas, const RunSummary& run, const RunPlace& placed,
                          double step, LabelPlaces& places) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const float x = frame.x_at(step);
  if (!(x >= frame.low.x && x <= frame.high.x)) return;
  canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}}, ink(style.palette.bad),
                units(style, 1.25f), {3, 3});
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.bad};
  const std::string words =
      format_text("run.nonfinite_at", fmt::arg("value", number_text(run.first_nonfinite->value)),
                  fmt::arg("step", run.first_nonfinite->step));
  const ImVec2 size = plate_size(style, plate, words);
  if (const auto at =
          places.take(corners_beside(style, frame, x, size, {0.5f, 0.25f, 0.75f, 0}), size))
    draw_plate(canvas, plate, *at, words, frame.low, frame.high);
}

/// Where a setting changed, a line; `named`: with what it is from there on. Of
/// those that lie in one place the last.
void draw_changes(Canvas& canvas, const RunSummary& run, const RunPlace& placed, bool named,
                  LabelPlaces& places) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.text};
  float last = INFINITY;
  for (const LiveChange& change : std::views::reverse(run.changes)) {
    const float x = frame.x_at(static_cast<double>(change.step));
    if (change.step > run.steps || !(x >= frame.low.x && x <= frame.high.x)) continue;
    if (last - x < units(style, 3)) continue;
    last = x;
    canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}},
                  ink(style.palette.muted), units(style, 1), {2, 3});
    const std::string words = words_of(change);
    const ImVec2 size = plate_size(style, plate, words);
    if (!named) continue;
    if (const auto at =
            places.take(corners_beside(style, frame, x, size, {0, 0.15f, 0.3f, 1}), size))
      draw_plate(canvas, plate, *at, words, frame.low, frame.high);
  }
}

void draw_guide(Canvas& canvas, const ChartFrame& frame, double step) {
  const float x = frame.x_at(step);
  canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(canvas.style().palette.accent, 0.5f),
              units(canvas.style(), 1));
}

void draw_run(Canvas& canvas, const RunPicture& picture, const RunQuantity& quantity,
              const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const RunPlace placed = place_run(picture, quantity, canvas.style(), place);
  const std::string measured = measured_words(run.experiment.network.precision, run.emulated);
  const bool said = draw_title(canvas, text(quantity.title), measured, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("plot.axis.step"), text(quantity.axis));
  if (!said)
    draw_beside_y_name(canvas, placed.frame, text(quantity.axis), measured,
                       text(run.emulated ? "plot.emulated" : "plot.measured"));
  const FrameClip clip(canvas, placed.frame);
  // The run itself over those beside it.
  for (const DrawnCurve& one : std::views::reverse(placed.curves))
    draw_curve(canvas, placed.frame, one);
  LabelPlaces places = placed.label_places(body(canvas.style()) / 2);
  if (const auto step = nonfinite_step(run, quantity))
    draw_first_nonfinite(canvas, run, placed, *step, places);
  draw_changes(canvas, run, placed, quantity.plot == kQuantities.front().plot, places);
  if (picture.guide) draw_guide(canvas, placed.frame, *picture.guide);
}

/// The place of the value of `x` that is nearest to `wanted`.
std::size_t nearest(std::span<const double> x, double wanted) {
  const auto after = std::ranges::lower_bound(x, wanted);
  if (after == x.begin()) return 0;
  const auto at = after == x.end() || wanted - *(after - 1) < *after - wanted ? after - 1 : after;
  return static_cast<std::size_t>(at - x.begin());
}

/// Every curve's value nearest to the pointer's step; the mark is on the first that has a place.
std::optional<PlotReading> read_run(const RunPicture& picture, const RunQuantity& quantity,
                                    const Style& style, const PlotPlace& place, ImVec2 pointer) {
  const RunPlace placed = place_run(picture, quantity, style, place);
  if (!placed.frame.contains(pointer) || placed.curves.empty()) return std::nullopt;
  const double wanted = placed.frame.x_unit(pointer.x);
  const std::span<const double> x = placed.curves.front().x;
  const double step = x[nearest(x, wanted)];
  PlotReading reading{{placed.frame.x_at(step), pointer.y},
                      {format_text("run.step", fmt::arg("step", step))}};
  reading.index = static_cast<int>(step);
  for (const LiveChange& change : picture.run->changes)
    if (static_cast<double>(change.step) == step)
      reading.lines.push_back(format_text("run.before_it", fmt::arg("change", words_of(change))));
  reading.on_drawn = false;
  for (const DrawnCurve& one : placed.curves) {
    const std::size_t at = nearest(one.x, wanted);
    // What is measured seldom is said where it was measured.
    const bool elsewhere = one.curve->seldom || one.beside;
    if (elsewhere && &one != &placed.curves.front() && one.x[at] != step) continue;
    const double value = one.y[at];
    const std::string words =
        quantity.percent ? fmt::format("{} %", number_text(100 * value)) : number_text(value);
    reading.lines.push_back(fmt::format("{}: {}", one.words, words));
    const double unit = placed.frame.y.scaled(value);
    reading.values.push_back({one.words, value, unit});
    if (reading.on_drawn || !std::isfinite(unit)) continue;
    reading.at.y = placed.frame.y_at(value);
    reading.on_drawn = true;
  }
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
              }};
}

}  // namespace nanscope
