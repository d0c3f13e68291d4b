#include "engine/optimizers/orthogonal.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/numbers/format.h"

namespace nanscope {

Pair orthogonal(const Pair& row, double eps) {
  constexpr double kA = 3.4445, kB = -4.775, kC = 2.0315;
  Rounder bf16(*find_format("bf16"), Rounding::nearest_even, std::nullopt);
  Pair x{bf16(row[0]), bf16(row[1])};
  const double length = std::max(bf16(std::hypot(x[0], x[1])), bf16(eps));
  for (double& element : x) element = bf16.divide(element, length);
  for (int i = 0; i < 5; ++i) {
    const double gram = bf16(x[0] * x[0] + x[1] * x[1]);
    const double polynomial = bf16(kB * gram + kC * gram * gram);
    for (double& element : x) element = bf16(kA * element + polynomial * element);
  }
  return x;
}

}  // namespace nanscope
