#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/experiment/network.h"
#include "engine/theory/layer_moments.h"
#include "engine/theory/prediction.h"
#include "engine/theory/small_algebra.h"
#include "engine/theory/wide.h"

// The signal in the limit of infinite width, layer by layer: mean-field theory (Poole et al. 2016,
// Schoenholz et al. 2017).
namespace nanscope {

/// Mean and variance of one element of a (B,C) tensor.
struct Moments {
  Wide mean = 0;
  Wide variance = 0;
  Wide second() const { return variance + mean * mean; }
};

/// numerator / denominator, 0 where there is nothing.
inline double ratio(Wide numerator, Wide denominator) {
  return denominator > 0 ? to_double(numerator / denominator) : 0;
}

/// mean / sqrt(variance), at most 1e9: beyond, the variance no longer shows in the second moment.
inline double relative_mean(const Moments& moments) {
  return std::clamp(ratio(moments.mean, std::sqrt(moments.variance)), -1e9, 1e9);
}

/// d log E[h^2] / dx = (1, 2 rho) / (1 + rho^2), rho = m / sqrt(V), where x = (dV/V, dm/sqrt(V)).
inline Vector2 second_moment_response(const Moments& moments) {
  const double rho = relative_mean(moments);
  return {1 / (1 + rho * rho), 2 * rho / (1 + rho * rho)};
}

/// One layer h' = [h +] act(z), z = W norm(h) + b, and what it does to a gradient.
struct LayerMap {
  int fan_in = 1, fan_out = 1;
  Norm norm = Norm::none;
  bool residual = false;
  double weight_variance = 0;
  Moments input;               ///< of h
  Moments normed;              ///< of norm(h)
  double normed_fraction = 1;  ///< kappa = 1 - eps / (size + eps): 1 unless the input is tiny
  Wide preactivation_variance = 0;
  double signal_fraction = 1;  ///< share of the weights, not the bias, in preactivation_variance
  LayerMoments act;
  Moments output;        ///< of h'
  Wide branch_gain = 0;  ///< E[(dL/dh)^2] / E[(dL/dh')^2] through the branch act(W norm(h) + b)
};

/// Every layer, the input layer first where the data has another size than the model is wide.
std::vector<LayerMap> layer_maps(const NetworkSpec& network, const InputMoments& input);

}  // namespace nanscope
