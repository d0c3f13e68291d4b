#include "ui/labs/training/plots/step_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/theory/prediction.h"
#include "ui/charts/curve.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/plots/run_reading.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// A value a layer, NaN where the layer has none.
struct LayerCurve {
  std::string words;
  Stroke stroke;
  std::vector<double> y;
};

struct StepPlace {
  const LayerHistory& layers;
  double step = 0;
  std::vector<double> x;  ///< the layers' numbers: an input layer is 0
  std::vector<LayerCurve> curves;
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
  for (std::size_t layer = 0; layer < layers.layers().size(); ++layer) {
    const double value = layers.value(quantity, look, layer);
    curve.y.push_back(value == LayerHistory::kNone ? NAN : value);
  }
  return curve;
}

/// Of the activations at initialization; nothing for data whose law is not known, and with dropout,
/// which theory leaves out.
std::optional<LayerCurve> predicted_curve(const Experiment& experiment, std::size_t layers,
                                          const Style& style) {
  if (reads_table(experiment.data.kind) || experiment.training.dropout > 0) return {};
  const std::vector<LayerPrediction> predicted = predict_signal(
      experiment.network, experiment.data, {.features = experiment.network.model.width});
  LayerCurve curve{
      .words = text("run.step_layers_predicted"),
      .stroke = {.color = style.palette.series.front(), .dash = {6, 3}, .width = 0.75f},
      .y = {}};
  for (std::size_t layer = 0; layer < layers; ++layer)
    curve.y.push_back(layer < predicted.size() ? predicted[layer].activation_variance.expected
                                               : NAN);
  return curve;
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
  const LayerHistory& layers = run.history->layers;
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
  if (auto predicted = predicted_curve(run.experiment, placed.x.size(), style))
    placed.curves.push_back(*std::move(predicted));
  for (const LayerCurve& curve : placed.curves)
    placed.legend.push_back({Sample::line, curve.words, curve.stroke});
  placed.title = title_height(style) + px(style.spacing * 0.25f);
  const float head = placed.title + legend_height(style, placed.legend, place.size.x);
  const ImVec2 area{place.size.x, std::max(place.size.y - head, units(style, 48))};
  placed.frame = place_chart(style, layers_axis(placed.x, area.x, style, place),
                             scaled_axis(ends_of(placed.curves),
                                         {.log_base = 10,
                                          .most = std::max(2.0f, area.y / (body(style) * 2.2f)),
                                          .zoom = place.zoom.y,
                                          .held = place.held.y},
                                         style.fonts.regular),
                             {place.corner.x, place.corner.y + head}, area);
  return placed;
}

void draw_curve_over_depth(Canvas& canvas, const StepPlace& placed, const LayerCurve& curve) {
  const std::vector<ImVec2> points = curve_points(placed.frame, placed.x, curve.y);
  draw_stroke(canvas, points, curve.stroke);
  if (!curve.stroke.marked) return;
  for (const ImVec2& at : points)
    if (!std::isnan(at.x))
      draw_mark(canvas, curve.stroke.mark, at, ink(curve.stroke.color), curve.stroke.mark_size);
}

void draw_step(Canvas& canvas, const RunPicture& picture, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const StepPlace placed = place_step(picture, canvas.style(), place);
  draw_title(canvas, format_text("run.layers_at", fmt::arg("step", placed.step)),
             measured_in_one(run), place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, text("plot.axis.layers"), text("plot.axis.step_layers"));
  const FrameClip clip(canvas, placed.frame);
  for (const LayerCurve& curve : placed.curves) draw_curve_over_depth(canvas, placed, curve);
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
  for (const LayerCurve& curve : placed.curves) {
    const double value = curve.y[layer];
    if (std::isnan(value)) continue;
    reading.table.rows.push_back({curve.words, number_text(value)});
    reading.values.push_back({curve.words, value, placed.frame.y.scaled(value)});
  }
  point_at_nearest(reading, placed.frame, pointer);
  return reading;
}

}  // namespace

std::optional<std::size_t> chosen_look(const RunSummary& run, const ViewSpec& view) {
  if (!view.look || !run.history) return std::nullopt;
  const std::vector<double>& steps = run.history->layers.steps();
  const auto behind = std::ranges::upper_bound(steps, static_cast<double>(*view.look));
  if (behind == steps.begin()) return std::nullopt;
  return static_cast<std::size_t>(behind - steps.begin() - 1);
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
