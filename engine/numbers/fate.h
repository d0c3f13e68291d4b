#pragma once

#include "engine/numbers/format.h"

// What becomes of a number in a format, in words that can be said of it.
namespace nanscope {

struct ExactNumber;

enum class Fate {
  exact,
  rounded,        ///< to a neighbour
  vanished,       ///< to zero
  smallest,       ///< up to the smallest number of a format without zero
  saturated,      ///< back to the last number
  overflowed,     ///< beyond the last number: to infinity or NaN
  no_nan,         ///< a NaN, which the format lacks
  no_infinity,    ///< an infinity, which the format lacks
  no_sign,        ///< a negative number, which the format lacks
  no_zero,        ///< zero, which the format lacks
  lost_zero_sign  ///< -0 became 0
};

/// What became of `typed` when it was converted to `value`, a value of the format. Decided by exact
/// comparison. Numbers less than a step beyond the last one are rounded, not saturated.
Fate fate_of(const NumberFormat& format, const ExactNumber& typed, double value);

/// The last number on this side of zero: the largest, the lowest.
double last_number(const NumberFormat& format, bool negative);

}  // namespace nanscope
