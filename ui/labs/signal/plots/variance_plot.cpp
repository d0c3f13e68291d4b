#include "ui/labs/signal/plots/variance_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "ui/labs/signal/plots/companions.h"
#include "ui/labs/signal/plots/nan_gate.h"
#include "ui/labs/signal/plots/nonfinite.h"
#include "ui/labs/signal/plots/variance_data.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string tensor_text(SignalTensor tensor) {
  return text("tensor." + std::string(name_of(tensor)));
}

/// The points of a curve that is given at whole layers, NaN for a gap.
template <class Value>
std::vector<ImVec2> layer_points(const DepthCanvas& canvas, std::size_t count, const Value& value) {
  std::vector<ImVec2> points;
  for (std::size_t i = 0; i < count; ++i)
    points.push_back(canvas.at(static_cast<double>(i), value(i)));
  return points;
}

/// The points of a bound of the prediction.
std::vector<ImVec2> predicted_points(const DepthCanvas& canvas, const VarianceCurve& curve,
                                     double Band::*bound) {
  const auto& layers = canvas.snapshot.layers;
  return layer_points(canvas, layers.size(), [&](std::size_t i) {
    return log10_or_gap(layers[i].predicted.*curve.predicted.*bound);
  });
}

std::vector<ImVec2> points_of(const DepthCanvas& canvas, const VariancePoints& points,
                              double VariancePoint::*part) {
  return layer_points(canvas, points.size(), [&](std::size_t i) { return points[i].*part; });
}

/// The fields below the curves: the band of the prediction, and of the measured networks.
void draw_bands(const DepthCanvas& canvas, const VarianceCurve& curve,
                const VariancePoints& points) {
  const std::vector<ImVec2> low = predicted_points(canvas, curve, &Band::low);
  const std::vector<ImVec2> high = predicted_points(canvas, curve, &Band::high);
  canvas.canvas.field(high, low, ink(curve.color, 0.12f));
  for (const std::vector<ImVec2>& edge : {low, high})
    canvas.canvas.polyline(edge, ink(curve.color, 0.4f), units(canvas.style(), 1));
  if (curve.seeds)
    canvas.canvas.field(points_of(canvas, points, &VariancePoint::high),
                        points_of(canvas, points, &VariancePoint::low), ink(curve.color, 0.35f));
}

void draw_prediction(const DepthCanvas& canvas, const VarianceCurve& curve) {
  std::vector<ImVec2> line = predicted_points(canvas, curve, &Band::expected);
  // A lone layer has no line to carry its prediction: draw a short level stroke.
  if (line.size() == 1) {
    const float half = units(canvas.style(), 14);
    line = {{line[0].x - half, line[0].y}, {line[0].x + half, line[0].y}};
  }
  canvas.canvas.dashes(line, ink(canvas.style().palette.predicted),
                       px(canvas.style().line_width * 0.6f), curve.dash);
}

void draw_measurement(const DepthCanvas& canvas, const VarianceCurve& curve,
                      const VariancePoints& measured) {
  const std::vector<ImVec2> points = points_of(canvas, measured, &VariancePoint::value);
  canvas.canvas.polyline(points, ink(curve.color), px(canvas.style().line_width));
  for (std::size_t i = 0; i < points.size(); i += static_cast<std::size_t>(mark_stride(canvas)))
    if (!is_gap(points[i])) draw_mark(canvas.canvas, curve.mark, points[i], ink(curve.color));
}

/// Horizontal lines at the squared limits of the format. Their names stand on the side where the
/// curves do not cross them.
void draw_limits(const DepthCanvas& canvas, bool names_right) {
  const Style& style = canvas.style();
  const ImVec2 low = canvas.low(), high = canvas.high();
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.limit};
  const float height = plate.size, margin = px(style.spacing / 2);
  float last_y = -height;
  for (const FormatLimit& limit : format_limits(canvas.snapshot)) {
    const float y = canvas.at(0, limit.log10_square).y;
    if (!(y >= low.y && y <= high.y)) continue;
    canvas.canvas.dashes(std::array{ImVec2{low.x, y}, ImVec2{high.x, y}}, ink(plate.color),
                         units(style, 1.25f), {2, 3});
    const bool above = y - height > low.y;
    // Of two limits on one line, as seen from afar, the upper one keeps its name.
    if (std::abs(y - last_y) < height) continue;
    last_y = y;
    draw_plate(canvas.canvas, plate, {names_right ? high.x : low.x, above ? y - height : y},
               format_text(limit.key, fmt::arg("format", canvas.snapshot.activation_format)),
               {low.x + margin, low.y}, {high.x - margin, high.y});
  }
}

