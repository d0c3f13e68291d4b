#include "tests/synthetic/synthetic_snapshot.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/numbers/format.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

/// Between -1 and 1, different for every layer and tensor, the same everywhere.
double wiggle(int layer, int tensor, int network) {
  return std::sin(12.9898 * layer + 78.233 * tensor + 37.719 * network);
}

/// Share of a standard normal's values with |x| < limit.
double share_below(double limit) { return std::erf(limit / std::sqrt(2.0)); }

/// What a tensor of normal values with this variance looks like once it is stored in `format`.
Statistics normal_statistics(double variance, const NumberFormat& format, std::int64_t count) {
  Statistics s;
  s.count = count;
  const double deviation = std::sqrt(variance);
  const auto times_count = [&](double share) {
    return static_cast<std::int64_t>(std::llround(share * static_cast<double>(count)));
  };
  const double over = 1 - share_below(format.largest / deviation);
  if (!(over * static_cast<double>(count) < 0.5)) {
    if (format.has_infinity) {
      s.positive_infs = times_count(over / 2);
      s.negative_infs = times_count(over / 2);
      s.mean = s.variance = s.rms = std::nan("");
      s.absmax = INFINITY;
      return s;
    }
    s.saturated = times_count(over);
  }
  s.zeros = times_count(share_below(format.smallest_subnormal / 2 / deviation));
  s.subnormals = times_count(share_below(format.smallest_normal / deviation)) - s.zeros;
  s.variance = s.zeros == count ? 0 : variance;
  s.rms = std::sqrt(s.variance);
  s.absmax = std::min(4 * deviation, format.largest);
  return s;
}

Statistics not_a_number(std::int64_t count) {
  Statistics s;
  s.mean = s.variance = s.rms = s.absmax = std::nan("");
  s.nans = s.count = count;
  return s;
}

Histogram normal_histogram(double variance, const NumberFormat& format, std::int64_t count) {
  Histogram histogram;
  const double deviation = std::sqrt(variance);
  if (!(deviation > 0) || !std::isfinite(deviation)) return histogram;
  const int highest =
      static_cast<int>(std::floor(std::min(std::log2(deviation) + 3, std::log2(format.largest))));
  const int lowest =
      std::max(highest - 20, static_cast<int>(std::floor(std::log2(format.smallest_subnormal))));
  histogram.first_exponent = lowest;
  for (int e = lowest; e <= highest; ++e) {
    const double share =
        share_below(std::ldexp(1, e + 1) / deviation) - share_below(std::ldexp(1, e) / deviation);
    const auto half = std::llround(share * static_cast<double>(count) / 2);
    histogram.positive.push_back(half);
    histogram.negative.push_back(half);
  }
  return histogram;
}

/// What an activation leaves of the mean square q of a centred normal value.
double activated(Activation activation, double q) {
  switch (activation) {
    case Activation::identity:
      return q;
    case Activation::tanh:
    case Activation::sigmoid:
      return q / (1 + 1.4 * q);
    default:
      return q / 2;
  }
}

Band band_around(double expected, double log_width) {
  return {expected * std::exp(-log_width), expected, expected * std::exp(log_width)};
}

/// Mean-field growth in its simplest form, not the engine's theory: golden pictures must not change
/// when that does.
std::vector<LayerPrediction> predictions(const Experiment& experiment) {
  const Model& model = experiment.network.model;
  const Activation activation = effective_activation(model);
  const double fan_in = model.width;
  const InitScheme scheme = experiment.network.init.scheme;
  const double weight_variance =
      experiment.network.init.gain * experiment.network.init.gain *
      (scheme == InitScheme::normal ? 1 : (scheme == InitScheme::kaiming ? 2 : 1) / fan_in);
  const double slope = activated(activation, 1e-6) / 1e-6 * weight_variance * fan_in;
  std::vector<LayerPrediction> layers(static_cast<std::size_t>(model.depth));
  double q = 1;
  for (int i = 0; i < model.depth; ++i) {
    LayerPrediction& layer = layers[static_cast<std::size_t>(i)];
    const double width = 1.96 * std::sqrt(5.0 * (i + 1) / fan_in);
    const double back_width = 1.96 * std::sqrt(5.0 * (model.depth - i) / fan_in);
    const double preactivation = q * weight_variance * fan_in;
    q = activated(activation, preactivation);
    const double gradient = std::pow(slope, model.depth - 1 - i);
    layer.weight_variance = weight_variance;
    layer.preactivation_variance = band_around(preactivation, width);
    layer.activation_variance = band_around(q, width);
    layer.activation_grad_variance = band_around(gradient, back_width);
    layer.weight_grad_variance = band_around(gradient * experiment.data.batch * q / 2, back_width);
  }
  return layers;
}

struct Draw {
  const NumberFormat* format;
  bool broken = false;  ///< an infinity came before: from here on everything is NaN
};

