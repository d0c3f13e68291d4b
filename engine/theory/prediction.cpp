#include "engine/theory/prediction.h"

#include <algorithm>
#include <cmath>

#include "engine/theory/layer_moments.h"
#include "engine/theory/weights.h"
#include "engine/theory/wide.h"

namespace nanscope {
namespace {

constexpr double kNormEpsilon = 1e-5;

/// First and second moment of one element.
struct Moments {
  Wide mean = 0;
  Wide second = 0;
  Wide variance() const { return second - mean * mean; }
};

/// The infinite-width values of one layer h' = [h +] act(z), z = W norm(h) + b.
struct LayerMap {
  int fan_in = 1, fan_out = 1;
  double weight_variance = 0;
  bool residual = false;
  Moments normed;       ///< of norm(h)
  Wide norm_slope = 1;  ///< E[(dnorm(h)/dh)^2], what the norm multiplies a gradient's square with
  Wide preactivation_variance = 0;
  LayerMoments act;
  Moments output;  ///< of h'
};

/// norm(h) for a unit-less norm without affine parameters: h or h - mean, over its rms.
void apply_norm(Norm norm, const Moments& input, LayerMap& layer) {
  if (norm == Norm::none) {
    layer.normed = input;
    return;
  }
  const Wide size = norm == Norm::layernorm ? input.variance() : input.second;
  const Wide scale = 1 / (size + Wide{kNormEpsilon});
  layer.normed = {norm == Norm::layernorm ? 0 : input.mean * std::sqrt(scale), size * scale};
  layer.norm_slope = scale;
}

/// dL/dh of a norm is its scale times the part of dL/du that is orthogonal to u (and, for
/// LayerNorm, to 1): of fan_in directions it loses these. With kappa = |u|^2 / fan_in, dL/du is
/// reduced along u by 1 - kappa; its share there is slope_radial / fan_in since u.dL/du = z.dL/dz.
void apply_norm_projection(Norm norm, LayerMap& layer) {
  if (norm == Norm::none) return;
  const Wide kappa = layer.normed.second;
  const Wide along = (2 - kappa) * kappa * layer.act.slope_radial;
  const Wide lost = along + (norm == Norm::layernorm ? 1 : 0);
  layer.norm_slope *= std::max<Wide>(0, 1 - lost / layer.fan_in);
}

class SignalPredictor {
 public:
  SignalPredictor(const Experiment& experiment, const InputMoments& input)
      : experiment_(experiment), input_(input) {}

  std::vector<LayerPrediction> run() {
    forward();
    return backward();
  }

 private:
  void forward() {
    const Model& model = experiment_.model;
    const int features = input_.features > 0 ? input_.features : model.width;
    Moments state{input_.mean, input_.second_moment};
    if (features != model.width) state = append(features, Norm::none, false, state);
    for (int i = 0; i < model.depth; ++i)
      state = append(model.width, model.norm, model.residual, state);
  }

  Moments append(int fan_in, Norm norm, bool residual, const Moments& input) {
    const Init& init = experiment_.init;
    LayerMap layer;
    layer.fan_in = fan_in;
    layer.fan_out = experiment_.model.width;
    layer.weight_variance = weight_variance(init, layer.fan_in, layer.fan_out);
    layer.residual = residual;
    apply_norm(norm, input, layer);
    const double bias_variance = experiment_.model.bias ? init.bias_std * init.bias_std : 0;
    layer.preactivation_variance =
        layer.weight_variance * fan_in * layer.normed.second + bias_variance;
    layer.act = layer_moments(effective_activation(experiment_.model),
                              std::sqrt(layer.preactivation_variance), quadrature_, nodes_);
    apply_norm_projection(norm, layer);
    layer.output = {layer.act.mean, layer.act.second()};
    if (residual) {  // z_i is independent of h_i: E[(h + a)^2] = E[h^2] + 2 E[h] E[a] + E[a^2]
      layer.output.mean += input.mean;
      layer.output.second += input.second + 2 * input.mean * layer.act.mean;
    }
    layers_.push_back(layer);
    return layer.output;
  }

  std::vector<LayerPrediction> backward() const {
    std::vector<LayerPrediction> predictions(layers_.size());
    Wide gradient = 1;  // E[(dL/dh)^2], from R ~ N(0,1)
    for (std::size_t i = layers_.size(); i-- > 0;) {
      const LayerMap& layer = layers_[i];
      const Wide delta = gradient * layer.act.slope_square;  // E[(dL/dz)^2]
      predictions[i] = predict(layer, gradient, delta);
      const Wide through = layer.norm_slope * layer.fan_out * Wide{layer.weight_variance} * delta;
      gradient = through + (layer.residual ? gradient : 0);
    }
    return predictions;
  }

  LayerPrediction predict(const LayerMap& layer, Wide gradient, Wide delta) const {
    const auto band = [](Wide value) {
      const double expected = to_double(value);
      return Band{expected, expected, expected};
    };
    LayerPrediction prediction;
    prediction.weight_variance = layer.weight_variance;
    prediction.preactivation_variance = band(layer.preactivation_variance);
    prediction.activation_variance =
        band(layer.residual ? layer.output.variance() : layer.act.variance);
    prediction.activation_grad_variance = band(gradient);
    // dL/dW sums delta u over the batch; the samples' upstream gradients are independent.
    prediction.weight_grad_variance = band(experiment_.batch * delta * layer.normed.second);
    return prediction;
  }

  const Experiment& experiment_;
  const InputMoments& input_;
  GaussianQuadrature quadrature_;
  GaussianNodes nodes_;
  std::vector<LayerMap> layers_;
};

}  // namespace

std::vector<LayerPrediction> predict_signal(const Experiment& experiment,
                                            const InputMoments& input) {
  return SignalPredictor(experiment, input).run();
}

}  // namespace nanscope