/// Points along all curves, close enough together that a label between two layers meets some.
std::vector<ImVec2> drawn_points(const DepthCanvas& canvas, const VariancePlot& plot,
                                 const std::vector<VariancePoints>& measured) {
  constexpr int kSteps = 8;
  std::vector<ImVec2> points;
  const auto add_curve = [&](const std::vector<double>& values) {
    for (int i = 1; i < static_cast<int>(values.size()); ++i)
      for (int step = 0; step <= kSteps; ++step) {
        const double t = static_cast<double>(step) / kSteps;
        const double value = values[i - 1] * (1 - t) + values[i] * t;
        if (!std::isnan(value)) points.push_back(canvas.at(i - 1 + t, value));
      }
  };
  for (const VariancePoints& curve : measured) {
    std::vector<double> values;
    for (const VariancePoint& point : curve) values.push_back(point.value);
    add_curve(values);
  }
  for (const VarianceCurve& curve : plot.curves) {
    std::vector<double> values;
    for (const LayerSignal& layer : canvas.snapshot.layers)
      values.push_back(log10_or_gap((layer.predicted.*curve.predicted).expected));
    add_curve(values);
  }
  return points;
}

/// A curve's name; beside a B that of A, the main one with what A sets otherwise.
std::string curve_words(const SignalView& view, const VariancePlot& plot,
                        const VarianceCurve& curve) {
  std::string words = tensor_text(curve.tensor);
  if (curve.seeds) words = format_text("plot.median_of", fmt::arg("tensor", words));
  if (!view.other) return words;
  const bool main = &curve == &plot.curves.back();
  return format_text(main ? "compare.a_with" : "compare.a", fmt::arg("tensor", words),
                     fmt::arg("settings", view.words));
}

std::vector<LegendEntry> legend_of(const SignalView& view, const Style& style,
                                   const VariancePlot& plot, const Companion& other,
                                   const Companion& ghost) {
  const SignalSnapshot& snapshot = *view.pass;
  std::vector<LegendEntry> legend;
  for (const VarianceCurve& curve : plot.curves)
    legend.push_back({Sample::both, curve_words(view, plot, curve),
                      depth_stroke(curve.color, curve.mark, curve.dash)});
  for (const VarianceCurve& curve : plot.curves)
    if (curve.seeds)
      legend.push_back(
          {Sample::band,
           format_text("plot.seeds", fmt::arg("count", snapshot.experiment.network.networks)),
           {.color = curve.color}});
  for (LegendEntry& entry : companion_legend(other, ghost, style))
    legend.push_back(std::move(entry));
  legend.push_back({Sample::predicted,
                    text(other.of ? "compare.predicted_of_a" : "plot.predicted_band"),
                    {.color = style.palette.predicted, .dash = Dash{}, .width = 0.6f}});
  return legend;
}

/// The interval that the curves are in; nothing while none has a place.
std::optional<Limits> taken_by(const std::vector<VariancePoints>& curves) {
  Extent extent;
  for (const VariancePoints& curve : curves)
    for (const VariancePoint& point : curve) extent.add(point.value);
  return extent.empty() ? std::nullopt : std::optional(extent.limits());
}

/// Every curve's measured and predicted variance in a layer.
void read_layer(PlotReading& reading, const SignalSnapshot& snapshot, const VariancePlot& plot,
                std::size_t layer) {
  reading.table.head = {text("plot.axis.variance"), text("plot.measured"), text("plot.predicted"),
                        text("plot.ratio")};
  const auto add = [&](const std::string& name, double measured, double predicted, bool drawn) {
    reading.table.rows.push_back(
        {name, number_text(measured), number_text(predicted), number_text(measured / predicted)});
    reading.values.push_back({name, measured, drawn ? log10_or_gap(measured) : std::nan("")});
  };
  const LayerSignal& signal = snapshot.layers[layer];
  for (const VarianceCurve& curve : plot.curves) {
    const double predicted = (signal.predicted.*curve.predicted).expected;
    const bool seeds = curve.seeds && layer < curve.seeds->size();
    add(tensor_text(curve.tensor), signal.of(curve.tensor).variance, predicted, !seeds);
    if (seeds)
      add(format_text("plot.median_of", fmt::arg("tensor", tensor_text(curve.tensor))),
          Quantiles((*curve.seeds)[layer]).at(0.5), predicted, true);
  }
}

