#include "engine/recipe/gradient_magnitudes.h"

#include <algorithm>
#include <limits>

namespace nanscope {

MagnitudeCounts added_up(const std::vector<LayerMagnitudes>& layers) {
  MagnitudeCounts sum;
  int low = std::numeric_limits<int>::max(), high = std::numeric_limits<int>::min();
  for (const auto& [layer, counted] : layers) {
    sum.zeros += counted.zeros;
    sum.nonfinite += counted.nonfinite;
    sum.total += counted.total;
    if (counted.counts.empty()) continue;
    low = std::min(low, counted.first_exponent);
    high = std::max(high, counted.first_exponent + static_cast<int>(counted.counts.size()));
  }
  if (low >= high) return sum;
  sum.first_exponent = low;
  sum.counts.resize(static_cast<std::size_t>(high - low));
  for (const auto& [layer, counted] : layers)
    for (std::size_t i = 0; i < counted.counts.size(); ++i)
      sum.counts[static_cast<std::size_t>(counted.first_exponent - low) + i] += counted.counts[i];
  return sum;
}

GradientMagnitudes with_counts(const GradientMagnitudes& gradients, const MagnitudeCounts& counts) {
  return {.step = gradients.step,
          .loss_scale = gradients.loss_scale,
          .format = gradients.format,
          .first_exponent = counts.first_exponent,
          .counts = counts.counts,
          .zeros = counts.zeros,
          .nonfinite = counts.nonfinite,
          .total = counts.total};
}

std::size_t layer_place(const GradientMagnitudes& gradients, int number) {
  const std::size_t count = gradients.layers.size();
  if (count == 0) return count;
  const int place = number - (gradients.layers.front().layer == "input" ? 0 : 1);
  return place < 0 ? count : std::min(static_cast<std::size_t>(place), count);
}

bool is_narrow(const NumberFormat& format) { return format.smallest_normal > 0x1p-100; }

}  // namespace nanscope
