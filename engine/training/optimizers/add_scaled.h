#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <cmath>
#include <limits>

namespace nanscope {

/// Whether the factor is none that ATen refuses as add()'s alpha: more than the numbers of x hold.
/// Their product is infinite then, as it is in the PyTorch script.
inline bool holds(const at::Tensor& x, double factor) {
  double largest = std::numeric_limits<float>::max();
  if (x.scalar_type() == at::kHalf) largest = std::numeric_limits<c10::Half>::max();
  if (x.scalar_type() == at::kDouble) largest = std::numeric_limits<double>::max();
  return !std::isfinite(factor) || std::abs(factor) <= largest;
}

/// x += factor y.
inline at::Tensor& add_scaled(at::Tensor& x, const at::Tensor& y, double factor) {
  return holds(x, factor) ? x.add_(y, factor) : x.add_(y.mul(factor));
}

}  // namespace nanscope
