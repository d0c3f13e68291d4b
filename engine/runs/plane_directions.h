#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <vector>

#include "engine/network/plan.h"
#include "engine/optimizers/equation.h"
#include "engine/runs/run_way.h"

// What spans a plane through the parameters of a network (Li et al. 2018). All tensors are flat,
// (P), and fp64.
namespace nanscope {

using Directions = std::array<at::Tensor, 2>;

/// N(0,1) as torch.randn(shape) draws it, parameter by parameter in the plan's order, all of the
/// first direction and then all of the second, from a generator with this seed; then each row of a
/// weight scaled to the length of the same row of theta ("filter normalization"). What is no
/// matrix (biases, the parameters of norms) stays as it is: 0.
Directions random_directions(const Plan& plan, const at::Tensor& theta, std::uint64_t seed);

/// The two orthonormal directions that hold most of sum |theta_t - theta|^2 over a run's positions:
/// the principal components of its way as seen from theta, in order, each with its furthest
/// position on the positive side. Where a run moves along one line, or nowhere, the rest are random
/// ones at right angles to that.
Directions principal_directions(const std::vector<RunPosition>& positions, const at::Tensor& theta,
                                std::uint64_t seed);

/// A tensor seen from a plane's theta.
struct Projection {
  Pair at{};          ///< x and y of the nearest point of the plane
  Pair along{};       ///< the squares of what lies along each direction alone
  double length = 0;  ///< |difference|^2
  double inside = 0;  ///< of the nearest point's difference: at most as much
};
Projection project(const at::Tensor& difference, const Directions& directions);

}  // namespace nanscope
