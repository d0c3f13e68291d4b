#include "engine/numbers/limits.h"

#include <cmath>

namespace nanscope {
namespace {

NumberFormat with_integer_limits(NumberFormat format) {
  format.largest = format.scale * ((1 << format.mantissa_bits) - 1);
  format.smallest_normal = format.smallest_subnormal = format.epsilon = format.scale;
  return format;
}

}  // namespace

int largest_exponent_field(const NumberFormat& format) {
  const int all_ones = (1 << format.exponent_bits) - 1;
  const bool taken = format.nan == NanCoding::ieee ||
                     (format.nan == NanCoding::all_ones && format.mantissa_bits == 0);
  return taken ? all_ones - 1 : all_ones;
}

int smallest_exponent(const NumberFormat& format) {
  return (format.has_zero ? 1 : 0) - format.bias;
}

double lowest(const NumberFormat& format) {
  if (format.is_integer) return -format.largest - format.scale;
  if (format.has_sign) return -format.largest;
  return format.has_zero ? 0 : format.smallest_normal;
}

NumberFormat with_limits(NumberFormat format) {
  if (format.is_integer) return with_integer_limits(format);
  const int mantissa_bits = format.mantissa_bits;
  // The last mantissa of the last exponent, or the one before it where that is NaN.
  const bool last_is_nan = format.nan == NanCoding::all_ones && mantissa_bits > 0;
  const double significand = 2 - std::ldexp(last_is_nan ? 2.0 : 1.0, -mantissa_bits);
  format.largest = std::ldexp(significand, largest_exponent_field(format) - format.bias);
  format.smallest_normal = std::ldexp(1.0, smallest_exponent(format));
  format.smallest_subnormal = format.has_subnormals
                                  ? std::ldexp(format.smallest_normal, -mantissa_bits)
                                  : format.smallest_normal;
  format.epsilon = std::ldexp(1.0, -mantissa_bits);
  return format;
}

}  // namespace nanscope
