#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/numbers/format.h"

// The doubles and the digest of tests/reference/make_numbers.py.
namespace nanscope {

/// The output function of SplitMix64.
inline std::uint64_t mix(std::uint64_t word) {
  word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
  word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
  return word ^ (word >> 31);
}

/// What the digest of a list of codes adds for one of them.
inline std::uint64_t digest_of(std::uint64_t index, std::uint64_t code) {
  return mix((index << 32) + code);
}

/// Random doubles of every exponent that a format has and three more on either side; every fourth
/// is cut to the format's precision and one bit, so that half of those are ties.
class RandomDoubles {
 public:
  explicit RandomDoubles(const NumberFormat& format)
      : low_(std::ilogb(format.smallest_subnormal) - 3),
        exponents_(std::ilogb(format.largest) + 4 - low_),
        cut_(((std::uint64_t{1} << 52) - 1) >> (format.mantissa_bits + 1)) {}

  double operator()(std::uint64_t index) const {
    const std::uint64_t word = mix((index + 1) * 0x9E3779B97F4A7C15);
    const std::uint64_t sign = word >> 63 << 63;
    const std::uint64_t field =
        ((word >> 52 & 0x7FF) * static_cast<std::uint64_t>(exponents_)) >> 11;
    const std::uint64_t mantissa = word & ((std::uint64_t{1} << 52) - 1);
    const std::uint64_t exponent = field + static_cast<std::uint64_t>(low_ + 1023);
    return std::bit_cast<double>(sign | exponent << 52 |
                                 (word % 4 == 0 ? mantissa & ~cut_ : mantissa));
  }

 private:
  int low_;
  int exponents_;
  std::uint64_t cut_;
};

}  // namespace nanscope
