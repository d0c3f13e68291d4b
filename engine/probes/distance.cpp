#include "engine/probes/distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "engine/base/function_versions.h"
#include "engine/probes/widen.h"

namespace nanscope {
namespace {

constexpr std::size_t kWidenedBlock = 2048;  ///< twice 8 KiB of floats

template <class T>
inline __attribute__((always_inline)) Distance distance_of(const T* before, const T* after,
                                                           std::size_t count) {
  constexpr std::size_t kLanes = 4, kChains = 2;
  typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
  typedef T Values __attribute__((vector_size(kLanes * sizeof(T))));
  Doubles length[kChains] = {}, change[kChains] = {};
  const std::size_t whole = count - count % (kLanes * kChains);
  for (std::size_t i = 0; i < whole; i += kLanes * kChains)
    for (std::size_t chain = 0; chain < kChains; ++chain) {
      Values x_values, y_values;
      std::memcpy(&x_values, before + i + kLanes * chain, sizeof x_values);
      std::memcpy(&y_values, after + i + kLanes * chain, sizeof y_values);
      const Doubles x = __builtin_convertvector(x_values, Doubles);
      const Doubles moved = __builtin_convertvector(y_values, Doubles) - x;
      length[chain] += x * x;
      change[chain] += moved * moved;
    }
  Distance total;
  for (std::size_t i = whole; i < count; ++i) {
    const double x = before[i], moved = after[i] - x;
    total = total + Distance{x * x, moved * moved};
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    total = total + Distance{length[0][lane] + length[1][lane], change[0][lane] + change[1][lane]};
  return total;
}

NANSCOPE_VERSIONS Distance distance(const float* before, const float* after, std::size_t count) {
  return distance_of(before, after, count);
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
