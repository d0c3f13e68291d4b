#include "ui/labs/signal/plots/companions.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "ui/text/text.h"

namespace nanscope {
namespace {

/// The marks of B's curves: none of A's in the same plot.
Mark mark_of_b(Mark of_a) {
  switch (of_a) {
    case Mark::circle:
      return Mark::triangle;
    case Mark::triangle:
      return Mark::circle;
    case Mark::diamond:
      return Mark::square;
    default:
      return Mark::diamond;
  }
}

/// Every network's variances of a tensor, or null with a single network.
const std::vector<std::vector<double>>* seeds_of(const SignalSnapshot& pass, SignalTensor tensor) {
  const std::vector<std::vector<double>>* seeds = nullptr;
  if (tensor == SignalTensor::activation) seeds = &pass.seeds.activation;
  if (tensor == SignalTensor::activation_grad) seeds = &pass.seeds.activation_grad;
  return seeds && !seeds->empty() ? seeds : nullptr;
}

std::string tensor_words(const VarianceCurve& curve) {
  return text("tensor." + std::string(name_of(curve.tensor)));
}

std::vector<ImVec2> companion_line(const DepthCanvas& canvas, const Companion& companion,
                                   const VariancePoints& points) {
  std::vector<ImVec2> line;
  for (std::size_t i = 0; i < points.size(); ++i)
    line.push_back(
        canvas.frame.at_units(static_cast<double>(i) + companion.first_layer, points[i].value));
  return line;
}

void read_companion(PlotReading& reading, const Companion& companion, int number, const char* key) {
  const auto layer = static_cast<std::size_t>(number - companion.first_layer);
  if (!companion.of || number < companion.first_layer || layer >= companion.of.pass->layers.size())
    return;
  const LayerSignal& signal = companion.of.pass->layers[layer];
  for (std::size_t i = 0; i < companion.curves.size(); ++i) {
    const VarianceCurve& curve = companion.curves[i];
    const double measured = signal.of(curve.tensor).variance;
    const double predicted = (signal.predicted.*curve.predicted).expected;
    const std::string name = format_text(key, fmt::arg("tensor", tensor_words(curve)));
    reading.rows_beside.push_back(
        {name, number_text(measured), predicted_text(predicted), ratio_text(measured, predicted)});
    reading.values_beside.push_back({name, measured, companion.points[i][layer].value});
  }
}

}  // namespace

Companion companion_of(const OtherPass& other, const Style& style, const VariancePlot& plot) {
  Companion companion{.of = other, .curves = {}, .points = {}};
  if (!other) return companion;
  companion.first_layer = first_layer_number(*other.pass);
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    VarianceCurve curve = plot.curves[i];
    const bool main = i + 1 == plot.curves.size();
    curve.color = style.palette.series[main ? 4 : 5];
    curve.mark = mark_of_b(curve.mark);
    curve.seeds = seeds_of(*other.pass, curve.tensor);
    companion.points.push_back(measured_points(*other.pass, curve));
    companion.curves.push_back(curve);
  }
  return companion;
}

std::vector<std::vector<ImVec2>> companion_lines(const DepthCanvas& canvas,
                                                 const Companion& companion) {
  std::vector<std::vector<ImVec2>> lines;
  for (const VariancePoints& points : companion.points)
    lines.push_back(companion_line(canvas, companion, points));
  return lines;
}

void draw_ghost(const DepthCanvas& canvas, const Companion& ghost) {
  for (const std::vector<ImVec2>& line : companion_lines(canvas, ghost))
    draw_stroke(canvas.canvas, line, ghost_stroke(canvas.style()));
}

void draw_other(const DepthCanvas& canvas, const Companion& other) {
  const std::vector<std::vector<ImVec2>> lines = companion_lines(canvas, other);
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const VarianceCurve& curve = other.curves[k];
    const std::vector<ImVec2>& line = lines[k];
    canvas.canvas.polyline(line, ink(curve.color), px(canvas.style().line_width));
    for (std::size_t i = 0; i < line.size(); i += static_cast<std::size_t>(mark_stride(canvas)))
      if (!is_gap(line[i])) draw_mark(canvas.canvas, curve.mark, line[i], ink(curve.color));
  }
}

void label_line(const DepthCanvas& canvas, std::span<const ImVec2> line, const std::string& words,
                const ImVec4& color, LabelPlaces& places) {
  std::vector<ImVec2> seen;
  for (const ImVec2& point : line)
    if (!is_gap(point) && canvas.frame.contains(point)) seen.push_back(point);
  if (seen.empty()) return;
  const Plate plate{.size = body(canvas.style()) * text_size::small, .color = color};
  const ImVec2 size = plate_size(canvas.style(), plate, words);
  const float gap = px(canvas.style().marker_size) + 1;  // beside the line's own marks
  std::vector<ImVec2> corners;
  // Near its line somewhere rather than far from its end.
  for (const float away : {gap, 2 * gap, 3 * gap, 5 * gap})
    for (const float share : shares_along(/*from_end=*/true)) {
      const ImVec2 at = seen[static_cast<std::size_t>(share * static_cast<float>(seen.size() - 1))];
      for (const float x : {at.x - size.x, at.x})
        for (const float y : {at.y - size.y - away, at.y + away}) corners.push_back({x, y});
    }
  if (const auto at = places.take(corners, size))
    draw_plate(canvas.canvas, plate, *at, words, canvas.low(), canvas.high());
}

std::string brief_words(const char* key, const VarianceCurve& curve) {
  return format_text(
      key, fmt::arg("tensor", text("tensor.short." + std::string(name_of(curve.tensor)))));
}

std::vector<LegendEntry> companion_legend(const Companion& other) {
  std::vector<LegendEntry> legend;
  for (const VarianceCurve& curve : other.curves) {
    const bool main = &curve == &other.curves.back();
    legend.push_back({.sample = Sample::line,
                      .words = format_text("compare.b", fmt::arg("tensor", tensor_words(curve))),
                      .stroke = depth_stroke(curve.color, curve.mark),
                      .new_row = legend.empty(),
                      .tail = main ? as_tail(other.of.words) : "",
                      .brief = brief_words("compare.b", curve)});
  }
  return legend;
}

void read_companions(PlotReading& reading, const Companion& other, const Companion& ghost,
                     int number) {
  read_companion(reading, other, number, "compare.b");
  const std::size_t others = reading.values_beside.size();
  read_companion(reading, ghost, number, "compare.of_before");
  reading.of_before = reading.values_beside.size() - others;
}

}  // namespace nanscope
