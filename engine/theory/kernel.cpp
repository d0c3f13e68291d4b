#include "engine/theory/kernel.h"

#include <cmath>

namespace nanscope {

HermiteCoefficients hermite_coefficients(const GaussianNodes& nodes, std::span<const double> f) {
  static const std::array<double, kHermiteOrders + 1> root = [] {
    std::array<double, kHermiteOrders + 1> roots{};
    for (int n = 0; n <= kHermiteOrders; ++n) roots[n] = std::sqrt(n);
    return roots;
  }();
  HermiteCoefficients coefficients{};
  for (std::size_t k = 0; k < nodes.t.size(); ++k) {
    const double t = nodes.t[k];
    double previous = 0, current = nodes.weight[k] * f[k];
    for (int n = 0; n < kHermiteOrders; ++n) {  // h_{n+1} = (t h_n - sqrt(n) h_{n-1}) / sqrt(n+1)
      coefficients[n] += current;
      const double next = (t * current - root[n] * previous) / root[n + 1];
      previous = current;
      current = next;
    }
  }
  return coefficients;
}

Kernel::Kernel(const HermiteCoefficients& f, const HermiteCoefficients& g, double diagonal) {
  double rest = diagonal;
  for (int n = 0; n < kHermiteOrders; ++n) {
    product_[n] = f[n] * g[n];
    rest -= product_[n];
  }
  product_[kHermiteOrders] = rest;
}

double Kernel::operator()(double c) const {
  double sum = 0;
  for (int n = kHermiteOrders; n >= 0; --n) sum = sum * c + product_[n];
  return sum;
}

}  // namespace nanscope
