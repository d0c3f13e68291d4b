#pragma once

#include <array>
#include <vector>

#include "engine/experiment/network.h"
#include "engine/theory/gaussian.h"
#include "engine/theory/kernel.h"
#include "engine/theory/wide.h"

// Averages of an activation and of its slope over z ~ N(0, sigma^2).
namespace nanscope {

/// Kernels over two correlated z, z' of the standardized activation
/// f = (act - E[act]) / sqrt(Var[act]) and of d = act'^2 / E[act'^2]: what the fluctuations at
/// finite width are made of. They do not depend on sigma for identity, relu and leaky_relu.
struct CorrelationKernels {
  Kernel value;                ///< E[f f']
  Kernel value_square;         ///< E[f f'^2]
  Kernel square;               ///< E[f^2 f'^2]
  Kernel value_cube;           ///< E[f f'^3]
  Kernel slope;                ///< E[act' act'] / E[act'^2]
  Kernel slope_square;         ///< E[d d']
  Kernel radial;               ///< E[f z act'(z')] / sqrt(Var[act]): act's response to a scaled z
  Kernel value_slope_square;   ///< E[f d']
  Kernel square_slope_square;  ///< E[f^2 d']
};

/// First and second derivative by log sigma^2.
struct Response {
  double first = 0;
  double second = 0;
};

/// Exact for a layer of infinite width.
struct LayerMoments {
  Wide mean = 0;            ///< E[act(z)]
  Wide variance = 0;        ///< Var[act(z)]
  Wide slope_square = 1;    ///< E[act'(z)^2]
  double slope_radial = 1;  ///< E[act'(z)^2 z^2] / (sigma^2 E[act'(z)^2])
  Response value;           ///< of E[act] / sqrt(Var[act]), its denominator held fixed
  Response square;          ///< of log Var[act]
  Response slope;           ///< of log E[act'^2]
  CorrelationKernels kernels;
  Wide second() const { return variance + mean * mean; }
};

/// Computes LayerMoments; keeps nodes and the last result between calls.
///
/// Quadrature serves 1e-8 <= sigma <= 1e6. Beyond, an activation is its own power law: linear
/// around 0; towards the ends a step (tanh, sigmoid) or relu (gelu, silu), with a relative error
/// of about 1/sigma.
class LayerMomentsTable {
 public:
  explicit LayerMomentsTable(Activation activation) : activation_(activation) {}
  /// For any sigma >= 0, up to 1e1500.
  LayerMoments at(Wide sigma);

 private:
  void set_nodes(double sigma);
  void tabulate(double sigma);
  LayerMoments scaled(Wide sigma) const;

  Activation activation_;
  GaussianNodes nodes_;
  std::vector<HermiteCoefficients> basis_;
  double nodes_sigma_ = -1;
  std::array<std::vector<double>, 6> functions_;
  double tabulated_sigma_ = -1;
  LayerMoments tabulated_;  ///< at tabulated_sigma_, of (act(z) - act(0)) / sigma
};

}  // namespace nanscope
