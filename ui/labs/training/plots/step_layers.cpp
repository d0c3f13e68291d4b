#include "ui/labs/training/plots/step_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/recipe/initial_theory.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/curve.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/plots/run_place.h"
#include "ui/labs/training/plots/run_reading.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// A value a layer.
struct LayerCurve {
  std::string words;
  Stroke stroke;
  std::vector<double> y;                    ///< LayerHistory::kNone, predicted NaN: there is none
  std::vector<double> low = {}, high = {};  ///< of its band, if it has one
};

struct StepPlace {
  const LayerHistory& layers;
  double step = 0;
  std::vector<double> x;  ///< the layers' numbers: an input layer is 0
  std::vector<LayerCurve> curves;
  std::string no_theory = {};  ///< why theory says nothing of the first step
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;
};

LayerCurve measured_curve(const LayerHistory& layers, std::size_t look, LayerQuantity quantity,
                          const Style& style) {
  constexpr std::array kMarks{Mark::circle, Mark::diamond, Mark::square};
  const auto place = static_cast<std::size_t>(quantity);
  LayerCurve curve{.words = text(fmt::format("run.step_layers.{}", name_of(quantity))),
                   .stroke = {.color = style.palette.series[place],
                              .mark = kMarks[place % kMarks.size()],
                              .marked = true},
                   .y = {}};
  for (std::size_t layer = 0; layer < layers.layers().size(); ++layer)
    curve.y.push_back(layers.value(quantity, look, layer));
  return curve;
}

LayerCurve dashed(std::string words, LayerQuantity quantity, std::vector<double> y,
                  const Style& style) {
  return {.words = std::move(words),
          .stroke = {.color = style.palette.series[static_cast<std::size_t>(quantity)],
                     .dash = {6, 3},
                     .width = 0.75f},
          .y = std::move(y)};
}

/// What theory says of the activations: beside the first step's with its band, beside later ones to
/// show what has become of them since.
void add_activations(StepPlace& placed, const InitialTheory& theory, const Style& style) {
  LayerCurve curve = dashed("", LayerQuantity::activation, {}, style);
  for (const Band& band : theory.activation) {
    curve.y.push_back(band.expected);
    if (placed.step == 0) {
      curve.low.push_back(band.low);
      curve.high.push_back(band.high);
    }
  }
  const bool has_band =
      std::ranges::any_of(theory.activation, [](const Band& band) { return !band.missing; });
  curve.words = text(placed.step > 0 ? "run.step_layers_predicted"
                     : has_band      ? "run.step_layers_predicted_band"
                                     : "run.step_layers_predicted_no_band");
  placed.curves.push_back(std::move(curve));
}

/// Of the gradients in the first step, from the last layer's on back.
void add_gradients(StepPlace& placed, const InitialTheory& theory, const Style& style) {
  const std::vector<double>& measured =
      placed.curves[static_cast<std::size_t>(LayerQuantity::gradient)].y;
  const std::size_t last = theory.gradient.size() - 1;
  if (placed.step > 0 || last >= measured.size() || !(measured[last] > 0)) return;
  std::vector<double> expected;
  for (const double ratio : theory.gradient) expected.push_back(ratio * measured[last]);
  placed.curves.push_back(dashed(text("run.step_layers_predicted_gradients"),
                                 LayerQuantity::gradient, std::move(expected), style));
}

/// Beside what is measured. Theory is of weights as they are drawn: where there is none, why is
/// said of the first step alone.
void add_theory(StepPlace& placed, const Experiment& experiment, const Style& style) {
  const auto theory = initial_theory(experiment);
  const bool first = placed.step == 0;
  if (!theory) {
    if (first)
      placed.no_theory =
          text(experiment.training.dropout > 0 ? "run.no_theory.dropout" : "run.no_theory.table");
    return;
  }
  if (theory->activation.empty() || std::isnan(theory->activation.back().expected)) {
    if (first) placed.no_theory = text("run.no_theory.batchnorm");
    return;
  }
  add_activations(placed, *theory, style);
  add_gradients(placed, *theory, style);
  for (LayerCurve& curve : placed.curves) curve.y.resize(placed.x.size(), NAN);
}

/// From half a layer before the first one to half a layer behind the last one.
ScaledAxis layers_axis(const std::vector<double>& x, float width, const Style& style,
                       const PlotPlace& place) {
  return scaled_axis(std::array{x.front(), std::max(x.back(), x.front() + 1)},
                     {.most = std::max(3.0f, width / (body(style) * 4)),
                      .zoom = place.zoom.x,
                      .held = place.held.x,
                      .whole = true},
                     style.fonts.regular);
}

