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
    RunCurve{"run.training", &RunHistory::steps, &RunHistory::loss, false, &RunHistory::losses},
    RunCurve{"run.held_out", &RunHistory::looks, &RunHistory::held_out_loss, true,
             &RunHistory::held_out_losses}};
constexpr std::array kAccuracies{RunCurve{"run.held_out", &RunHistory::looks, &RunHistory::accuracy,
                                          true, &RunHistory::accuracies}};
constexpr std::array kNorms{RunCurve{"run.grad_norm", &RunHistory::steps, &RunHistory::grad_norm,
                                     false, &RunHistory::grad_norms}};
constexpr std::array kRates{
    RunCurve{.name = "run.lr", .x = &RunHistory::steps, .y = &RunHistory::lr, .holds = true}};

constexpr std::array kScales{RunCurve{"run.loss_scale", &RunHistory::steps, &RunHistory::loss_scale,
                                      false, &RunHistory::loss_scales, true}};

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
std::optional<double> nonfinite_step(const std::optional<FirstNonfiniteStep>& first,
                                     const RunQuantity& quantity) {
  if (!first || first->what == NonfinitePart::state) return std::nullopt;
  const bool is_loss = first->what == NonfinitePart::loss;
  if (quantity.plot != (is_loss ? "loss" : "gradient_norm")) return std::nullopt;
  return static_cast<double>(first->step);
}

float room_of_mark(const Style& style) { return px(style.marker_size) * 3; }

/// From the smallest to the largest network at one place.
void draw_bar(Canvas& canvas, const DrawnCurve& one, ImVec2 low, ImVec2 high) {
  const Style& style = canvas.style();
  const float cap = px(style.marker_size) * 0.75f, width = units(style, 1.25f);
  const ImU32 color = ink(one.stroke.color, 0.75f);
  canvas.line(low, high, color, width);
  for (const ImVec2& end : {low, high})
    canvas.line({end.x - cap, end.y}, {end.x + cap, end.y}, color, width);
}

/// A field, and where it would be too narrow to be seen, as of one look alone, a bar.
void draw_band(Canvas& canvas, const ChartFrame& frame, const DrawnCurve& one) {
  const auto [upper, lower] = band_points(frame, one.x, one.low, one.high);
  canvas.field(upper, lower, ink(one.stroke.color, one.beside ? 0.14f : 0.22f));
  for (const std::vector<ImVec2>& edge : {upper, lower})
    canvas.polyline(edge, ink(one.stroke.color, 0.35f), units(canvas.style(), 1));
  const float narrow = room_of_mark(canvas.style()) / 2;
  for (std::size_t begin = 0, end = 0; begin < upper.size(); begin = end + 1) {
    for (end = begin; end < upper.size() && !is_gap(upper[end]);) ++end;
    if (end == begin || upper[end - 1].x - upper[begin].x >= narrow) continue;
    const std::span<const ImVec2> above(upper.data() + begin, end - begin);
    const std::span<const ImVec2> below(lower.data() + begin, end - begin);
    draw_bar(canvas, one, *std::ranges::max_element(below, {}, &ImVec2::y),
             {above.front().x, std::ranges::min_element(above, {}, &ImVec2::y)->y});
  }
}

/// Marks of a curve, none nearer to the last one than there is room for.
void draw_marks(Canvas& canvas, const DrawnCurve& one, std::span<const ImVec2> points) {
  const float apart = room_of_mark(canvas.style());
  float last = -INFINITY;
  for (const ImVec2& at : points) {
    if (is_gap(at) || at.x - last < apart) continue;
    draw_mark(canvas, one.stroke.mark, at, ink(one.stroke.color));
    last = at.x;
  }
}

/// From the smallest to the largest network, as bars at some of the places where a curve was
/// measured: two fields over one another would be of neither colour.
void draw_whiskers(Canvas& canvas, const ChartFrame& frame, const DrawnCurve& one) {
  const float apart = room_of_mark(canvas.style());
  float last = -INFINITY;
  for (std::size_t i = 0; i < std::min({one.x.size(), one.low.size(), one.high.size()}); ++i) {
    const ImVec2 low = frame.at(one.x.values[i], one.low.values[i]);
    const ImVec2 high = frame.at(one.x.values[i], one.high.values[i]);
    if (!std::isfinite(low.y) || !std::isfinite(high.y) || low.x - last < apart) continue;
    last = low.x;
    draw_bar(canvas, one, low, high);
  }
}

/// The run's first band is a field; so are those of runs beside it.
void draw_bands(Canvas& canvas, const ChartFrame& frame, std::span<const DrawnCurve> curves) {
  const auto first = std::ranges::find_if(curves, &DrawnCurve::is_band);
  for (const DrawnCurve& one : std::views::reverse(curves)) {
    if (!one.is_band()) continue;
    if (one.beside || &one == &*first)
      draw_band(canvas, frame, one);
    else
      draw_whiskers(canvas, frame, one);
  }
}

/// The points of what stays until the next one, with a corner where it jumps.
std::vector<ImVec2> with_corners(std::span<const ImVec2> points) {
  std::vector<ImVec2> cornered;
  for (const ImVec2& at : points) {
    if (!cornered.empty() && !is_gap(at) && !is_gap(cornered.back()) && at.y != cornered.back().y)
      cornered.push_back({at.x, cornered.back().y});
    cornered.push_back(at);
  }
  return cornered;
}

