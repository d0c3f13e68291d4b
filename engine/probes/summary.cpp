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
};

/// Steady is what chance explains. In one layer of width d, ln(variance) takes a random step of
/// variance 5/d at most (ReLU; Hanin & Nica 2019); the slope fitted through L such steps then has
/// the variance 6/5 * 5/(d L). Two standard deviations of it count as nothing.
TrendOfLayers trend_of(double slope, double steps, int width) {
  const double chance = 2 * std::sqrt(6.0 / (width * steps));
  TrendOfLayers found;
  found.factor = std::exp(slope);
  if (slope > chance) found.trend = SignalSummary::Trend::grows;
  if (slope < -chance) found.trend = SignalSummary::Trend::shrinks;
  return found;
}

TrendOfLayers forward_trend(const SignalSnapshot& snapshot) {
  const std::vector<double> logs = log_variances(snapshot, SignalTensor::activation, false);
  const int width = snapshot.experiment.network.model.width;
  if (logs.size() >= 2) return trend_of(fitted_slope(logs), double(logs.size()), width);
  // A single layer is compared with the input.
  const InputMoments& input = snapshot.input;
  const double variance = input.second_moment - input.mean * input.mean;
  if (logs.empty() || !(variance > 0)) return {};
  return trend_of(logs.front() - std::log(variance), 1, width);
}

TrendOfLayers backward_trend(const SignalSnapshot& snapshot) {
  const std::vector<double> logs = log_variances(snapshot, SignalTensor::activation_grad, true);
  if (logs.size() < 2) return {};
  return trend_of(fitted_slope(logs), double(logs.size()), snapshot.experiment.network.model.width);
}

std::optional<int> first_dead_layer(const SignalSnapshot& snapshot) {
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    const Statistics& activation = snapshot.layers[i].of(SignalTensor::activation);
    if (activation.count > 0 && activation.zeros == activation.count) return static_cast<int>(i);
  }
  return std::nullopt;
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
  summary.backward = backward.trend;
  summary.backward_factor = backward.factor;
  summary.overflow = snapshot.first_nonfinite;
  summary.dead_layer = first_dead_layer(snapshot);
  summary.saturated = saturated_share(snapshot);
  summary.subnormal_share = largest_subnormal_share(snapshot);
  return summary;
}

}  // namespace nanscope