std::vector<double> ends_of(const std::vector<LayerCurve>& curves) {
  Extent extent;
  for (const LayerCurve& curve : curves)
    for (const double value : curve.y)
      if (value > 0) extent.add(value);
  if (extent.empty()) return {};
  return {extent.limits().low, extent.limits().high};
}

StepPlace place_step(const RunPicture& picture, const Style& style, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const LayerHistory& layers = layers_in_view(run, picture.view);
  const std::size_t look = chosen_look(run, picture.view).value();
  StepPlace placed{.layers = layers,
                   .step = layers.steps()[look],
                   .x = {},
                   .curves = {},
                   .legend = {},
                   .frame = {}};
  const int first = layers.layers().front() == "input" ? 0 : 1;
  for (std::size_t i = 0; i < layers.layers().size(); ++i)
    placed.x.push_back(first + static_cast<double>(i));
  for (const LayerQuantity quantity :
       {LayerQuantity::activation, LayerQuantity::gradient, LayerQuantity::weight})
    placed.curves.push_back(measured_curve(layers, look, quantity, style));
  add_theory(placed, run.experiment, style);
  for (const LayerCurve& curve : placed.curves)
    placed.legend.push_back(
        {curve.low.empty() ? Sample::line : Sample::predicted, curve.words, curve.stroke});
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  placed.frame = place_chart(
      style, layers_axis(placed.x, area.size.x, style, place),
      scaled_axis(ends_of(placed.curves),
                  {.log_base = 10, .most = area.rows, .zoom = place.zoom.y, .held = place.held.y},
                  style.fonts.regular),
      area.corner, area.size);
  return placed;
}

void draw_band_over_depth(Canvas& canvas, const StepPlace& placed, const LayerCurve& curve) {
  canvas.field(curve_points(placed.frame, placed.x, curve.high),
               curve_points(placed.frame, placed.x, curve.low), ink(curve.stroke.color, 0.12f));
}

/// Why there is no theory, where it covers nothing.
void draw_no_theory(Canvas& canvas, const StepPlace& placed) {
  if (placed.no_theory.empty()) return;
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  std::vector<ImVec2> drawn;
  for (const LayerCurve& curve : placed.curves) {
    add_points_along(drawn, curve_points(frame, placed.x, curve.y), body(style) / 2,
                     {frame.low, frame.high});
    // Marks of what is not finite stand at the edges.
    for (const NonfinitePlace& place : nonfinite_places(frame, placed.x, curve.y))
      for (const float y : {frame.low.y, frame.high.y})
        for (const float away : {-1.0f, 1.0f, 2.0f})
          drawn.push_back(
              {place.x, y + away * px(style.marker_size) * (y < frame.high.y ? 1 : -1)});
  }
  LabelPlaces places({frame.low, frame.high}, std::move(drawn), px(style.marker_size));
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.muted};
  const ImVec2 size = plate_size(style, plate, placed.no_theory);
  const std::vector<ImVec2> corners = corners_beside(style, frame, frame.low.x, size, 8);
  if (const auto at = places.take(corners, size, 0))
    draw_plate(canvas, plate, *at, placed.no_theory, frame.low, frame.high);
}

void draw_curve_over_depth(Canvas& canvas, const StepPlace& placed, const LayerCurve& curve) {
  if (!curve.low.empty()) draw_band_over_depth(canvas, placed, curve);
  const std::vector<ImVec2> points = curve_points(placed.frame, placed.x, curve.y);
  draw_stroke(canvas, points, curve.stroke);
  if (!curve.stroke.marked) return;
  for (const ImVec2& at : points)
    if (!std::isnan(at.x))
      draw_mark(canvas, curve.stroke.mark, at, ink(curve.stroke.color), curve.stroke.mark_size);
  draw_nonfinite(canvas, placed.frame, nonfinite_places(placed.frame, placed.x, curve.y),
                 curve.stroke.color);
}

/// In which the run stopped being finite.
bool is_death(const RunSummary& run, double step) {
  return run.autopsy && static_cast<double>(run.autopsy->step) == step;
}

void draw_step(Canvas& canvas, const RunPicture& picture, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const StepPlace placed = place_step(picture, canvas.style(), place);
  const char* title = is_death(run, placed.step) ? "run.layers_at_death" : "run.layers_at";
  draw_title(canvas, format_text(title, fmt::arg("step", placed.step)),
             note_within(picture, canvas.style(), place.size.x), place.corner, place.size.x,
             network_name(run, seen_network(run, picture.view)));
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("plot.axis.layers"), text("plot.axis.step_layers"));
  const FrameClip clip(canvas, placed.frame);
  if (const auto& layer = picture.view.layer) {
    const float x = placed.frame.x_at(*layer);
    canvas.line({x, placed.frame.low.y}, {x, placed.frame.high.y},
                ink(canvas.style().palette.accent, 0.5f), units(canvas.style(), 1));
  }
  for (const LayerCurve& curve : placed.curves) draw_curve_over_depth(canvas, placed, curve);
  draw_no_theory(canvas, placed);
}

