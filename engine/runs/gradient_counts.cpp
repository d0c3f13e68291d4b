#include "engine/runs/gradient_counts.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/network/measure_tensor.h"
#include "engine/probes/measure.h"

namespace nanscope {

void GradientCounts::add(const at::Tensor& gradient, std::vector<std::int64_t>& bins,
                         double largest) {
  // In half precision the subnormal numbers would share one bin.
  const at::Tensor values = gradient.element_size() < 4 ? gradient.to(at::kFloat) : gradient;
  const Storage storage = values.scalar_type() == at::kDouble ? Storage::fp64 : Storage::fp32;
  std::ranges::fill(bins, 0);
  add_exponents(values, bins, Signs::together, largest);
  Histogram found = to_magnitudes(bins.data(), storage);
  MagnitudeCounts one{.first_exponent = found.first_exponent,
                      .counts = std::move(found.positive),
                      .nonfinite = nonfinite_in(bins.data(), storage),
                      .total = values.numel()};
  one.zeros = one.total - one.nonfinite -
              std::accumulate(one.counts.begin(), one.counts.end(), std::int64_t{0});
  counted_ = counted_.total == 0 ? std::move(one) : added_up({{"", counted_}, {"", one}});
}

}  // namespace nanscope
