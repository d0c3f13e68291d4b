#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace nanscope {

/// Elements that one thread measures at a time: 64 KiB of float, a few microseconds of work.
inline constexpr std::int64_t kMeasuredPart = 16384;

/// Adds up measure(first value, number of values) over parts of so many values, in parallel: the
/// sum does not depend on the number of threads.
template <class Sums, class Measure>
Sums sum_of_parts(std::int64_t count, const Measure& measure) {
  const auto part_of = [&](std::int64_t part) {
    const std::int64_t first = part * kMeasuredPart;
    return measure(first, std::min(kMeasuredPart, count - first));
  };
  const std::int64_t parts = (count + kMeasuredPart - 1) / kMeasuredPart;
  if (parts == 1) return part_of(0);
  std::vector<Sums> results(static_cast<std::size_t>(parts));
  at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part)
      results[static_cast<std::size_t>(part)] = part_of(part);
  });
  Sums total;
  for (const Sums& result : results) total = total + result;
  return total;
}

}  // namespace nanscope
