#include "engine/theory/layer_map.h"

#include <algorithm>
#include <cmath>

#include "engine/theory/weights.h"

namespace nanscope {
namespace {

constexpr double kNormEpsilon = 1e-5;

/// u = norm(h), without affine parameters: h or h - mean, over its rms.
void apply_norm(LayerMap& layer) {
  layer.normed = layer.input;
  if (layer.norm == Norm::none) return;
  const bool centred = layer.norm == Norm::layernorm;
  const Wide size = centred ? layer.input.variance : layer.input.second();
  const Wide scale = 1 / (size + Wide{kNormEpsilon});
  layer.normed = {centred ? 0 : layer.input.mean * std::sqrt(scale), layer.input.variance * scale};
  layer.normed_fraction = to_double(size * scale);
}

/// E[(dL/dh)^2] / E[(dL/du)^2] of u = norm(h). dL/dh is 1/sqrt(size + eps) times the part of dL/du
/// that is orthogonal to u (and, for LayerNorm, to 1): of fan_in directions it loses these. Of the
/// square along u the share (1 - kappa)^2 survives.
Wide norm_gradient_gain(const LayerMap& layer) {
  if (layer.norm == Norm::none) return 1;
  const bool centred = layer.norm == Norm::layernorm;
  const Wide size = centred ? layer.input.variance : layer.input.second();
  const double kappa = layer.normed_fraction;
  const double lost = (2 - kappa) * kappa + (centred ? 1 : 0);
  return std::max(0.0, 1 - lost / layer.fan_in) / (size + Wide{kNormEpsilon});
}

class LayerMapBuilder {
 public:
  explicit LayerMapBuilder(const NetworkSpec& network)
      : network_(network), moments_(effective_activation(network.model)) {}

  LayerMap layer(int fan_in, Norm norm, bool residual, const Moments& input) {
    LayerMap layer;
    layer.fan_in = fan_in;
    layer.fan_out = network_.model.width;
    layer.norm = norm;
    layer.residual = residual;
    layer.input = input;
    layer.weight_variance = weight_variance(network_.init, layer.fan_in, layer.fan_out);
    apply_norm(layer);
    const double bias_std = network_.model.bias ? network_.init.bias_std : 0;
    const Wide from_weights = layer.weight_variance * fan_in * layer.normed.second();
    layer.preactivation_variance = from_weights + Wide{bias_std} * bias_std;
    if (layer.preactivation_variance > 0)
      layer.signal_fraction = to_double(from_weights / layer.preactivation_variance);
    layer.act = moments_.at(std::sqrt(layer.preactivation_variance));
    // With the residual, z_i is independent of h_i: means and variances add.
    layer.output = {layer.act.mean + (residual ? input.mean : 0),
                    layer.act.variance + (residual ? input.variance : 0)};
    layer.branch_gain =
        norm_gradient_gain(layer) * layer.fan_out * layer.weight_variance * layer.act.slope_square;
    return layer;
  }

 private:
  const NetworkSpec& network_;
  LayerMomentsTable moments_;
};

}  // namespace

std::vector<LayerMap> layer_maps(const NetworkSpec& network, const InputMoments& input) {
  const Model& model = network.model;
  const int features = input.features > 0 ? input.features : model.width;
  LayerMapBuilder builder(network);
  std::vector<LayerMap> layers;
  layers.reserve(model.depth + 1);
  Moments state{input.mean, std::max(0.0, input.second_moment - input.mean * input.mean)};
  if (features != model.width) {
    layers.push_back(builder.layer(features, Norm::none, false, state));
    state = layers.back().output;
  }
  for (int i = 0; i < model.depth; ++i) {
    layers.push_back(builder.layer(model.width, model.norm, model.residual, state));
    state = layers.back().output;
  }
  return layers;
}

}  // namespace nanscope
