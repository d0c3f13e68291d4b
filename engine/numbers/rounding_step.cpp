#include "engine/numbers/rounding_step.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/numbers/limits.h"

namespace nanscope {
namespace {

/// PyTorch and ml_dtypes cast to e8m0 from float32, where its smallest value, 2^-127, is a
/// subnormal half way from 0 to 2^-126: all that lies above it goes up, also what is nearer to it.
bool is_above_smallest_e8m0(const NumberFormat& format, const GridPoint& point) {
  return !format.has_zero && format.smallest_normal == 0x1p-127 && point.count == 1 &&
         point.step == format.smallest_normal;
}

bool goes_away_from_zero(const NumberFormat& format, bool negative, const GridPoint& point,
                         const Conversion& conversion) {
  if (point.exact) return false;
  switch (conversion.rounding) {
    case Rounding::nearest_even:
      if (is_above_smallest_e8m0(format, point)) return true;
      return point.against_half > 0 || (point.against_half == 0 && point.count % 2 == 1);
    case Rounding::toward_zero:
      return false;
    case Rounding::up:
      return !negative;
    case Rounding::down:
      return negative;
    case Rounding::stochastic:
      return conversion.random < point.fraction;
  }
  return false;
}

/// What a value outside the format's range becomes; `limit` is the format's value nearest to it.
double outside(const NumberFormat& format, double limit, const Conversion& conversion) {
  if (conversion.overflow.value_or(format.overflow) == Overflow::saturate) return limit;
  if (format.nan == NanCoding::none) return limit;
  return std::copysign(kNan, limit);
}

double overflowed(const NumberFormat& format, bool negative, const Conversion& conversion) {
  const bool saturates = conversion.overflow.value_or(format.overflow) == Overflow::saturate;
  if (format.has_infinity && !saturates) return negative ? -kInfinity : kInfinity;
  return outside(format, negative ? lowest(format) : format.largest, conversion);
}

/// Rounding in this mode leads from values beyond the largest back to it.
bool stays_finite(bool negative, Rounding rounding) {
  return rounding == Rounding::toward_zero ||
         rounding == (negative ? Rounding::up : Rounding::down);
}

/// Whether a number loses its sign and zero becomes the smallest number: PyTorch's cast to e8m0
/// (c10/util/Float8_e8m0fnu.h), which has neither, unless something else was asked for.
bool by_magnitude(const NumberFormat& format, const Conversion& conversion) {
  return !format.has_sign && !format.has_zero && !conversion.overflow &&
         format.overflow != Overflow::saturate;
}

double signed_zero(const NumberFormat& format, bool negative) {
  const bool has_negative_zero =
      format.has_sign && !format.is_integer && format.nan != NanCoding::negative_zero;
  return negative && has_negative_zero ? -0.0 : 0.0;
}

}  // namespace

int step_exponent(const NumberFormat& format, int exponent) {
  const int smallest = smallest_exponent(format);
  if (exponent < smallest && !format.has_subnormals) return smallest;  // zero or the smallest
  return std::max(exponent, smallest) - format.mantissa_bits;
}

double power_of_two(int exponent) {
  if (exponent < -1022 || exponent > 1023) return std::ldexp(1.0, exponent);
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

double settle(const NumberFormat& format, bool negative, const GridPoint& point,
              const Conversion& conversion) {
  const bool is_zero = point.exact && point.count == 0;
  if (by_magnitude(format, conversion)) {
    if (is_zero && !format.has_zero) return format.smallest_normal;
    negative = false;
  }
  if (is_zero && !format.has_zero) return outside(format, format.smallest_normal, conversion);
  if (negative && !format.has_sign && !is_zero) return outside(format, lowest(format), conversion);

  const std::uint64_t count =
      point.count + (goes_away_from_zero(format, negative, point, conversion) ? 1 : 0);
  if (count == 0) return format.has_zero ? signed_zero(format, negative) : format.smallest_normal;
  const double magnitude = static_cast<double>(count) * point.step;  // exact: at most 53 bits
  const double limit = negative ? lowest(format) : format.largest;
  if (magnitude > std::abs(limit))
    return stays_finite(negative, conversion.rounding) ? limit
                                                       : overflowed(format, negative, conversion);
  return negative ? -magnitude : magnitude;
}

double settle_infinity(const NumberFormat& format, bool negative, const Conversion& conversion) {
  if (by_magnitude(format, conversion)) negative = false;
  if (negative && !format.has_sign) return outside(format, lowest(format), conversion);
  return overflowed(format, negative, conversion);
}

std::uint64_t code_of_value(const NumberFormat& format, double value) {
  Fields fields;
  fields.sign = std::signbit(value) ? 1 : 0;
  const double magnitude = std::abs(value);
  const int mantissa_bits = format.mantissa_bits;
  const std::uint64_t all_mantissa = (std::uint64_t{1} << mantissa_bits) - 1;
  const int all_exponent = (1 << format.exponent_bits) - 1;
  if (std::isnan(value)) {
    if (format.nan == NanCoding::none) {
      fields.sign = format.has_sign && !format.is_integer ? 1 - fields.sign : 0;
    } else if (format.nan == NanCoding::negative_zero) {
      fields.sign = 1;
    } else {
      fields.exponent = all_exponent;
      fields.mantissa = format.nan == NanCoding::ieee ? (all_mantissa + 1) / 2 : all_mantissa;
    }
  } else if (format.is_integer) {
    const auto integer = static_cast<std::int64_t>(value / format.scale);  // exact
    return static_cast<std::uint64_t>(integer) & ((std::uint64_t{1} << format.bits()) - 1);
  } else if (std::isinf(value)) {
    fields.exponent = all_exponent;
  } else if (magnitude >= format.smallest_normal) {
    const int exponent = std::ilogb(magnitude);
    fields.exponent = exponent + format.bias;
    fields.mantissa =
        static_cast<std::uint64_t>(std::scalbn(magnitude, mantissa_bits - exponent)) & all_mantissa;
  } else if (magnitude > 0) {
    fields.mantissa = static_cast<std::uint64_t>(magnitude / format.smallest_subnormal);
  }
  return code_of(format, fields);
}

}  // namespace nanscope
