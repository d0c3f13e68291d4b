#include <algorithm>
#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/quantize.h"
#include "engine/roundoff/weight_matrix.h"

namespace nanscope {
namespace {

// Powers of two by which the weights are multiplied in the plot.
constexpr int kSmallestInputPower = -40;
constexpr int kLargestInputPower = 40;
constexpr int kInputPowerStep = 4;
constexpr double kBitsOfBlockScale = 8;  // e8m0

/// What a format makes of the weights.
struct Quality {
  double sqnr = 0;
  double zeros = 0;  ///< share of the weights that became 0
  double cut = 0;    ///< share of the weights beyond the largest number
};

Quality quality_of(std::span<const double> values, std::span<const double> quantized,
                   std::span<const double> largest) {
  Quality quality{sqnr(values, quantized), 0, 0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    quality.zeros += quantized[i] == 0 && values[i] != 0;
    quality.cut += std::abs(values[i]) > largest[i];
  }
  quality.zeros /= static_cast<double>(values.size());
  quality.cut /= static_cast<double>(values.size());
  return quality;
}

Quality plain_quality(const RoundoffTask& task, std::span<const double> values,
                      const NumberFormat& format) {
  Rounder round = task.rounder(format);
  std::vector<double> quantized;
  quantized.reserve(values.size());
  for (const double value : values) quantized.push_back(round(value));
  return quality_of(values, quantized, std::vector<double>(values.size(), format.largest));
}

Quality block_quality(std::span<const double> values, const NumberFormat& format,
                      std::size_t block) {
  std::vector<double> largest;
  largest.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); i += block) {
    const std::size_t count = std::min(block, values.size() - i);
    largest.insert(largest.end(), count,
                   shared_scale(values.subspan(i, count), format) * format.largest);
  }
  return quality_of(values, quantize_microscaled(values, format, block), largest);
}

std::vector<double> scaled(std::span<const double> values, double scale) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values) result.push_back(value * scale);
  return result;
}

/// SQNR against the size of the weights: a plain cast has its range, a block brings its own.
void add_curves(RoundoffChart& chart, const RoundoffTask& task, const WeightMatrix& weights,
                const NumberFormat& format) {
  ChartCurve plain = task.curve(format, "plain_cast");
  ChartCurve blocks = task.curve(format, "block_scaled");
  for (int power = kSmallestInputPower; power <= kLargestInputPower; power += kInputPowerStep) {
    if (task.stop.stop_requested()) return;
    const double scale = std::exp2(power);
    const std::vector<double> values = scaled(weights.values, scale);
    plain.add(scale, plain_quality(task, values, format).sqnr);
    blocks.add(scale,
               block_quality(values, format, static_cast<std::size_t>(task.settings.block)).sqnr);
  }
  // Where all weights are normal numbers, their rounding errors are 0.42 u of each: see matmul.cpp.
  const double limit = -20 * std::log10(format.epsilon / 2 / std::sqrt(8 * std::log(2.0)));
  chart.curves.push_back(std::move(plain));
  chart.curves.push_back(std::move(blocks));
  chart.curves.push_back({format.name,
                          roundoff_key("normal_range"),
                          Evidence::predicted,
                          "-20 log10(0.42 u)",
                          {std::exp2(kSmallestInputPower), std::exp2(kLargestInputPower)},
                          {limit, limit}});
}

}  // namespace

Result<RoundoffChart> run_block_scaled(const RoundoffTask& task) {
  const RoundoffSettings& settings = task.settings;
  const auto weights = settings.path.empty() ? draw_weights(settings.seed)
                                             : read_weights(settings.path, settings.tensor);
  if (!weights) return tl::unexpected(weights.error());
  RoundoffChart chart =
      empty_chart("block_scaled", chart_axis("weight_scale", 2), chart_axis("sqnr", 0, "dB"));
  set_columns(chart, {{"format"},
                      {"method"},
                      {"bits_per_weight", "bit"},
                      {"sqnr", "dB"},
                      {"zeros", "share"},
                      {"cut", "share"}});
  chart.source = weights->source;
  const std::vector<double> values = scaled(weights->values, settings.scale);
  for (const NumberFormat& format : task.formats) {
    add_curves(chart, task, *weights, format);
    if (task.stop.stop_requested()) return roundoff_cancelled();
    const Quality plain = plain_quality(task, values, format);
    const Quality blocks = block_quality(values, format, static_cast<std::size_t>(settings.block));
    add_row(chart, {format.name, roundoff_key("plain_cast"), double(format.bits()), plain.sqnr,
                    plain.zeros, plain.cut});
    add_row(chart, {format.name, roundoff_key("block_scaled"),
                    format.bits() + kBitsOfBlockScale / settings.block, blocks.sqnr, blocks.zeros,
                    blocks.cut});
    if (chart.headline.key.empty())
      chart.headline = {roundoff_key("block_scaled.range"),
                        {{"format", format.name},
                         {"block", static_cast<double>(settings.block)},
                         {"plain_sqnr", plain.sqnr},
                         {"block_sqnr", blocks.sqnr},
                         {"plain_zeros", plain.zeros}}};
  }
  chart.marks.push_back({ChartMark::Axis::x, settings.scale, "", roundoff_key("scale")});
  return chart;
}

}  // namespace nanscope
