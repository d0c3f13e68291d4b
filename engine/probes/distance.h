#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/probes/measure.h"

namespace nanscope {

/// How far a part of a tensor moved, in double; parts add up.
struct Distance {
  double squared_length = 0;  ///< of where it was: sum of x^2
  double squared_change = 0;  ///< sum of (y - x)^2

  Distance operator+(const Distance& other) const {
    return {squared_length + other.squared_length, squared_change + other.squared_change};
  }
  /// |y - x| / |x|, Euclidean norms.
  double ratio() const;
};

/// From x = before[0, count) to y = after[0, count), in one pass.
Distance measure_distance(const void* before, const void* after, Storage storage,
                          std::int64_t count);

/// The same of floats in portable code, without the hand-written AVX-512 loop.
Distance portable_distance(const float* before, const float* after, std::size_t count);

}  // namespace nanscope
