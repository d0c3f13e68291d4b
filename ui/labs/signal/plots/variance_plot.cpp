#include "ui/labs/signal/plots/variance_plot.h"

#include <algorithm>
#include <cmath>

#include "implot.h"
#include "ui/labs/signal/plots/nan_gate.h"
#include "ui/labs/signal/plots/nonfinite.h"
#include "ui/labs/signal/plots/variance_data.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string tensor_text(SignalTensor tensor) {
  return text("tensor." + std::string(name_of(tensor)));
}

/// Fills between two curves given at whole layers; a gap in either interrupts the field.
void draw_field(const DepthCanvas& canvas, const std::vector<double>& low,
                const std::vector<double>& high, ImU32 color) {
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  for (int i = 1; i < static_cast<int>(low.size()); ++i) {
    if (std::isnan(low[i - 1] + high[i - 1] + low[i] + high[i])) continue;
    // Bare triangles: the soft edges of AddQuadFilled would show as seams between neighbours.
    canvas.list.PrimReserve(6, 4);
    canvas.list.PrimQuadUV(canvas.at(i - 1, low[i - 1]), canvas.at(i, low[i]),
                           canvas.at(i, high[i]), canvas.at(i - 1, high[i - 1]), uv, uv, uv, uv,
                           color);
  }
}

void draw_edge(const DepthCanvas& canvas, const std::vector<double>& values, ImU32 color) {
  for (int i = 1; i < static_cast<int>(values.size()); ++i)
    if (!std::isnan(values[i - 1] + values[i]))
      canvas.list.AddLine(canvas.at(i - 1, values[i - 1]), canvas.at(i, values[i]), color,
                          units(canvas.style, 1));
}

/// The fields below the curves: the band of the prediction, and of the measured networks.
void draw_bands(const DepthCanvas& canvas, const VarianceCurve& curve,
                const VariancePoints& points) {
  std::vector<double> low, high;
  for (const LayerSignal& layer : canvas.snapshot.layers) {
    low.push_back(log10_or_gap((layer.predicted.*curve.predicted).low));
    high.push_back(log10_or_gap((layer.predicted.*curve.predicted).high));
  }
  draw_field(canvas, low, high, ink(curve.color, 0.12f));
  draw_edge(canvas, low, ink(curve.color, 0.4f));
  draw_edge(canvas, high, ink(curve.color, 0.4f));
  if (!curve.seeds) return;
  low.clear();
  high.clear();
  for (const VariancePoint& point : points) {
    low.push_back(point.low);
    high.push_back(point.high);
  }
  draw_field(canvas, low, high, ink(curve.color, 0.35f));
}

void draw_prediction(const DepthCanvas& canvas, const VarianceCurve& curve) {
  std::vector<ImVec2> line;
  const auto& layers = canvas.snapshot.layers;
  for (int i = 0; i < static_cast<int>(layers.size()); ++i)
    line.push_back(canvas.at(i, log10_or_gap((layers[i].predicted.*curve.predicted).expected)));
  // A lone layer has no line to carry its prediction: draw a short level stroke.
  if (line.size() == 1) {
    const float half = units(canvas.style, 14);
    line = {{line[0].x - half, line[0].y}, {line[0].x + half, line[0].y}};
  }
  draw_dashes(canvas.list, canvas.style, line, ink(canvas.style.palette.predicted),
              px(canvas.style.line_width * 0.6f), curve.dash);
}

void draw_measurement(const DepthCanvas& canvas, const VarianceCurve& curve,
                      const VariancePoints& points) {
  const ImU32 color = ink(curve.color);
  std::vector<ImVec2> run;
  const auto flush = [&] {
    canvas.list.AddPolyline(run.data(), static_cast<int>(run.size()), color,
                            px(canvas.style.line_width));
    run.clear();
  };
  for (int i = 0; i < static_cast<int>(points.size()); ++i) {
    if (std::isnan(points[i].value))
      flush();
    else
      run.push_back(canvas.at(i, points[i].value));
  }
  flush();
  const int stride = mark_stride(canvas);
  for (int i = 0; i < static_cast<int>(points.size()); i += stride)
    if (!std::isnan(points[i].value))
      draw_mark(canvas.list, canvas.style, curve.mark, canvas.at(i, points[i].value), color);
}

