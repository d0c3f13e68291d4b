#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "engine/recipe/gradient_magnitudes.h"

namespace nanscope {

/// How large the elements of gradients are: of the parameters of a layer, one after another.
class GradientCounts {
 public:
  /// `bins`: memory for all layers, which it overwrites. `largest`: the gradient's largest
  /// magnitude, where that is known; 0: it is not.
  void add(const at::Tensor& gradient, std::vector<std::int64_t>& bins, double largest = 0);
  const MagnitudeCounts& counted() const { return counted_; }
  void clear() { counted_ = {}; }

 private:
  MagnitudeCounts counted_;
};

}  // namespace nanscope