std::optional<PlotReading> read_step(const RunPicture& picture, const Style& style,
                                     const PlotPlace& place, ImVec2 pointer) {
  const StepPlace placed = place_step(picture, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  const double wanted = std::round(placed.frame.x_unit(pointer.x)) - placed.x.front();
  const auto layer =
      static_cast<std::size_t>(std::clamp(wanted, 0.0, static_cast<double>(placed.x.size()) - 1));
  PlotReading reading{
      {placed.frame.x_at(placed.x[layer]), pointer.y},
      {placed.layers.layers()[layer], format_text("run.at_step", fmt::arg("step", placed.step))}};
  reading.index = static_cast<int>(placed.x[layer]);
  reading.table.head = {"", text("plot.axis.step_layers")};
  for (const LayerCurve& curve : placed.curves) {
    const double value = curve.y[layer];
    const bool measured = curve.stroke.marked;
    if (measured ? value == LayerHistory::kNone : std::isnan(value)) continue;
    reading.table.rows.push_back({curve.words, number_text(value)});
    reading.values.push_back({curve.words, value, placed.frame.y.scaled(value)});
  }
  point_at_nearest(reading, placed.frame, pointer);
  return reading;
}

}  // namespace

const LayerHistory& layers_in_view(const RunSummary& run, const ViewSpec& view) {
  return run.history->layers_of(seen_network(run, view));
}

std::optional<std::size_t> chosen_look(const RunSummary& run, const ViewSpec& view) {
  if (!view.look || !run.history) return std::nullopt;
  const std::vector<double>& steps = layers_in_view(run, view).steps();
  const auto behind = std::ranges::upper_bound(steps, static_cast<double>(*view.look));
  if (behind == steps.begin()) return std::nullopt;
  return static_cast<std::size_t>(behind - steps.begin() - 1);
}

bool is_of_early_death(const RunPicture& picture) {
  constexpr std::int64_t kHardlyACurve = 8;  // steps
  const RunSummary& run = *picture.run;
  return run.history && run.is_lost() && run.networks.empty() &&
         run.first_nonfinite->step - run.resumed_after <= kHardlyACurve &&
         !chosen_look(run, picture.view);
}

std::shared_ptr<const RunPicture> picture_of_death(const RunPicture& picture) {
  const RunSummary& run = *picture.run;
  if (!run.autopsy || !is_of_early_death(picture)) return nullptr;
  auto history = std::make_shared<RunHistory>(*run.history);
  history->layers = {};
  for (const LayersOfStep& one : run.autopsy->layers)
    history->layers.add({.step = one.step, .layers = one.layers});
  if (history->layers.empty()) return nullptr;
  auto dead = std::make_shared<RunSummary>(run);
  dead->history = std::move(history);
  auto shown = std::make_shared<RunPicture>(picture);
  shown->run = std::move(dead);
  shown->view.look = static_cast<int>(run.autopsy->step);
  return chosen_look(*shown->run, shown->view) ? shown : nullptr;
}

Plot searched_layers(std::shared_ptr<const RunPicture> picture) {
  return {
      .name = std::string(kStepLayers), .draw = [picture](Canvas& canvas, const PlotPlace& place) {
        const Style& style = canvas.style();
        const RunSummary& run = *picture->run;
        draw_title(canvas,
                   format_text("run.layers_at_death", fmt::arg("step", run.first_nonfinite->step)),
                   measured_in_one(run), place.corner, place.size.x);
        const float size = body(style) * text_size::small;
        canvas.text({place.corner.x + place.size.x / 2, place.corner.y + place.size.y / 2},
                    cut_text(style, Face::regular, size, text("run.searching"), place.size.x),
                    {Face::regular, size, ink(style.palette.muted), Anchor::middle});
      }};
}

Plot step_layers(std::shared_ptr<const RunPicture> picture) {
  return {.name = std::string(kStepLayers),
          .draw = [picture](Canvas& canvas,
                            const PlotPlace& place) { draw_step(canvas, *picture, place); },
          .frame = [picture](
                       const Style& style,
                       const PlotPlace& place) { return place_step(*picture, style, place).frame; },
          .read = [picture](const Style& style, const PlotPlace& place,
                            ImVec2 pointer) { return read_step(*picture, style, place, pointer); }};
}

}  // namespace nanscope
