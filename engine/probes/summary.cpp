#include "engine/probes/summary.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/numbers/format.h"
#include "engine/precision/precision.h"

namespace nanscope {
namespace {

/// Where more of a tensor is subnormal, the number format makes the variance, not the network.
constexpr double kMostSubnormals = 0.1;

double share(std::int64_t part, const Statistics& statistics) {
  return statistics.count > 0 ? double(part) / double(statistics.count) : 0;
}

/// A format without infinity clips what is too large, and so flattens a curve that still grows.
bool clipped(const Statistics& statistics, const NumberFormat* format) {
  return format && !format->has_infinity && statistics.absmax >= format->largest;
}

/// ln of the variances of the layers that a trend can be read from, in the order of the pass: they
/// end at the first layer where the format has the say, by overflow, clipping or underflow.
std::vector<double> log_variances(const SignalSnapshot& snapshot, SignalTensor tensor,
                                  bool reversed) {
  const NumberFormat* format = find_format(snapshot.activation_format);
  std::vector<double> logs;
  const auto count = snapshot.layers.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Statistics& statistics = snapshot.layers[reversed ? count - 1 - i : i].of(tensor);
    const bool positive = std::isfinite(statistics.variance) && statistics.variance > 0;
    if (!statistics.finite() || !positive || clipped(statistics, format) ||
        share(statistics.subnormals, statistics) > kMostSubnormals)
      break;
    logs.push_back(std::log(statistics.variance));
  }
  return logs;
}

/// Slope of the least-squares line through (0, y0), (1, y1), ...; at least two points.
double fitted_slope(const std::vector<double>& y) {
  const auto n = static_cast<double>(y.size());
  const double middle = (n - 1) / 2;
  double numerator = 0;
  for (std::size_t i = 0; i < y.size(); ++i) numerator += (double(i) - middle) * y[i];
  return numerator / (n * (n * n - 1) / 12);  // sum of (i - middle)^2
}

struct TrendOfLayers {
  SignalSummary::Trend trend = SignalSummary::Trend::steady;
  double factor = 1;
  VarianceRun run = {};
};

VarianceRun run_of(const std::vector<double>& logs) {
  VarianceRun run;
  if (logs.empty()) return run;
  const auto [lowest, highest] = std::ranges::minmax(logs);
  run = {static_cast<int>(logs.size()), std::exp(logs.front()), std::exp(logs.back()),
         std::exp(lowest), std::exp(highest)};
  if (logs.size() < 2) return run;
  run.smallest_step = INFINITY;
  run.largest_step = 0;
  for (std::size_t i = 1; i < logs.size(); ++i) {
    const double step = std::exp(logs[i] - logs[i - 1]);
    run.smallest_step = std::min(run.smallest_step, step);
    run.largest_step = std::max(run.largest_step, step);
  }
  return run;
}

/// Steady is what chance explains. In one layer of width d, ln(variance) takes a random step of
/// variance 5/d at most (ReLU; Hanin & Nica 2019); the slope fitted through L such steps then has
/// the variance 6/5 * 5/(d L). Two standard deviations of it count as nothing. Nor does a slope
/// that the way from the first layer to the last, `total`, does not go: up, and down again.
TrendOfLayers trend_of(double slope, double total, double steps, int width) {
  const double chance = 2 * std::sqrt(6.0 / (width * steps));
  TrendOfLayers found;
  found.factor = std::exp(slope);
  if (std::abs(slope) <= chance || total / slope < 0.5 * (steps - 1)) return found;
  found.trend = slope > 0 ? SignalSummary::Trend::grows : SignalSummary::Trend::shrinks;
  return found;
}

TrendOfLayers trend_of(const std::vector<double>& logs, int width) {
  TrendOfLayers found;
  if (logs.size() >= 2)
    found = trend_of(fitted_slope(logs), logs.back() - logs.front(), double(logs.size()), width);
  found.run = run_of(logs);
  return found;
}

TrendOfLayers forward_trend(const SignalSnapshot& snapshot) {
  const std::vector<double> logs = log_variances(snapshot, SignalTensor::activation, false);
  const int width = snapshot.experiment.network.model.width;
  TrendOfLayers found = trend_of(logs, width);
  if (logs.size() != 1) return found;
  // A single layer is compared with the input.
  const InputMoments& input = snapshot.input;
  const double variance = input.second_moment - input.mean * input.mean;
  if (!(variance > 0)) return found;
  const double step = logs.front() - std::log(variance);
  const VarianceRun run = found.run;
  found = trend_of(step, step, 1, width);
  found.run = run;
  return found;
}

TrendOfLayers backward_trend(const SignalSnapshot& snapshot) {
  return trend_of(log_variances(snapshot, SignalTensor::activation_grad, true),
                  snapshot.experiment.network.model.width);
}

bool all_zero(const Statistics& statistics) {
  return statistics.count > 0 && statistics.zeros == statistics.count;
}

std::optional<int> first_dead_layer(const SignalSnapshot& snapshot) {
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    if (all_zero(snapshot.layers[i].of(SignalTensor::activation))) return static_cast<int>(i);
  }
  return std::nullopt;
}

