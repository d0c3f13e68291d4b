#include "engine/theory/forward_fluctuations.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

/// The state of a layer's output: fluctuations and correlations between samples.
struct State {
  Covariance2 covariance;
  PairCorrelation pairs;  ///< of h - mean, normalized by V
  double mean_noise = 0;
};

double ratio(Wide numerator, Wide denominator) {
  return denominator > 0 ? to_double(numerator / denominator) : 0;
}

/// mean / sqrt(variance).
double relative_mean(const Moments& moments) {
  return ratio(moments.mean, std::sqrt(moments.variance));
}

/// d log E[h^2] / dx = (1, 2 rho) / (1 + rho^2), rho = mean / sqrt(V).
Vector2 second_moment_response(const Moments& moments) {
  const double rho = relative_mean(moments);
  return {1 / (1 + rho * rho), 2 * rho / (1 + rho * rho)};
}

/// What the sampled input X contributes. N(0,1) data: B C independent values. Rows of constant
/// norm: the variance is exact. A table's moments are measured: nothing.
State input_state(const Experiment& experiment, const InputMoments& input, int features) {
  const double values = static_cast<double>(experiment.batch) * features;
  State state;
  if (experiment.data.kind == DataKind::normal) state.covariance.variance = 2 / values;
  if (experiment.data.kind == DataKind::normal || experiment.data.kind == DataKind::constant_norm)
    state.covariance.mean = 1 / values;
  const double mean_square = input.mean * input.mean;
  const double variance = input.second_moment - mean_square;
  const double correlation =
      variance > 0 ? (input.correlation * input.second_moment - mean_square) / variance : 0;
  // The cosine of two samples of C values has a standard deviation of (1 - c^2) / sqrt(C).
  state.pairs.mean = std::clamp(correlation, -1.0, 1.0);
  state.pairs.spread = (1 - state.pairs.mean * state.pairs.mean) / std::sqrt(features);
  return state;
}

/// Correlations of u = norm(h), divided by E[u^2]: LayerNorm takes the mean off.
PairCorrelation normed_pairs(const LayerMap& layer, const PairCorrelation& pairs) {
  const double share =
      layer.norm == Norm::layernorm ? 1 : ratio(layer.input.variance, layer.input.second());
  return {share * pairs.mean + (1 - share), share * pairs.spread};
}

void set_responses(const LayerMap& layer, ForwardFluctuation& fluctuation) {
  const Vector2 second = second_moment_response(layer.input);
  const Vector2 size = layer.norm == Norm::layernorm ? Vector2{1, 0} : second;
  const double kappa = layer.norm == Norm::none ? 0 : layer.normed_fraction;
  fluctuation.size_response = kappa * size;
  fluctuation.preactivation_response =
      layer.signal_fraction * (layer.norm == Norm::none ? second : (1 - kappa) * size);
}

/// The shares of h and of act in the variance of h' = [h +] act, as factors of amplitude.
struct Mixing {
  double skip = 0, branch = 1;
  explicit Mixing(const LayerMap& layer) {
    if (!layer.residual || !(layer.output.variance > 0)) return;
    skip = std::sqrt(ratio(layer.input.variance, layer.output.variance));
    branch = std::sqrt(ratio(layer.act.variance, layer.output.variance));
  }
};

/// J: the skipped h, and act's response to E[z^2]: dE[f]/dlog q = E[f (t^2 - 1)] / 2 is the second
/// Hermite coefficient over sqrt(2).
Matrix2 transfer(const LayerMap& layer, const Mixing& mix, Vector2 response) {
  const double skip = mix.skip, branch = mix.branch;
  const double square = branch * branch * layer.act.square_response;
  const double value = branch * layer.act.value_response;
  return {Vector2{skip * skip, 0} + square * response, Vector2{0, skip} + value * response};
}

/// Cov[xi] N: of a unit's 2 skip branch h f + branch^2 (f^2 - 1) and of its branch f, where h and f
/// are standardized and independent, averaged over the batch. An orthogonal W keeps the mean of
/// z z' over the units, and with it the second Hermite order of f^2 and f.
Covariance2 unit_noise(const LayerMap& layer, const Mixing& mix, int batch,
                       const PairCorrelation& input_pairs, const ForwardFluctuation& fluctuation) {
  const ActivationKernels& kernels = layer.act.kernels;
  const double a = mix.skip, b = mix.branch, conserved = fluctuation.conserved;
  const PairCorrelation& pairs = fluctuation.pairs;
  const auto over_batch = [&](const Kernel& kernel) {
    return batch_variance(batch, pairs, [&](double c) {
      return kernel.covariance(c) - conserved * kernel.quadratic() * c * c;
    });
  };
  const auto cross = [&](double c, double h) { return kernels.value(c) * h; };
  const double product = cross(1, 1) / batch + (1 - 1.0 / batch) * 0.5 *
                                                   (cross(pairs.low(), input_pairs.low()) +
                                                    cross(pairs.high(), input_pairs.high()));
  return {4 * a * a * b * b * product + b * b * b * b * over_batch(kernels.square),
          b * b * b * over_batch(kernels.value_square), b * b * over_batch(kernels.value)};
}

