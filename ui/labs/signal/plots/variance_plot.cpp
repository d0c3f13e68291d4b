#include "ui/labs/signal/plots/variance_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
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

/// Where a limit of the format is seen, in pixels; nothing where it is not.
std::optional<float> limit_y(const DepthCanvas& canvas, const FormatLimit& limit) {
  const float y = canvas.at(0, limit.log10_square).y;
  return y >= canvas.low().y && y <= canvas.high().y ? std::optional(y) : std::nullopt;
}

/// Horizontal lines at the squared limits of the format.
void draw_limits(const DepthCanvas& canvas) {
  const Style& style = canvas.style();
  for (const FormatLimit& limit : format_limits(canvas.snapshot))
    if (const auto y = limit_y(canvas, limit))
      canvas.canvas.dashes(std::array{ImVec2{canvas.low().x, *y}, ImVec2{canvas.high().x, *y}},
                           ink(style.palette.limit), units(style, 1.25f), {2, 3});
}

/// Their names stand along the lines, above or below, and at no place of `curves`, points of what
/// is drawn but for the lines themselves, unless there is no other.
void label_limits(const DepthCanvas& canvas, bool names_right, std::span<const ImVec2> curves,
                  LabelPlaces& places) {
  const Style& style = canvas.style();
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.limit};
  for (const FormatLimit& limit : format_limits(canvas.snapshot)) {
    const auto y = limit_y(canvas, limit);
    if (!y) continue;
    const std::string words =
        format_text(limit.key, fmt::arg("format", canvas.snapshot.activation_format));
    const ImVec2 size = plate_size(style, plate, words);
    const LabelBox& area = places.area();
    std::vector<ImVec2> corners;
    for (const float share : shares_along(names_right))
      for (const float top : {*y - size.y, *y})
        corners.push_back({area.low.x + share * (area.high.x - area.low.x - size.x), top});
    const float away = px(style.marker_size);
    const auto hides_curve = [&](ImVec2 at) {
      const LabelBox box{{at.x - away, at.y - away}, {at.x + size.x + away, at.y + size.y + away}};
      return std::ranges::any_of(curves, [&](ImVec2 point) { return box.holds(point); });
    };
    if (!std::ranges::all_of(corners, hides_curve)) std::erase_if(corners, hides_curve);
    if (const auto at = places.take(corners, size))
      draw_plate(canvas.canvas, plate, *at, words, canvas.low(), canvas.high());
  }
}

/// The pixels of curves and bands, which labels had better not hide.
std::vector<ImVec2> curve_pixels(const DepthCanvas& canvas, const VariancePlot& plot,
                                 const std::vector<VariancePoints>& measured,
                                 const Companion& other, const Companion& ghost) {
  const LabelBox area{canvas.low(), canvas.high()};
  const float apart = body(canvas.style()) * text_size::small / 3;
  std::vector<ImVec2> points;
  const auto add = [&](const std::vector<ImVec2>& line) {
    add_points_along(points, line, apart, area);
  };
  for (const VariancePoints& curve : measured) add(points_of(canvas, curve, &VariancePoint::value));
  for (const VarianceCurve& curve : plot.curves)
    for (double Band::*bound : {&Band::expected, &Band::low, &Band::high})
      add(predicted_points(canvas, curve, bound));
  for (const Companion* companion : {&other, &ghost})
    for (const std::vector<ImVec2>& line : companion_lines(canvas, *companion)) add(line);
  return points;
}

/// The same, with the lines of the format's limits.
std::vector<ImVec2> with_limits(std::vector<ImVec2> points, const DepthCanvas& canvas,
                                const VariancePlot& plot) {
  const LabelBox area{canvas.low(), canvas.high()};
  if (plot.format_limits)
    for (const FormatLimit& limit : format_limits(canvas.snapshot))
      if (const auto y = limit_y(canvas, limit))
        add_points_along(points, std::array{ImVec2{area.low.x, *y}, ImVec2{area.high.x, *y}},
                         body(canvas.style()) * text_size::small / 3, area);
  return points;
}

/// What a curve is; beside a B that it is A's.
std::string curve_words(const SignalView& view, const VarianceCurve& curve) {
  std::string words = tensor_text(curve.tensor);
  if (curve.seeds) words = format_text("plot.median_of", fmt::arg("tensor", words));
  return view.other ? format_text("compare.a", fmt::arg("tensor", words)) : words;
}

