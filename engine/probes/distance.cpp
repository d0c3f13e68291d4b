#include "engine/probes/distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "engine/base/function_versions.h"
#include "engine/probes/avx512.h"
#include "engine/probes/widen.h"

namespace nanscope {
namespace {

constexpr std::size_t kWidenedBlock = 2048;  ///< twice 8 KiB of floats

template <class T>
inline __attribute__((always_inline)) Distance distance_of(const T* before, const T* after,
                                                           std::size_t count) {
  constexpr std::size_t kLanes = 8;
  double length[kLanes] = {}, change[kLanes] = {};
  const auto add = [&](std::size_t lane, std::size_t i) {
    const double x = before[i], moved = after[i] - x;
    length[lane] += x * x;
    change[lane] += moved * moved;
  };
  const std::size_t whole = count - count % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) add(lane, i + lane);
  for (std::size_t i = whole; i < count; ++i) add(i - whole, i);
  Distance total;
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    total = total + Distance{length[lane], change[lane]};
  return total;
}

Distance distance(const float* before, const float* after, std::size_t count) {
  return has_avx512() ? avx512_distance(before, after, count)
                      : portable_distance(before, after, count);
}
NANSCOPE_VERSIONS Distance distance(const double* before, const double* after, std::size_t count) {
  return distance_of(before, after, count);
}

Distance widened_distance(const void* before, const void* after, std::size_t count,
                          void (*widen)(const std::uint16_t*, std::size_t, float*)) {
  const auto* x_codes = static_cast<const std::uint16_t*>(before);
  const auto* y_codes = static_cast<const std::uint16_t*>(after);
  float x[kWidenedBlock], y[kWidenedBlock];
  Distance total;
  for (std::size_t begin = 0; begin < count; begin += kWidenedBlock) {
    const std::size_t size = std::min(kWidenedBlock, count - begin);
    widen(x_codes + begin, size, x);
    widen(y_codes + begin, size, y);
    total = total + distance(x, y, size);
  }
  return total;
}

}  // namespace

NANSCOPE_VERSIONS Distance portable_distance(const float* before, const float* after,
                                             std::size_t count) {
  return distance_of(before, after, count);
}

double Distance::ratio() const { return std::sqrt(squared_change) / std::sqrt(squared_length); }

Distance measure_distance(const void* before, const void* after, Storage storage,
                          std::int64_t count) {
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
  switch (storage) {
    case Storage::fp64:
      return distance(static_cast<const double*>(before), static_cast<const double*>(after), size);
    case Storage::fp32:
      return distance(static_cast<const float*>(before), static_cast<const float*>(after), size);
    case Storage::bf16:
      return widened_distance(before, after, size, widen_bf16);
    case Storage::fp16:
      return widened_distance(before, after, size, widen_fp16);
  }
  return {};
}

}  // namespace nanscope