/// N times the variance that sampling N units adds to the correlation c' of one pair: of
/// h_1' h_2' - c' (h_1'^2 + h_2'^2) / 2, given the realized h.
double pair_noise(const LayerMap& layer, const Mixing& mix, double c_input, double c,
                  double c_output, double conserved) {
  const ActivationKernels& kernels = layer.act.kernels;
  const double a = mix.skip, b = mix.branch, k = kernels.value(c), r = c_output;
  const double cross = 2 * (1 + r * r - 2 * r * k) + 2 * c_input * (k * (1 + r * r) - 2 * r);
  const double squares = kernels.square(c) - 2 * r * kernels.value_cube(c) +
                         0.5 * r * r * (kernels.square(1) + kernels.square(c)) - (k - r) * (k - r);
  const double linear = kernels.value.linear() * (1 - c * c);
  return std::max(0.0,
                  a * a * b * b * cross + b * b * b * b * (squares - conserved * linear * linear));
}

PairCorrelation output_pairs(const LayerMap& layer, const Mixing& mix, const PairCorrelation& input,
                             const ForwardFluctuation& fluctuation) {
  const double a = mix.skip, b = mix.branch;
  const auto map = [&](double h, double z) {
    return a * a * h + b * b * layer.act.kernels.value(z);
  };
  const PairCorrelation& pairs = fluctuation.pairs;
  const double low = map(input.low(), pairs.low()), high = map(input.high(), pairs.high());
  const double noise =
      0.5 *
      (pair_noise(layer, mix, input.low(), pairs.low(), low, fluctuation.conserved) +
       pair_noise(layer, mix, input.high(), pairs.high(), high, fluctuation.conserved)) /
      layer.fan_out;
  return {0.5 * (low + high), std::sqrt(0.25 * (high - low) * (high - low) + noise)};
}

/// Var[log of the variance of z]: the response to the input's state, and 2 c^2 / N averaged over
/// the batch's pairs, the relative variance of a mean of N squared Gaussians.
double preactivation_log_variance(const LayerMap& layer, int batch,
                                  const ForwardFluctuation& fluctuation) {
  const double sampling = batch_variance(batch, fluctuation.pairs, [&](double c) {
    return 2 * (1 - fluctuation.conserved) * c * c / layer.fan_out;
  });
  return quadratic_form(fluctuation.preactivation_response, fluctuation.input) + sampling;
}

}  // namespace

std::vector<ForwardFluctuation> forward_fluctuations(const std::vector<LayerMap>& layers,
                                                     const Experiment& experiment,
                                                     const InputMoments& input) {
  State state = input_state(experiment, input, layers.front().fan_in);
  std::vector<ForwardFluctuation> fluctuations;
  fluctuations.reserve(layers.size());
  for (const LayerMap& layer : layers) {
    ForwardFluctuation fluctuation;
    const double signal = layer.signal_fraction;
    if (experiment.init.scheme == InitScheme::orthogonal)
      fluctuation.conserved =
          signal * signal * std::min(1.0, static_cast<double>(layer.fan_out) / layer.fan_in);
    set_responses(layer, fluctuation);
    fluctuation.normed_pairs = normed_pairs(layer, state.pairs);
    fluctuation.pairs = {signal * fluctuation.normed_pairs.mean + (1 - signal),
                         signal * fluctuation.normed_pairs.spread};
    fluctuation.input = state.covariance;
    fluctuation.preactivation_variance =
        preactivation_log_variance(layer, experiment.batch, fluctuation);

    const Mixing mix(layer);
    fluctuation.transfer = transfer(layer, mix, fluctuation.preactivation_response);
    Covariance2 noise = unit_noise(layer, mix, experiment.batch, state.pairs, fluctuation);
    const double units = layer.fan_out;
    fluctuation.noise = {noise.variance / units, noise.cross / units, noise.mean / units};
    fluctuation.output = propagated(fluctuation.transfer, state.covariance) + fluctuation.noise;
    fluctuation.mean_noise = mix.skip * mix.skip * state.mean_noise + fluctuation.noise.mean;

    state.pairs = output_pairs(layer, mix, state.pairs, fluctuation);
    state.covariance = fluctuation.output;
    state.mean_noise = fluctuation.mean_noise;
    fluctuations.push_back(fluctuation);
  }
  return fluctuations;
}

}  // namespace nanscope
