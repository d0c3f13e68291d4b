#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/quantize.h"
#include "engine/roundoff/weight_matrix.h"

namespace nanscope {
namespace {

constexpr int kSmallestBlock = 8;
constexpr int kLargestBlock = 4096;
constexpr double kBitsOfGroupScale = 32;

/// A way to write the weights in 8 bits.
struct Method {
  std::string_view label;
  bool dynamic = false;
  std::size_t group = 0;  ///< weights that share a scale
};

std::vector<double> quantize(const WeightMatrix& weights, const Method& method) {
  return method.dynamic ? quantize_dynamic(weights.values, method.group)
                        : quantize_absmax(weights.values, method.group);
}

/// The rms error of equal steps, step / sqrt(12) in each group; NaN for the dynamic map.
double predicted_rms(const WeightMatrix& weights, const Method& method) {
  if (method.dynamic) return std::nan("");
  const std::size_t all = weights.values.size();
  double squares = 0;
  std::size_t at = 0;
  for (const double step : absmax_steps(weights.values, method.group)) {
    const std::size_t count = std::min(method.group, all - at);  // the last group may be shorter
    squares += step * step / 12 * static_cast<double>(count);
    at += count;
  }
  return std::sqrt(squares / static_cast<double>(all));
}

double root_mean_square(const std::vector<double>& values) {
  const double squares = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// Magnitudes of errors in units of the rms weight, two bins a binade; what is smaller than the
/// first edge is counted in the first bin, exact weights included.
ChartBars error_histogram(std::string label, const std::vector<double>& errors, double unit) {
  constexpr int kLowestBinade = -16, kHighestBinade = 4, kBinsOfBinade = 2;  // binades
  constexpr int kBins = (kHighestBinade - kLowestBinade) * kBinsOfBinade;
  ChartBars bars{"", std::move(label), Evidence::emulated, {}, std::vector<double>(kBins)};
  for (int i = 0; i <= kBins; ++i)
    bars.edges.push_back(std::exp2(kLowestBinade + static_cast<double>(i) / kBinsOfBinade));
  for (const double error : errors) {
    const double place = (std::log2(std::abs(error) / unit) - kLowestBinade) * kBinsOfBinade;
    const auto bin = static_cast<std::size_t>(std::clamp(place, 0.0, kBins - 1.0));
    bars.shares[bin] += 1 / static_cast<double>(errors.size());
  }
  return bars;
}

/// A curve without points; 8-bit codes belong to no number format.
ChartCurve emulated_curve(std::string_view label) {
  return {"", roundoff_key(label), Evidence::emulated, "", {}, {}};
}

/// A method's row, fact and histogram; and its level, if the block does not matter to it.
void add_method(RoundoffChart& chart, const WeightMatrix& weights, const Method& method) {
  const std::vector<double> quantized = quantize(weights, method);
  std::vector<double> errors;
  errors.reserve(quantized.size());
  double largest = 0;
  for (std::size_t i = 0; i < quantized.size(); ++i) {
    errors.push_back(quantized[i] - weights.values[i]);
    largest = std::max(largest, std::abs(errors.back()));
  }
  const double quality = sqnr(weights.values, quantized);
  add_row(chart,
          {roundoff_key(method.label), 8 + kBitsOfGroupScale / static_cast<double>(method.group),
           root_mean_square(errors), predicted_rms(weights, method), largest, quality});
  chart.headline.facts.emplace_back(method.label, quality);
  chart.histograms.push_back(
      error_histogram(roundoff_key(method.label), errors, root_mean_square(weights.values)));
  if (method.label.ends_with("block")) return;
  ChartCurve level = emulated_curve(method.label);
  level.add(kSmallestBlock, quality);
  level.add(kLargestBlock, quality);
  chart.curves.push_back(std::move(level));
}

/// SQNR against the size of the block that shares a scale.
void add_block_curves(RoundoffChart& chart, const WeightMatrix& weights) {
  const double rms = root_mean_square(weights.values);
  ChartCurve absmax = emulated_curve("absmax_block"), dynamic = emulated_curve("dynamic_block");
  ChartCurve predicted = predicted_curve("", "absmax_block", "noise = mean step^2 / 12");
  for (int block = kSmallestBlock; block <= kLargestBlock; block *= 2) {
    const auto group = static_cast<std::size_t>(block);
    absmax.add(block, sqnr(weights.values, quantize_absmax(weights.values, group)));
    dynamic.add(block, sqnr(weights.values, quantize_dynamic(weights.values, group)));
    predicted.add(block, 20 * std::log10(rms / predicted_rms(weights, {"", false, group})));
  }
  for (ChartCurve* curve : {&absmax, &predicted, &dynamic})
    chart.curves.push_back(std::move(*curve));
}

}  // namespace

Result<RoundoffChart> run_quantization(const RoundoffTask& task) {
  const RoundoffSettings& settings = task.settings;
  const auto weights = settings.path.empty() ? draw_weights(settings.seed)
                                             : read_weights(settings.path, settings.tensor);
  if (!weights) return tl::unexpected(weights.error());
  RoundoffChart chart =
      empty_chart("quantization", chart_axis("block", 2), chart_axis("sqnr", 0, "dB"));
  set_columns(chart, {{"method"},
                      {"bits_per_weight", "bit"},
                      {"rms_error"},
                      {"predicted_rms"},
                      {"largest_error"},
                      {"sqnr", "dB"}});
  chart.source = weights->source;
  chart.histogram_x = chart_axis("error_over_rms", 2);
  const std::size_t all = weights->values.size();
  const auto block = static_cast<std::size_t>(settings.block);
  const Method methods[] = {{"absmax_tensor", false, all},
                            {"absmax_channel", false, weights->columns},
                            {"absmax_block", false, block},
                            {"dynamic_tensor", true, all},
                            {"dynamic_block", true, block}};
  for (const Method& method : methods) {
    if (task.stop.stop_requested()) return roundoff_cancelled();
    add_method(chart, *weights, method);
  }
  add_block_curves(chart, *weights);
  chart.marks.push_back(
      {ChartMark::Axis::x, static_cast<double>(block), "", roundoff_key("block")});
  chart.headline.key = roundoff_key("quantization.groups");
  chart.headline.facts.emplace_back("block", static_cast<double>(block));
  return chart;
}

}  // namespace nanscope
