#include "ui/labs/signal/plots/companions.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kGhostWidth = 0.5f;  // of the style's line
constexpr float kGhostInk = 0.8f;

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

/// The last point of a line within the plot area.
std::optional<ImVec2> last_seen(const DepthCanvas& canvas, std::span<const ImVec2> line) {
  for (auto point = line.rbegin(); point != line.rend(); ++point)
    if (!is_gap(*point) && canvas.frame.contains(*point)) return *point;
  return std::nullopt;
}

void draw_end_label(const DepthCanvas& canvas, const std::vector<ImVec2>& line,
                    const std::string& words, const ImVec4& color) {
  const auto end = last_seen(canvas, line);
  if (!end) return;
  const Plate plate{.size = body(canvas.style()) * text_size::small, .color = color};
  const ImVec2 size = plate_size(canvas.style(), plate, words);
  draw_plate(canvas.canvas, plate, {end->x - size.x, end->y - size.y * 1.2f}, words, canvas.low(),
             canvas.high());
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
    reading.table.rows.push_back(
        {name, number_text(measured), number_text(predicted), number_text(measured / predicted)});
    reading.values.push_back({name, measured, companion.points[i][layer].value});
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

void draw_ghost(const DepthCanvas& canvas, const Companion& ghost, bool backward) {
  const Style& style = canvas.style();
  for (const VariancePoints& points : ghost.points) {
    const std::vector<ImVec2> line = companion_line(canvas, ghost, points);
    canvas.canvas.polyline(line, ink(style.palette.muted, kGhostInk),
                           px(style.line_width * kGhostWidth));
  }
  if (ghost.points.empty()) return;
  std::vector<ImVec2> line = companion_line(canvas, ghost, ghost.points.back());
  if (backward) std::ranges::reverse(line);  // the pass ends at the first layer
  draw_end_label(canvas, line, text("compare.ghost"), style.palette.muted);
}

void draw_other(const DepthCanvas& canvas, const Companion& other) {
  for (std::size_t k = 0; k < other.points.size(); ++k) {
    const VarianceCurve& curve = other.curves[k];
    const std::vector<ImVec2> line = companion_line(canvas, other, other.points[k]);
    canvas.canvas.polyline(line, ink(curve.color), px(canvas.style().line_width));
    for (std::size_t i = 0; i < line.size(); i += static_cast<std::size_t>(mark_stride(canvas)))
      if (!is_gap(line[i])) draw_mark(canvas.canvas, curve.mark, line[i], ink(curve.color));
  }
}

void draw_ab(const DepthCanvas& canvas, const VariancePoints& a, const VarianceCurve& curve,
             const Companion& b, bool backward) {
  if (!b.of || b.points.empty()) return;
  std::vector<ImVec2> of_a, of_b = companion_line(canvas, b, b.points.back());
  for (std::size_t i = 0; i < a.size(); ++i)
    of_a.push_back(canvas.at(static_cast<double>(i), a[i].value));
  if (backward) {
    std::ranges::reverse(of_a);
    std::ranges::reverse(of_b);
  }
  draw_end_label(canvas, of_a, "A", curve.color);
  draw_end_label(canvas, of_b, "B", b.curves.back().color);
}

std::vector<LegendEntry> companion_legend(const Companion& other, const Companion& ghost,
                                          const Style& style) {
  std::vector<LegendEntry> legend;
  for (const VarianceCurve& curve : other.curves) {
    const bool main = &curve == &other.curves.back();
    legend.push_back(
        {Sample::line,
         format_text(main ? "compare.b_with" : "compare.b", fmt::arg("tensor", tensor_words(curve)),
                     fmt::arg("settings", other.of.words)),
         depth_stroke(curve.color, curve.mark)});
  }
  if (ghost.of)
    legend.push_back({Sample::line,
                      format_text("compare.before", fmt::arg("settings", ghost.of.words)),
                      {.color = style.palette.muted, .width = kGhostWidth}});
  return legend;
}

void read_companions(PlotReading& reading, const Companion& other, const Companion& ghost,
                     int number) {
  read_companion(reading, other, number, "compare.b");
  read_companion(reading, ghost, number, "compare.of_before");
}

}  // namespace nanscope