void draw_variances(const DepthCanvas& canvas, const VariancePlot& plot,
                    const std::vector<VariancePoints>& measured, const Companion& other,
                    const Companion& ghost) {
  std::vector<SignalTensor> tensors;
  for (const VarianceCurve& curve : plot.curves) tensors.push_back(curve.tensor);
  const SignalSnapshot& snapshot = canvas.snapshot;
  const auto trouble = find_trouble(snapshot, plot.tensors, plot.backward);
  const bool early = trouble && trouble->layer * 2 < static_cast<int>(snapshot.layers.size());
  draw_gaps(canvas, tensors);
  if (plot.format_limits) draw_limits(canvas, early);
  for (std::size_t i = 0; i < measured.size(); ++i) draw_bands(canvas, plot.curves[i], measured[i]);
  draw_ghost(canvas, ghost, plot.backward);
  draw_other(canvas, other);
  for (std::size_t i = 0; i < measured.size(); ++i)
    draw_measurement(canvas, plot.curves[i], measured[i]);
  // Ink over colour: where theory is right its dashes lie on the measured line.
  for (const VarianceCurve& curve : plot.curves) draw_prediction(canvas, curve);
  if (!measured.empty()) draw_ab(canvas, measured.back(), plot.curves.back(), other, plot.backward);
  if (!trouble) return;
  std::vector<ImVec2> points = drawn_points(canvas, plot, measured);
  if (plot.backward)
    if (const auto gate = find_nan_gate(snapshot)) draw_nan_gate(canvas, *gate, points);
  draw_trouble(canvas, *trouble, points);
}

}  // namespace

DepthPlot variance_plot(const SignalView& view, const Style& style, const VariancePlot& plot) {
  const SignalSnapshot& snapshot = *view.pass;
  const Companion other = companion_of(view.other, style, plot);
  const Companion ghost = companion_of(view.before, style, plot);
  std::vector<VariancePoints> measured;
  for (const VarianceCurve& curve : plot.curves)
    measured.push_back(measured_points(snapshot, curve));
  std::vector<VariancePoints> seen = measured;
  seen.insert(seen.end(), other.points.begin(), other.points.end());
  // The ghost stays in sight when the drag has ended, too: it shows how far the curve has come.
  seen.insert(seen.end(), ghost.points.begin(), ghost.points.end());
  const SnappedAxis axis = variance_axis(snapshot, plot, seen);
  DepthPlot depth;
  depth.title = text(std::string("plot.") + plot.name);
  depth.legend = legend_of(view, style, plot, other, ghost);
  depth.y_name = text("plot.axis.variance");
  depth.y = axis.limits;
  for (const ViewZoom& held : view.held)
    if (held.plot == plot.name && held.y) depth.y = {held.y->low, held.y->high};
  depth.curves = taken_by(seen);
  if (other.of)
    depth.last_layer = other.first_layer + static_cast<int>(other.of.pass->layers.size()) - 1;
  depth.y_ticks = [axis, font = style.fonts.regular](const Limits& seen_limits, double most) {
    return seen_limits == drawable(axis.limits) ? power_ticks(axis, 10, font, most)
                                                : round_ticks(seen_limits, 10, most, font, false);
  };
  depth.draw = [plot, measured, other, ghost](const DepthCanvas& canvas) {
    draw_variances(canvas, plot, measured, other, ghost);
  };
  depth.read = [plot, view, other, ghost](PlotReading& reading, int layer, double) {
    read_layer(reading, *view.pass, plot, static_cast<std::size_t>(layer));
    read_companions(reading, other, ghost, layer + first_layer_number(*view.pass));
  };
  return depth;
}

}  // namespace nanscope
