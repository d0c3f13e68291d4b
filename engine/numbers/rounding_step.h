#pragma once

#include <cstdint>
#include <limits>

#include "engine/numbers/conversion.h"

// For engine/numbers: the one place where a rounding mode decides, whatever the value came from.
namespace nanscope {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A magnitude on a format's grid before rounding: count * step <= magnitude < (count + 1) * step.
struct GridPoint {
  std::uint64_t count = 0;
  double step = 0;
  bool exact = true;           ///< magnitude == count * step
  int against_half = -1;       ///< the rest against step / 2: -1 less, 0 equal, 1 more
  std::uint64_t fraction = 0;  ///< floor(2^64 rest / step)
};

/// The exponent of the step of the grid that a magnitude in [2^exponent, 2^(exponent+1)) lies on.
int step_exponent(const NumberFormat& format, int exponent);

/// 2^exponent; infinity beyond double.
double power_of_two(int exponent);

/// The value that the point, with this sign, becomes.
double settle(const NumberFormat& format, bool negative, const GridPoint& point,
              const Conversion& conversion);

/// What an infinity of this sign becomes.
double settle_infinity(const NumberFormat& format, bool negative, const Conversion& conversion);

/// The code of a value of the format, or of a NaN.
std::uint64_t code_of_value(const NumberFormat& format, double value);

}  // namespace nanscope
