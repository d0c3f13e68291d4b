#pragma once

#include <vector>

#include "engine/theory/layer_map.h"
#include "engine/theory/sample_pairs.h"
#include "engine/theory/small_algebra.h"

// How one network of finite width differs from the expectation, forward.
//
// State of a sample at a layer's output h: x = (dV/V, dM/sqrt(V)), the deviations of the mean of
// (h - m)^2 and of h over the units from their expectations V and m. To first order
// x' = J x + xi, where xi is what sampling N units adds; its covariance is that of one unit over N.
// Given h, the rows of W are independent, so the units z_i are independent Gaussian vectors over
// the batch, and kernels of two correlated samples give everything. The mean of x is of second
// order. For relu and one sample this is Hanin & Nica 2019; in general it is the 1/N expansion of
// Roberts, Yaida & Hanin 2022, chapters 4 and 5.
namespace nanscope {

struct ForwardFluctuation {
  Vector2 preactivation_response;  ///< d log E[z^2] / dx, x the state of the layer's input
  Vector2 size_response;           ///< d log(size + eps) / dx of the norm, 0 without one
  Matrix2 transfer;                ///< J
  SamplePair<Covariance2> noise;   ///< Cov[xi]
  SamplePair<Covariance2> input_covariance, output_covariance;  ///< Cov[x] before and after
  /// E[x]: (E[log V], E[t] + rho E[log V] / 2), where M / sqrt(V) = rho + t.
  Vector2 input_mean, output_mean;
  double curvature = 0;          ///< E[log E[z^2]] - preactivation_response . input_mean
  double input_mean_noise = 0;   ///< Var[mean of h over the units] / V of one sample
  PairCorrelation normed_pairs;  ///< of u = norm(h), normalized by E[u^2]
  PairCorrelation pairs;         ///< of z
  double conserved = 0;          ///< share of z z' that an orthogonal weight keeps from fluctuating
  SamplePair<double> output_mean_noise;    ///< Var[mean of h'] / V' beyond that of its scale
  SamplePair<double> preactivation_noise;  ///< relative variance of the mean of z^2, given h
};

/// One entry a layer. The input's own sampling noise is that of the kind of data.
std::vector<ForwardFluctuation> forward_fluctuations(const std::vector<LayerMap>& layers,
                                                     InitScheme scheme, DataKind data,
                                                     const InputMoments& input);

}  // namespace nanscope
