#pragma once

#include <vector>

#include "engine/theory/layer_map.h"
#include "engine/theory/sample_pairs.h"
#include "engine/theory/small_algebra.h"

// How one network of finite width differs from the expectation, forward.
//
// State of a layer's output h: x = (dV/V, dM/sqrt(V)), the deviations of its variance and mean over
// (B,C). To first order x' = J x + xi, where xi is what sampling N units around the layer's own
// expectation adds; its covariance is that of one unit's batch average over N. Given h, the rows of
// W are independent, so the units z_i are independent Gaussian vectors over the batch, and kernels
// of two correlated samples give everything. Hanin & Nica 2019 for relu and one sample; the same
// expansion as in Roberts, Yaida & Hanin 2022, chapter 4.
namespace nanscope {

struct ForwardFluctuation {
  Vector2 preactivation_response;  ///< d log E[z^2] / dx, x the state of the layer's input
  Vector2 size_response;           ///< d log (size + eps) / dx of the norm, 0 without one
  Matrix2 transfer;                ///< J
  Covariance2 noise;               ///< Cov[xi]
  Covariance2 input, output;       ///< Cov[x] before and after the layer
  PairCorrelation normed_pairs;    ///< of u = norm(h), normalized by E[u^2]
  PairCorrelation pairs;           ///< of z
  double conserved = 0;   ///< share of z z' that an orthogonal weight keeps from fluctuating
  double mean_noise = 0;  ///< Var[mean of h' over (B,C)] / V beyond that of its scale
  double preactivation_variance = 0;  ///< Var[log of the variance of z]
};

/// One entry a layer. The input's own sampling noise is that of `data`.
std::vector<ForwardFluctuation> forward_fluctuations(const std::vector<LayerMap>& layers,
                                                     const Experiment& experiment,
                                                     const InputMoments& input);

}  // namespace nanscope