Statistics draw(Draw& state, const Band& band, int layer, int tensor, std::int64_t count) {
  if (state.broken) return not_a_number(count);
  const double log_width = std::log(std::max(1.0, band.high / band.low)) / 4;
  const double variance = band.expected * std::exp(log_width * wiggle(layer, tensor, 0));
  Statistics s = normal_statistics(variance, *state.format, count);
  state.broken = !s.finite();
  return s;
}

void add_seeds(SignalSnapshot& snapshot) {
  const int networks = snapshot.experiment.network.networks;
  for (int i = 0; i < static_cast<int>(snapshot.layers.size()); ++i) {
    const LayerPrediction& p = snapshot.layers[i].predicted;
    auto& forward = snapshot.seeds.activation.emplace_back();
    auto& backward = snapshot.seeds.activation_grad.emplace_back();
    for (int n = 0; n < networks; ++n) {
      const auto spread = [&](const Band& band, int tensor) {
        return band.expected * std::pow(band.high / band.expected, wiggle(i / 8, tensor, n));
      };
      forward.push_back(spread(p.activation_variance, 1));
      backward.push_back(spread(p.activation_grad_variance, 2));
    }
  }
}

void find_first_nonfinite(SignalSnapshot& snapshot) {
  const auto look = [&](int layer, SignalTensor tensor, bool backward) {
    const Statistics& s = snapshot.layers[layer].of(tensor);
    if (s.finite() || snapshot.first_nonfinite) return;
    snapshot.first_nonfinite = FirstNonfinite{backward, layer, snapshot.layers[layer].name, tensor,
                                              s.positive_infs > 0 ? "inf" : "nan"};
  };
  const int count = static_cast<int>(snapshot.layers.size());
  for (int i = 0; i < count; ++i) {
    look(i, SignalTensor::preactivation, false);
    look(i, SignalTensor::activation, false);
  }
  for (int i = count - 1; i >= 0; --i) {
    look(i, SignalTensor::activation_grad, true);
    look(i, SignalTensor::weight_grad, true);
  }
}

}  // namespace

SignalSnapshot synthetic_snapshot(const Experiment& experiment, SignalTensor histogram) {
  SignalSnapshot snapshot;
  snapshot.experiment = experiment;
  snapshot.device = "cpu";
  snapshot.device_name = "Synthetic processor";
  snapshot.threads = 2;
  snapshot.input = {0, 1, 0, experiment.network.model.width};
  if (const auto plan = describe_pass(experiment.network, experiment.data, std::nullopt))
    snapshot.plan = std::make_shared<const PlanDescription>(*plan);
  snapshot.histogram_tensor = histogram;
  std::string format{name_of(experiment.network.precision)};
  if (format.starts_with("mixed_")) format.erase(0, 6);
  snapshot.activation_format = format == "tf32" ? "fp32" : format;
  snapshot.precision = {{"linear", format, "fp32", format, format != "fp32" && format != "fp64"}};
  const NumberFormat& number_format = *find_format(snapshot.activation_format);
  const std::int64_t width = experiment.network.model.width;
  const std::int64_t count = width * experiment.data.batch;
  const auto predicted = predictions(experiment);
  const Activation activation = effective_activation(experiment.network.model);
  Draw forward{&number_format};
  for (int i = 0; i < static_cast<int>(predicted.size()); ++i) {
    LayerSignal layer;
    layer.name = "linear " + std::to_string(i + 1);
    layer.shape = {experiment.data.batch, width};
    layer.predicted = predicted[i];
    layer.statistics[0] =
        normal_statistics(layer.predicted.weight_variance, number_format, width * width);
    layer.statistics[1] = draw(forward, layer.predicted.preactivation_variance, i, 1, count);
    layer.statistics[2] = draw(forward, layer.predicted.activation_variance, i, 2, count);
    if (activation == Activation::relu && layer.statistics[2].finite())
      layer.statistics[2].zeros = std::max(layer.statistics[2].zeros, count / 2);
    if (activation == Activation::tanh && layer.statistics[1].finite())
      layer.statistics[2].saturated = static_cast<std::int64_t>(
          static_cast<double>(count) *
          (1 - share_below(2.09 / std::sqrt(layer.statistics[1].variance))));
    snapshot.layers.push_back(layer);
  }
  Draw backward{&number_format, forward.broken};
  for (int i = static_cast<int>(snapshot.layers.size()) - 1; i >= 0; --i) {
    LayerSignal& layer = snapshot.layers[i];
    layer.statistics[3] = draw(backward, layer.predicted.activation_grad_variance, i, 3, count);
    layer.statistics[4] = draw(backward, layer.predicted.weight_grad_variance, i, 4, width * width);
  }
  for (LayerSignal& layer : snapshot.layers) {
    const Statistics& s = layer.of(histogram);
    layer.histogram =
        normal_histogram(s.variance, number_format, s.count - s.zeros - s.infs() - s.nans);
  }
  if (experiment.network.networks > 1) add_seeds(snapshot);
  find_first_nonfinite(snapshot);
  snapshot.cost = {0.0123, 0.0009, 1, 1e9, {.plan = 64 << 20}};
  return snapshot;
}

}  // namespace nanscope
