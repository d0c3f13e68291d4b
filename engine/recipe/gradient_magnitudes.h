#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nanscope {

/// How large the elements of all parameters' gradients are in one step, as its backward pass left
/// them: times the loss scale.
struct GradientMagnitudes {
  std::int64_t step = 0;
  double loss_scale = 1;   ///< what the loss was multiplied by
  std::string format;      ///< the narrowest one that gradients went through: "fp16"
  int first_exponent = 0;  ///< counts[i] elements have 2^(first_exponent + i) <= |g| < twice that
  std::vector<std::int64_t> counts = {};
  std::int64_t zeros = 0, nonfinite = 0, total = 0;
  bool operator==(const GradientMagnitudes&) const = default;
};

}  // namespace nanscope