/// Its points, as measured.
std::vector<ImVec2> draw_curve(Canvas& canvas, const ChartFrame& frame, const DrawnCurve& one) {
  std::vector<ImVec2> points = curve_points(frame, one.x, one.y);
  if (one.curve->holds) points = with_corners(points);
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
  const FirstNonfiniteStep& first = *run.first_nonfinite;
  const NetworkSpec& network = run.experiment.network;
  const std::string words =
      format_text(network.networks > 1 ? "run.nonfinite_of" : "run.nonfinite_at",
                  fmt::arg("value", number_text(first.value)), fmt::arg("step", first.step),
                  fmt::arg("seed", network.seed + static_cast<std::uint64_t>(first.network)));
  const ImVec2 size = plate_size(style, plate, words);
  if (const auto at = places.take(corners_beside(style, frame, x, size, 4), size))
    draw_plate(canvas, plate, *at, words, frame.low, frame.high);
}

/// Where each other of several networks stopped being finite, as much paler a line.
void draw_lost_networks(Canvas& canvas, const RunSummary& run, const RunQuantity& quantity,
                        RunAxis axis, const ChartFrame& frame) {
  const Style& style = canvas.style();
  for (const NetworkFate& one : run.networks) {
    const auto step = nonfinite_step(one.first_nonfinite, quantity);
    if (!step || one.first_nonfinite->network == run.first_nonfinite->network) continue;
    const float x = frame.x_at(place_along(run, axis, *step));
    if (x >= frame.low.x && x <= frame.high.x)
      canvas.dashes(std::array{ImVec2{x, frame.low.y}, ImVec2{x, frame.high.y}},
                    ink(style.palette.bad, 0.45f), units(style, 1), {3, 3});
  }
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
    if (!changes_numbers(change)) continue;
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

/// Within the plot area: curves, marks and what they are called; where the pointer's step is read.
/// What is read and has no room there.
std::string draw_in_frame(Canvas& canvas, const RunPicture& picture, const RunQuantity& quantity,
                          const RunPlace& placed, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const RunAxis axis = axis_of(picture);
  const FrameClip clip(canvas, placed.frame);
  std::vector<std::vector<ImVec2>> lines;
  draw_bands(canvas, placed.frame, placed.curves);
  draw_lost_networks(canvas, run, quantity, axis, placed.frame);
  // The run itself over those beside it.
  for (const DrawnCurve& one : std::views::reverse(placed.curves))
    lines.push_back(draw_curve(canvas, placed.frame, one));
  LabelPlaces places = placed.label_places(body(canvas.style()) / 2, lines);
  if (const auto step = nonfinite_step(run.first_nonfinite, quantity))
    draw_first_nonfinite(canvas, run, placed, place_along(run, axis, *step), places);
  const bool named =
      quantity.plot == kQuantities.front().plot || quantity.plot == picture.view.plot;
  draw_changes(canvas, run, axis, placed, named, places);
  if (!picture.guide || !place.pointed) return "";
  for (const LabelBox& box : place.pinned) places.keep_free(box);
  return draw_reading(canvas, placed, quantity, axis, *picture.guide, places);
}

void draw_run(Canvas& canvas, const RunPicture& picture, const RunQuantity& quantity,
              const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const RunPlace placed = place_run(picture, quantity, canvas.style(), place);
  const RunAxis axis = axis_of(picture);
  std::string measured = measured_words(run.experiment.network.precision, run.emulated);
  if (quantity.plot == kConditionPlot)
    measured = measured_in_one(run, network_of_conditions(run, picture.view));
  const auto is_band = [](const LegendEntry& entry) { return entry.sample == Sample::band; };
  if (std::ranges::any_of(placed.curves, &DrawnCurve::is_band) &&
      std::ranges::none_of(placed.legend, is_band))
    measured = format_text("run.band_note", fmt::arg("measured", measured),
                           fmt::arg("count", run.experiment.network.networks));
  const Style& style = canvas.style();
  const std::string brief = text(run.emulated ? "plot.emulated" : "plot.measured");
  const bool roomy = have_room_beside_titles(picture, style, measured, place.size.x);
  const bool said = draw_title(canvas, title_along(quantity.plot, axis), roomy ? measured : "",
                               place.corner, place.size.x) &&
                    roomy;
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, axis_words(axis), "");
  // Over a small plot what is read stands in the row above it, for as long as it is read.
  const std::string read = draw_in_frame(canvas, picture, quantity, placed, place);
  // That it is emulated is said where the axis' name is not.
  const bool crowded = !said && read.empty() && run.emulated &&
                       !have_room_above(style, placed.frame, text(quantity.axis), brief);
  const std::string name = crowded ? "" : text(quantity.axis);
  draw_row_above(canvas, placed.frame, name, read);
  if (!said && read.empty())
    draw_beside_y_name(canvas, placed.frame, name, brief, brief, run.emulated);
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
  for (const RunReading::Value& one : read->values) {
    reading.lines.push_back(fmt::format("{}: {}", one.curve->words, value_words(quantity, one)));
    reading.values.push_back({one.curve->words, one.value, placed.frame.y.scaled(one.value)});
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
