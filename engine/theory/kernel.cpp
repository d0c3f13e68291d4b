#include "engine/theory/kernel.h"

#include <cmath>

namespace nanscope {

std::vector<HermiteCoefficients> hermite_basis(const GaussianNodes& nodes) {
  std::array<double, kHermiteOrders> root, inverse_root;
  for (int n = 0; n < kHermiteOrders; ++n) {
    root[n] = std::sqrt(n);
    inverse_root[n] = 1 / std::sqrt(n + 1);
  }
  std::vector<HermiteCoefficients> basis(nodes.t.size());
  for (std::size_t k = 0; k < basis.size(); ++k) {
    double previous = 0, current = nodes.weight[k];
    for (int n = 0; n < kHermiteOrders; ++n) {  // h_{n+1} = (t h_n - sqrt(n) h_{n-1}) / sqrt(n+1)
      basis[k][n] = current;
      const double next = (nodes.t[k] * current - root[n] * previous) * inverse_root[n];
      previous = current;
      current = next;
    }
  }
  return basis;
}

HermiteCoefficients hermite_coefficients(std::span<const HermiteCoefficients> basis,
                                         std::span<const double> f) {
  HermiteCoefficients coefficients{};
  for (std::size_t k = 0; k < basis.size(); ++k)
    for (int n = 0; n < kHermiteOrders; ++n) coefficients[n] += f[k] * basis[k][n];
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
