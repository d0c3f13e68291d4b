#pragma once

#include <vector>

#include "engine/theory/deviation.h"
#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/gradient_moments.h"
#include "engine/theory/layer_map.h"

// How the gradients of one network of finite width differ from the expectation.
namespace nanscope {

struct BackwardFluctuation {
  LogDeviation gradient;     ///< of the mean square of dL/dh' over the units
  LogDeviation weight_grad;  ///< of the mean of (dL/dz)^2 u^2
  double delta_spread = 0;   ///< E[c^2] of dL/dz of two samples
  /// Relative variance of the mean square of dL/dW from the products of different samples.
  double weight_grad_cross = 0;
};

/// One entry a layer: the random part of the gradient (random_gradient.h) and the part along h
/// (gradient_moments.h), mixed by their shares.
std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward,
    const std::vector<GradientMoments>& moments);

}  // namespace nanscope