/// Horizontal lines at the squared limits of the format. Their names stand on the side where the
/// curves do not cross them.
void draw_limits(const DepthCanvas& canvas, bool names_right) {
  const Style& style = canvas.style;
  const ScopedFont font(style, style.fonts.regular, text_size::small);
  const float height = ImGui::GetTextLineHeight();
  const float margin = px(style.spacing / 2);
  float last_y = -height;
  for (const FormatLimit& limit : format_limits(canvas.snapshot)) {
    const float y = canvas.at(0, limit.log10_square).y;
    if (y < canvas.low.y || y > canvas.high.y) continue;
    const std::array<ImVec2, 2> line{ImVec2{canvas.low.x, y}, ImVec2{canvas.high.x, y}};
    draw_dashes(canvas.list, style, line, ink(style.palette.limit), units(style, 1.25f), {2, 3});
    const bool above = y - height > canvas.low.y;
    // Of two limits on one line, as seen from afar, the upper one keeps its name.
    if (std::abs(y - last_y) < height) continue;
    last_y = y;
    draw_plate(canvas.list, style,
               {names_right ? canvas.high.x : canvas.low.x, above ? y - height : y},
               format_text(limit.key, fmt::arg("format", canvas.snapshot.activation_format)),
               style.palette.limit, {canvas.low.x + margin, canvas.low.y},
               {canvas.high.x - margin, canvas.high.y}, false);
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

std::vector<LegendEntry> legend_of(const SignalSnapshot& snapshot, const Style& style,
                                   const VariancePlot& plot) {
  std::vector<LegendEntry> legend;
  for (const VarianceCurve& curve : plot.curves) {
    std::string label = tensor_text(curve.tensor);
    if (curve.seeds) label = format_text("plot.median_of", fmt::arg("tensor", label));
    legend.push_back({Sample::both, label, curve.color, curve.mark, true, curve.dash});
  }
  for (const VarianceCurve& curve : plot.curves)
    if (curve.seeds)
      legend.push_back({Sample::band,
                        format_text("plot.seeds", fmt::arg("count", snapshot.experiment.networks)),
                        curve.color,
                        curve.mark,
                        true,
                        {}});
  legend.push_back({Sample::predicted,
                    text("plot.predicted_band"),
                    style.palette.predicted,
                    Mark::circle,
                    true,
                    {}});
  return legend;
}

TooltipTable tooltip_of(const SignalSnapshot& snapshot, const VariancePlot& plot, int layer) {
  TooltipTable table{{text("plot.axis.variance"), text("plot.measured"), text("plot.predicted"),
                      text("plot.ratio")},
                     {}};
  const LayerSignal& signal = snapshot.layers[layer];
  for (const VarianceCurve& curve : plot.curves) {
    const double measured = signal.of(curve.tensor).variance;
    const double predicted = (signal.predicted.*curve.predicted).expected;
    table.rows.push_back({tensor_text(curve.tensor), number_text(measured), number_text(predicted),
                          number_text(measured / predicted)});
    if (!curve.seeds || layer >= static_cast<int>(curve.seeds->size())) continue;
    const double median = Quantiles((*curve.seeds)[layer]).at(0.5);
    table.rows.push_back(
        {format_text("plot.median_of", fmt::arg("tensor", tensor_text(curve.tensor))),
         number_text(median), number_text(predicted), number_text(median / predicted)});
  }
  return table;
}

}  // namespace

void draw_variance_plot(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                        PlotSelection& selection, const VariancePlot& plot) {
  std::vector<SignalTensor> curves;
  std::vector<VariancePoints> measured;
  for (const VarianceCurve& curve : plot.curves) {
    curves.push_back(curve.tensor);
    measured.push_back(measured_points(snapshot, curve));
  }
  const SnappedAxis axis = variance_axis(snapshot, plot, measured);
  DepthPlot depth;
  depth.id = plot.name;
  depth.title = text(std::string("plot.") + plot.name);
  depth.legend = legend_of(snapshot, style, plot);
  depth.y_label = text("plot.axis.variance");
  depth.y = axis.limits;
  depth.y_ticks =
      power_ticks(axis, 10, style.fonts.regular, most_labels(style, size.y / display_scale()));
  depth.draw = [&](const DepthCanvas& canvas) {
    const auto trouble = find_trouble(snapshot, plot.tensors, plot.backward);
    const bool early = trouble && trouble->layer * 2 < static_cast<int>(snapshot.layers.size());
    draw_gaps(canvas, curves);
    if (plot.format_limits) draw_limits(canvas, early);
    for (std::size_t i = 0; i < measured.size(); ++i)
      draw_bands(canvas, plot.curves[i], measured[i]);
    for (std::size_t i = 0; i < measured.size(); ++i)
      draw_measurement(canvas, plot.curves[i], measured[i]);
    // Ink over colour: where theory is right its dashes lie on the measured line.
    for (const VarianceCurve& curve : plot.curves) draw_prediction(canvas, curve);
    if (!trouble) return;
    std::vector<ImVec2> points = drawn_points(canvas, plot, measured);
    if (plot.backward)
      if (const auto gate = find_nan_gate(snapshot)) draw_nan_gate(canvas, *gate, points);
    draw_trouble(canvas, *trouble, points);
  };
  depth.tooltip = [&](int layer, double) { return tooltip_of(snapshot, plot, layer); };
  draw_depth_plot(snapshot, style, size, selection, depth);
}

}  // namespace nanscope
