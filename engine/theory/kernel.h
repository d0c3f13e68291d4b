#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/theory/gaussian.h"

namespace nanscope {

/// The Hermite orders that a kernel keeps one by one.
inline constexpr int kHermiteOrders = 16;

/// Coefficients a_n = E[f(t) He_n(t)] / sqrt(n!), t ~ N(0,1), in probabilists' Hermite polynomials.
using HermiteCoefficients = std::array<double, kHermiteOrders>;

/// The weighted polynomials at the nodes: a row w_k He_n(t_k) / sqrt(n!) for each node.
std::vector<HermiteCoefficients> hermite_basis(const GaussianNodes& nodes);

/// The coefficients of a function by its values at the nodes.
HermiteCoefficients hermite_coefficients(std::span<const HermiteCoefficients> basis,
                                         std::span<const double> f);

/// E[f(t) g(t')] as a function of the correlation c of the standard normal t and t': by Mehler's
/// formula sum_n a_n b_n c^n. What the orders kept here leave of E[f g] is put on the next order.
class Kernel {
 public:
  Kernel() = default;
  /// `diagonal` is E[f(t) g(t)], the value at c = 1.
  Kernel(const HermiteCoefficients& f, const HermiteCoefficients& g, double diagonal);

  double operator()(double c) const;
  double mean() const { return product_[0]; }  ///< E[f] E[g], the value at c = 0
  double linear() const { return product_[1]; }
  double quadratic() const { return product_[2]; }
  /// Cov[f(t), g(t')].
  double covariance(double c) const { return (*this)(c)-product_[0]; }

 private:
  std::array<double, kHermiteOrders + 1> product_{};
};

}  // namespace nanscope
