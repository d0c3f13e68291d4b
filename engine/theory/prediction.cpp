#include "engine/theory/prediction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/theory/backward_fluctuations.h"
#include "engine/theory/band_limits.h"
#include "engine/theory/batch_mean.h"
#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/gradient_moments.h"
#include "engine/theory/layer_map.h"
#include "engine/theory/wide.h"

namespace nanscope {
namespace {

/// The mean over the batch of log-normal values: what samples share, and the mean of the rest.
LogNormal over_batch(const LogDeviation& deviation, const BatchMean& batch_mean) {
  const SamplePair<double>& variance = deviation.variance;
  const double own = std::max(0.0, variance.same - variance.other);
  const LogNormal rest = batch_mean.at(own);
  return {deviation.mean + 0.5 * own + rest.mean, variance.other + rest.variance};
}

/// The part of a relative variance that the mean over (B,C) takes off: the square of a normal
/// value, which varies by sqrt(2) times as much.
LogNormal less_mean(LogNormal deviation, const SamplePair<double>& mean_noise, int batch) {
  const double part = std::min(0.99, mean_noise.of_batch_mean(batch));
  deviation.mean += std::log1p(-part);
  deviation.variance += 2 * part * part;
  return deviation;
}

LogDeviation preactivation(const ForwardFluctuation& forward) {
  const Vector2 response = forward.preactivation_response;
  const SamplePair<double>& sampling = forward.preactivation_noise;
  return {dot(response, forward.input_mean) + forward.curvature - 0.5 * sampling.same,
          {quadratic_form(response, forward.input_covariance.same) + sampling.same,
           quadratic_form(response, forward.input_covariance.other) + sampling.other}};
}

/// Relative variance between the samples' means that their scales bring: where rho = M / sqrt(V) is
/// large, as behind residual ReLUs, the tensor's variance is more than its samples'.
double mean_spread(const ForwardFluctuation& forward, int batch) {
  const SamplePair<Covariance2>& state = forward.output_covariance;
  const SamplePair<double>& noise = forward.output_mean_noise;
  const double same = state.same.mean - noise.same, other = state.other.mean - noise.other;
  return std::max(0.0, same - other) * (1 - 1.0 / batch);
}

LogDeviation activation(const ForwardFluctuation& forward) {
  return {forward.output_mean.variance,
          {forward.output_covariance.same.variance, forward.output_covariance.other.variance}};
}

LogNormal operator+(LogNormal a, LogNormal b) { return {a.mean + b.mean, a.variance + b.variance}; }

LayerDeviations deviations_of(const LayerMap& layer, const ForwardFluctuation& forward,
                              const BackwardFluctuation& backward, const BatchMean& batch_mean,
                              int batch) {
  const double units = layer.fan_out;
  LogNormal output =
      less_mean(over_batch(activation(forward), batch_mean), forward.output_mean_noise, batch);
  output.mean += std::log1p(mean_spread(forward, batch));
  return {.preactivation = less_mean(over_batch(preactivation(forward), batch_mean),
                                     {1 / units, forward.pairs.mean() / units}, batch),
          .activation = output,
          .activation_grad = over_batch(backward.gradient, batch_mean),
          .weight_grad = over_batch(backward.weight_grad, batch_mean) +
                         cross_terms(backward.weight_grad_cross, batch)};
}

/// Both kinds of random data have mean 0, mean square 1 and independent samples.
InputMoments by_law(DataKind kind, const InputMoments& measured) {
  if (reads_table(kind)) return measured;
  return {.features = measured.features};
}

double largest_own_variance(const std::vector<ForwardFluctuation>& forward,
                            const std::vector<BackwardFluctuation>& backward) {
  double largest = 0;
  for (const ForwardFluctuation& layer : forward)
    largest = std::max(
        largest, layer.output_covariance.same.variance - layer.output_covariance.other.variance);
  for (const BackwardFluctuation& layer : backward)
    for (const LogDeviation* deviation : {&layer.gradient, &layer.weight_grad})
      largest = std::max(largest, deviation->variance.same - deviation->variance.other);
  return largest;
}

/// What is not predicted: where a norm takes its mean over the batch, what one sample becomes
/// depends on all others.
std::vector<LayerPrediction> weights_alone(const std::vector<LayerMap>& layers) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr Band kNothing{kNone, kNone, kNone, NoBand::batchnorm};
  std::vector<LayerPrediction> predictions;
  for (const LayerMap& layer : layers)
    predictions.push_back({kNothing, kNothing, kNothing, kNothing, layer.weight_variance});
  return predictions;
}

}  // namespace

std::vector<LayerPrediction> predict_signal(const NetworkSpec& network, const DataSpec& data,
                                            const InputMoments& measured) {
  const int batch = data.batch;
  const InputMoments input = by_law(data.kind, measured);
  const std::vector<LayerMap> layers = layer_maps(network, input);
  if (network.model.norm == Norm::batchnorm) return weights_alone(layers);
  const std::vector<ForwardFluctuation> forward =
      forward_fluctuations(layers, network.init.scheme, data.kind, input);
  const std::vector<GradientMoments> moments = gradient_moments(layers);
  const std::vector<BackwardFluctuation> backward = backward_fluctuations(layers, forward, moments);
  const BatchMean batch_mean(batch, largest_own_variance(forward, backward));

  std::vector<LayerDeviations> deviations;
  for (std::size_t i = 0; i < layers.size(); ++i)
    deviations.push_back(deviations_of(layers[i], forward[i], backward[i], batch_mean, batch));
  const BandLimits limits(network, input, layers, moments, deviations);

  std::vector<LayerPrediction> predictions(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerMap& layer = layers[i];
    const LayerDeviations& deviation = deviations[i];
    // dL/dW sums delta u' over the batch; the samples' upstream gradients are independent.
    const Wide weight_grad = batch * moments[i].delta * layer.normed.second();
    predictions[i] = {limits.forward(i, layer.preactivation_variance, deviation.preactivation),
                      limits.forward(i, layer.output.variance, deviation.activation),
                      limits.backward(i, moments[i].gradient, deviation.activation_grad),
                      limits.backward(i, weight_grad, deviation.weight_grad),
                      layer.weight_variance};
  }
  return predictions;
}

}  // namespace nanscope