/// The dashes of theory, and whether its bands are seen.
LegendEntry predicted_entry(const SignalView& view, const Style& style, const VariancePlot& plot,
                            const Companion& other) {
  const char* keys[][3] = {
      {"plot.predicted_no_band", "compare.predicted_no_band", "plot.narrow.predicted_no_band"},
      {"plot.predicted_some_bands", "compare.predicted_some_bands",
       "plot.narrow.predicted_some_bands"},
      {"plot.predicted_band", "compare.predicted_of_a", "plot.narrow.predicted_band"}};
  const BandsDrawn drawn = bands_drawn(*view.pass, plot);
  const auto& key = keys[static_cast<int>(drawn)];
  return {.sample = drawn == BandsDrawn::none ? Sample::line : Sample::predicted,
          .words = text(key[other.of ? 1 : 0]),
          .stroke = {.color = style.palette.predicted, .dash = Dash{}, .width = 0.6f},
          .narrow = text(key[2])};
}

/// Beside a B, a row for A's curves, a row for B's, each ending with what is set otherwise, and one
/// for the rest: the settings change while they are dragged, and no row moves.
std::vector<LegendEntry> legend_of(const SignalView& view, const Style& style,
                                   const VariancePlot& plot, const Companion& other) {
  const SignalSnapshot& snapshot = *view.pass;
  std::vector<LegendEntry> legend;
  for (const VarianceCurve& curve : plot.curves) {
    legend.push_back({Sample::both, curve_words(view, curve),
                      depth_stroke(curve.color, curve.mark, curve.dash)});
    if (view.other) legend.back().brief = brief_words("compare.a", curve);
  }
  if (view.other) legend.back().tail = as_tail(view.words);
  for (LegendEntry& entry : companion_legend(other)) legend.push_back(std::move(entry));
  const std::size_t rest = legend.size();
  for (const VarianceCurve& curve : plot.curves)
    if (curve.seeds)
      legend.push_back(
          {Sample::band,
           format_text("plot.seeds", fmt::arg("count", snapshot.experiment.network.networks)),
           {.color = curve.color}});
  legend.push_back(predicted_entry(view, style, plot, other));
  legend[rest].new_row = static_cast<bool>(view.other);
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
        {name, number_text(measured), predicted_text(predicted), ratio_text(measured, predicted)});
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

/// What goes wrong in a pass, where its layers stand and how it is marked.
struct MarkedTrouble {
  DepthCanvas canvas;
  Trouble trouble;
  TroubleLook look;
};

/// The pass' own, and B's.
std::vector<MarkedTrouble> troubles_of(const DepthCanvas& canvas, const VariancePlot& plot,
                                       const Companion& other) {
  std::vector<MarkedTrouble> troubles;
  const auto add = [&](const SignalSnapshot& pass, const TroubleLook& look) {
    if (const auto trouble = find_trouble(pass, plot.tensors, plot.backward))
      troubles.push_back({{pass, canvas.canvas, canvas.frame}, *trouble, look});
  };
  add(canvas.snapshot, {.color = canvas.style().palette.bad, .name = other.of ? "A" : ""});
  if (!other.of) return troubles;
  add(*other.of.pass, {.color = other.curves.back().color, .dash = {6, 4}, .name = "B"});
  return troubles;
}

/// The same, where both passes have one trouble: said once, of both.
std::vector<MarkedTrouble> said_troubles(std::vector<MarkedTrouble> troubles) {
  if (troubles.size() < 2) return troubles;
  const auto name = [](const MarkedTrouble& one) {
    return one.canvas.snapshot.layers[static_cast<std::size_t>(one.trouble.layer)].name;
  };
  const Trouble &a = troubles[0].trouble, &b = troubles[1].trouble;
  if (a.kind != b.kind || a.tensor != b.tensor || std::string_view(a.value) != b.value ||
      name(troubles[0]) != name(troubles[1]))
    return troubles;
  troubles.pop_back();
  troubles[0].look.name = "A, B";
  return troubles;
}