/// Pre-activations among which no normal number is left: that there are only negative ones is the
/// format's doing, too.
bool nearly_underflown(const Statistics& statistics, const NumberFormat* format) {
  return format && statistics.absmax < format->smallest_normal;
}

DeadCause cause_of_death(const SignalSnapshot& snapshot, int index) {
  const LayerSignal& layer = snapshot.layers[static_cast<std::size_t>(index)];
  const Model& model = snapshot.experiment.network.model;
  const Statistics& preactivation = layer.of(SignalTensor::preactivation);
  if (!all_zero(preactivation)) {
    const bool underflown =
        nearly_underflown(preactivation, find_format(snapshot.activation_format));
    const bool relu = effective_activation(model) == Activation::relu;
    return relu && !underflown ? DeadCause::relu : DeadCause::underflow;
  }
  if (index == 0 && snapshot.input.second_moment == 0) return DeadCause::input;
  if (all_zero(layer.of(SignalTensor::weight))) return DeadCause::weights;
  return model.norm == Norm::layernorm || model.norm == Norm::batchnorm ? DeadCause::unknown
                                                                        : DeadCause::underflow;
}

std::optional<double> saturated_share(const SignalSnapshot& snapshot) {
  const Activation activation = effective_activation(snapshot.experiment.network.model);
  const NumberFormat* format = find_format(snapshot.activation_format);
  const bool bounded = activation == Activation::tanh || activation == Activation::sigmoid;
  if (!bounded && (!format || format->has_infinity)) return std::nullopt;
  std::int64_t saturated = 0, count = 0;
  for (const LayerSignal& layer : snapshot.layers) {
    saturated += layer.of(SignalTensor::activation).saturated;
    count += layer.of(SignalTensor::activation).count;
  }
  return count > 0 ? double(saturated) / double(count) : 0;
}

double largest_subnormal_share(const SignalSnapshot& snapshot) {
  double largest = 0;
  for (const LayerSignal& layer : snapshot.layers)
    for (const SignalTensor tensor : {SignalTensor::activation, SignalTensor::activation_grad})
      largest = std::max(largest, share(layer.of(tensor).subnormals, layer.of(tensor)));
  return largest;
}

}  // namespace

std::string format_of(const SignalSnapshot& snapshot, SignalTensor tensor) {
  if (tensor != SignalTensor::weight && tensor != SignalTensor::weight_grad)
    return snapshot.activation_format;
  const auto row = precision_row(snapshot.experiment.network.precision, Execution::emulated, false);
  return (tensor == SignalTensor::weight ? row->weight : row->weight_grad)->name;
}

SignalSummary summarize(const SignalSnapshot& snapshot) {
  const TrendOfLayers forward = forward_trend(snapshot);
  const TrendOfLayers backward = backward_trend(snapshot);
  SignalSummary summary;
  summary.forward = forward.trend;
  summary.forward_factor = forward.factor;
  summary.forward_run = forward.run;
  summary.backward = backward.trend;
  summary.backward_factor = backward.factor;
  summary.backward_run = backward.run;
  summary.overflow = snapshot.first_nonfinite;
  summary.dead_layer = first_dead_layer(snapshot);
  if (summary.dead_layer) summary.dead_cause = cause_of_death(snapshot, *summary.dead_layer);
  summary.saturated = saturated_share(snapshot);
  summary.subnormal_share = largest_subnormal_share(snapshot);
  return summary;
}

}  // namespace nanscope
