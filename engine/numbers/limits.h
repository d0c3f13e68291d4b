#pragma once

#include "engine/numbers/format.h"

// For engine/numbers: what follows from a format's bits.
namespace nanscope {

/// The bias in the manner of IEEE 754: half of the exponent fields are for numbers below 2.
constexpr int ieee_bias(int exponent_bits) { return (1 << exponent_bits) / 2 - 1; }

/// The largest exponent field that a number has; 0 if none but that of zero and subnormals.
int largest_exponent_field(const NumberFormat& format);

/// The exponent of the smallest normal number.
int smallest_exponent(const NumberFormat& format);

/// The smallest value: -128 steps of int8, 0 of an unsigned format.
double lowest(const NumberFormat& format);

/// The format with largest, smallest_normal, smallest_subnormal and epsilon computed.
NumberFormat with_limits(NumberFormat format);

}  // namespace nanscope
