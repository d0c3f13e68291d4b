#pragma once

#include <vector>

// Gaussian averages E[f(z)] of functions that may have a kink or a step at z = 0.
namespace nanscope {

/// Nodes t and weights with E[f(sigma t)] = sum_k weight_k f(sigma t_k), t ~ N(0,1).
struct GaussianNodes {
  std::vector<double> t;
  std::vector<double> weight;
};

/// Makes nodes for functions f(x) that are analytic on each side of x = 0 and change on a scale of
/// about 1, at any width sigma of the Gaussian.
///
/// Each half-line is mapped by t = sinh(u) / max(sigma, 1), which resolves |x| ~ 1 and |x| ~ sigma
/// alike, and cut into panels with 16 Gauss-Legendre nodes each. |t| ends at 10, where the density
/// times t^8 is below 1e-13.
class GaussianQuadrature {
 public:
  GaussianQuadrature();
  /// Overwrites `nodes` (its memory is reused) with those for N(0, sigma^2).
  void fill(double sigma, GaussianNodes& nodes) const;

 private:
  std::vector<double> legendre_node_;  ///< on [-1, 1]
  std::vector<double> legendre_weight_;
};

}  // namespace nanscope
