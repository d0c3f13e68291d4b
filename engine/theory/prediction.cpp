#include "engine/theory/prediction.h"

#include <algorithm>
#include <cmath>

#include "engine/theory/backward_fluctuations.h"
#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/layer_map.h"
#include "engine/theory/wide.h"

namespace nanscope {
namespace {

constexpr double kNormalQuantile = 1.959964;  // 97.5 % of N(0,1)

/// A log-normal value with this mean: log x ~ N(log mean - s^2 / 2, s^2). `shift` is the relative
/// difference of the mean at finite width from `expected`.
Band log_normal_band(Wide expected, double log_variance, double shift = 0) {
  const double deviation = std::sqrt(std::max(0.0, log_variance));
  const double centre = std::log1p(std::max(-0.999, shift)) - 0.5 * log_variance;
  const auto at = [&](double quantile) {
    return to_double(expected * std::exp(Wide{centre + quantile * deviation}));
  };
  return {at(-kNormalQuantile), to_double(expected), at(kNormalQuantile)};
}

}  // namespace

std::vector<LayerPrediction> predict_signal(const Experiment& experiment,
                                            const InputMoments& input) {
  const int batch = experiment.batch;
  const std::vector<LayerMap> layers = layer_maps(experiment, input);
  const std::vector<ForwardFluctuation> forward = forward_fluctuations(layers, experiment, input);
  const std::vector<BackwardFluctuation> backward = backward_fluctuations(layers, forward, batch);

  std::vector<LayerPrediction> predictions(layers.size());
  Wide gradient = 1;  // E[(dL/dh)^2], from R ~ N(0,1)
  for (std::size_t i = layers.size(); i-- > 0;) {
    const LayerMap& layer = layers[i];
    LayerPrediction& prediction = predictions[i];
    prediction.weight_variance = layer.weight_variance;
    // The mean over (B,C) is taken off; at finite width it varies, by this share of the square.
    const double mean_square =
        batch_variance(batch, forward[i].pairs, [&](double c) { return c / layer.fan_out; });
    prediction.preactivation_variance = log_normal_band(
        layer.preactivation_variance, forward[i].preactivation_variance, -mean_square);
    prediction.activation_variance =
        log_normal_band(layer.output.variance, forward[i].output.variance, -forward[i].mean_noise);
    prediction.activation_grad_variance = log_normal_band(gradient, backward[i].gradient);
    // dL/dW sums delta u' over the batch; the samples' upstream gradients are independent.
    const Wide delta = gradient * layer.act.slope_square;
    prediction.weight_grad_variance =
        log_normal_band(batch * delta * layer.normed.second(), backward[i].weight_grad);
    gradient *= layer.branch_gain + (layer.residual ? 1 : 0);
  }
  return predictions;
}

}  // namespace nanscope
