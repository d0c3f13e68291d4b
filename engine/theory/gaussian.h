#pragma once

#include <vector>

// Gaussian averages E[f(z)] as sums over nodes.
namespace nanscope {

/// Nodes t and weights with E[f(sigma t)] = sum_k weight_k f(sigma t_k), t ~ N(0,1). |t| ends at
/// 10, where the density times t^8 is below 1e-13.
struct GaussianNodes {
  std::vector<double> t;
  std::vector<double> weight;
};

/// For functions f(x) that are analytic and change on a scale of about 1, at any sigma: the
/// trapezoidal rule in u, t = sinh(u) / max(sigma, 1), which resolves |x| ~ 1 and |x| ~ sigma alike
/// and converges exponentially. Overwrites `nodes`, whose memory is reused; up to sigma = 1 they
/// are always the same.
void fill_smooth_nodes(double sigma, GaussianNodes& nodes);

/// For functions that are polynomials on each side of a kink or a step at 0: Gauss-Legendre on
/// panels of either half-line.
GaussianNodes kinked_nodes();

}  // namespace nanscope