void draw_variances(const DepthCanvas& canvas, const VariancePlot& plot,
                    const std::vector<VariancePoints>& measured, const Companion& other,
                    const Companion& ghost) {
  const auto gate = plot.backward ? find_nan_gate(canvas.snapshot) : std::nullopt;
  const auto trouble = find_trouble(canvas.snapshot, plot.tensors, plot.backward);
  std::vector<SignalTensor> tensors;
  for (const VarianceCurve& curve : plot.curves) tensors.push_back(curve.tensor);
  draw_gaps(canvas, tensors);
  if (gate && trouble) shade_nan_gate(canvas, *gate);
  if (plot.format_limits) draw_limits(canvas);
  for (std::size_t i = 0; i < measured.size(); ++i) draw_bands(canvas, plot.curves[i], measured[i]);
  draw_ghost(canvas, ghost);
  draw_other(canvas, other);
  for (std::size_t i = 0; i < measured.size(); ++i)
    draw_measurement(canvas, plot.curves[i], measured[i]);
  // Ink over colour: where theory is right its dashes lie on the measured line.
  for (const VarianceCurve& curve : plot.curves) draw_prediction(canvas, curve);
  for (const MarkedTrouble& one : troubles_of(canvas, plot, other))
    draw_trouble(one.canvas, one.trouble, one.look);
}

/// Whether one line cannot be told from the other: nowhere are they a line's width apart.
bool is_under(const DepthCanvas& canvas, std::span<const ImVec2> line,
              std::span<const ImVec2> over) {
  const float width = px(canvas.style().line_width);
  return std::ranges::equal(line, over, [&](ImVec2 a, ImVec2 b) {
    return is_gap(a) || is_gap(b) ? is_gap(a) == is_gap(b)
                                  : std::abs(a.x - b.x) < width && std::abs(a.y - b.y) < width;
  });
}

/// Over everything drawn, the most important labels first: the others give way.
void label_variances(const DepthCanvas& canvas, const VariancePlot& plot,
                     const std::vector<VariancePoints>& measured, const Companion& other,
                     const Companion& ghost) {
  const Style& style = canvas.style();
  const float margin = px(style.spacing / 2);
  const std::vector<ImVec2> curves = curve_pixels(canvas, plot, measured, other, ghost);
  LabelPlaces places({{canvas.low().x + margin, canvas.low().y + 1},
                      {canvas.high().x - margin, canvas.high().y - 1}},
                     with_limits(curves, canvas, plot), px(style.marker_size));
  const auto trouble = find_trouble(canvas.snapshot, plot.tensors, plot.backward);
  for (const MarkedTrouble& one : said_troubles(troubles_of(canvas, plot, other)))
    label_trouble(one.canvas, one.trouble, one.look, places);
  if (const auto gate = find_nan_gate(canvas.snapshot); gate && trouble && plot.backward)
    label_nan_gate(canvas, *gate, places);
  // The pass ends at the last layer or, on its way back, at the first one.
  const auto label = [&](std::vector<ImVec2> line, const std::string& words, const ImVec4& color) {
    if (plot.backward) std::ranges::reverse(line);
    label_line(canvas, line, words, color, places);
  };
  if (other.of && !measured.empty()) {
    const auto a = points_of(canvas, measured.back(), &VariancePoint::value);
    const auto b = companion_lines(canvas, other).back();
    const bool one = is_under(canvas, b, a);
    label(a, one ? text("compare.under") : "A", plot.curves.back().color);
    if (!one) label(b, "B", other.curves.back().color);
  }
  if (ghost.of && !ghost.points.empty())
    label(companion_lines(canvas, ghost).back(), text("compare.ghost"), style.palette.muted);
  const auto layers = static_cast<int>(canvas.snapshot.layers.size());
  if (plot.format_limits)
    label_limits(canvas, trouble && trouble->layer * 2 < layers, curves, places);
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
  depth.legend = legend_of(view, style, plot, other);
  if (ghost.of) depth.foot = ghost_entry(ghost.of, style);
  depth.y_name = text("plot.axis.variance");
  depth.y = view.held.value_or(axis.limits);
  if (const auto taken = taken_by(seen)) depth.lockable = {axis.limits, *taken};
  depth.last_layer = last_layer_beside(view);
  depth.y_ticks = [axis, font = style.fonts.regular](const Limits& seen_limits, double most) {
    return seen_limits == drawable(axis.limits) ? power_ticks(axis, 10, font, most)
                                                : round_ticks(seen_limits, 10, most, font, false);
  };
  depth.draw = [plot, measured, other, ghost](const DepthCanvas& canvas) {
    draw_variances(canvas, plot, measured, other, ghost);
  };
  depth.label = [plot, measured, other, ghost](const DepthCanvas& canvas) {
    label_variances(canvas, plot, measured, other, ghost);
  };
  depth.read = [plot, view, other, ghost](PlotReading& reading, int layer, double) {
    read_layer(reading, *view.pass, plot, static_cast<std::size_t>(layer));
    read_companions(reading, other, ghost, layer + first_layer_number(*view.pass));
  };
  return depth;
}

}  // namespace nanscope
