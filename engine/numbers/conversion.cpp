#include "engine/numbers/conversion.h"

#include <bit>
#include <cmath>
#include <limits>

#include "engine/numbers/limits.h"
#include "engine/numbers/rounding_step.h"

namespace nanscope {
namespace {

constexpr int kDoubleMantissaBits = 52;

GridPoint on_float_grid(const NumberFormat& format, double magnitude) {
  const auto bits = std::bit_cast<std::uint64_t>(magnitude);
  const int field = static_cast<int>(bits >> kDoubleMantissaBits);
  // magnitude = significand * 2^(exponent - 52), of a double's subnormals as well
  const int exponent = field == 0 ? -1022 : field - 1023;
  const std::uint64_t hidden = field == 0 ? 0 : std::uint64_t{1} << kDoubleMantissaBits;
  const std::uint64_t significand =
      (bits & ((std::uint64_t{1} << kDoubleMantissaBits) - 1)) | hidden;

  const int last = exponent - kDoubleMantissaBits;
  const int step = step_exponent(format, exponent);
  const int dropped = step - last;
  if (dropped <= 0) return {.count = significand, .step = power_of_two(last)};
  GridPoint point{.step = power_of_two(step), .exact = significand == 0};
  if (dropped >= 64) {  // far below half a step: the significand has 53 bits
    point.fraction = dropped < 128 ? significand >> (dropped - 64) : 0;
    return point;
  }
  const std::uint64_t rest = significand & ((std::uint64_t{1} << dropped) - 1);
  const std::uint64_t half = std::uint64_t{1} << (dropped - 1);
  point.count = significand >> dropped;
  point.exact = rest == 0;
  point.against_half = rest < half ? -1 : rest > half ? 1 : 0;
  point.fraction = rest << (64 - dropped);
  return point;
}

/// The scale has 24 bits, so that its products with small integers are exact.
GridPoint on_integer_grid(const NumberFormat& format, double magnitude) {
  const double step = format.scale;
  const double beyond = -lowest(format) + step;
  if (magnitude >= beyond) return {.count = code_count(format), .step = step};
  double count = std::floor(magnitude / step);
  while (count * step > magnitude) --count;  // the quotient was rounded
  while ((count + 1) * step <= magnitude) ++count;
  const double rest = magnitude - count * step;  // exact: count is 0 or magnitude is near
  const double middle = (2 * count + 1) * step;
  const double fraction = std::min(rest / step, std::nextafter(1.0, 0.0));
  return {.count = static_cast<std::uint64_t>(count),
          .step = step,
          .exact = rest == 0,
          .against_half = 2 * magnitude < middle   ? -1
                          : 2 * magnitude > middle ? 1
                                                   : 0,
          .fraction = static_cast<std::uint64_t>(std::ldexp(fraction, 64))};
}

std::uint64_t mantissa_mask(const NumberFormat& format) {
  return (std::uint64_t{1} << format.mantissa_bits) - 1;
}

/// The code without its sign.
std::uint64_t magnitude_of(const NumberFormat& format, const Fields& fields) {
  return static_cast<std::uint64_t>(fields.exponent) << format.mantissa_bits | fields.mantissa;
}

std::int64_t integer_of(const NumberFormat& format, const Fields& fields) {
  return static_cast<std::int64_t>(fields.mantissa) -
         (static_cast<std::int64_t>(fields.sign) << format.mantissa_bits);
}

/// The next code of the same sign, away from zero.
std::optional<std::uint64_t> next_outward(const NumberFormat& format, Fields fields) {
  if (class_of(format, code_of(format, fields)) == NumberClass::infinity) return std::nullopt;
  std::uint64_t magnitude = magnitude_of(format, fields) + 1;
  if (fields.exponent == 0 && format.has_zero && !format.has_subnormals)
    magnitude = mantissa_mask(format) + 1;
  if (magnitude >> (format.exponent_bits + format.mantissa_bits) != 0) return std::nullopt;
  fields.exponent = static_cast<int>(magnitude >> format.mantissa_bits);
  fields.mantissa = magnitude & mantissa_mask(format);
  const std::uint64_t code = code_of(format, fields);
  if (class_of(format, code) == NumberClass::nan) return std::nullopt;
  return code;
}

/// The next code of the same sign, toward zero; the value is not zero.
std::optional<std::uint64_t> next_inward(const NumberFormat& format, Fields fields) {
  const std::uint64_t magnitude = magnitude_of(format, fields);
  if (magnitude == 0) return std::nullopt;  // the smallest of a format without zero
  fields.exponent = static_cast<int>((magnitude - 1) >> format.mantissa_bits);
  fields.mantissa = (magnitude - 1) & mantissa_mask(format);
  const bool to_zero = fields.exponent == 0 && format.has_zero && !format.has_subnormals;
  if (to_zero) fields.mantissa = 0;
  const bool no_negative_zero = format.nan == NanCoding::negative_zero;
  if (fields.exponent == 0 && fields.mantissa == 0 && no_negative_zero) fields.sign = 0;
  return code_of(format, fields);
}

std::optional<std::uint64_t> next(const NumberFormat& format, std::uint64_t code, bool up) {
  Fields fields = fields_of(format, code);
  const NumberClass number_class = class_of(format, code);
  if (number_class == NumberClass::nan) return std::nullopt;
  if (format.is_integer) {
    const std::int64_t integer = integer_of(format, fields) + (up ? 1 : -1);
    const std::int64_t limit = std::int64_t{1} << format.mantissa_bits;
    if (integer < -limit || integer >= limit) return std::nullopt;
    return static_cast<std::uint64_t>(integer) & (code_count(format) - 1);
  }
  if (number_class == NumberClass::zero) {
    if (!up && !format.has_sign) return std::nullopt;
    fields = {.sign = up ? 0 : 1, .exponent = 0, .mantissa = 0};
    return next_outward(format, fields);
  }
  return (fields.sign == 0) == up ? next_outward(format, fields) : next_inward(format, fields);
}

}  // namespace

double round_to(const NumberFormat& format, double value, const Conversion& conversion) {
  if (std::isnan(value)) return value;
  const bool negative = std::signbit(value);
  if (std::isinf(value)) return settle_infinity(format, negative, conversion);
  const double magnitude = std::abs(value);
  return settle(
      format, negative,
      format.is_integer ? on_integer_grid(format, magnitude) : on_float_grid(format, magnitude),
      conversion);
}

std::uint64_t encode(const NumberFormat& format, double value, const Conversion& conversion) {
  return code_of_value(format, round_to(format, value, conversion));
}

double decode(const NumberFormat& format, std::uint64_t code) {
  const Fields fields = fields_of(format, code);
  if (format.is_integer) return static_cast<double>(integer_of(format, fields)) * format.scale;
  const double sign = fields.sign == 0 ? 1 : -1;
  const double mantissa = std::ldexp(static_cast<double>(fields.mantissa), -format.mantissa_bits);
  switch (class_of(format, code)) {
    case NumberClass::zero:
      return format.nan == NanCoding::negative_zero ? 0.0 : sign * 0.0;
    case NumberClass::subnormal:
      return sign * std::ldexp(mantissa, 1 - format.bias);
    case NumberClass::normal:
      return sign * std::ldexp(1 + mantissa, fields.exponent - format.bias);
    case NumberClass::infinity:
      return sign * std::numeric_limits<double>::infinity();
    case NumberClass::nan:
      break;
  }
  return std::copysign(std::numeric_limits<double>::quiet_NaN(), sign);
}

NumberClass class_of(const NumberFormat& format, std::uint64_t code) {
  const Fields fields = fields_of(format, code);
  if (format.is_integer)
    return integer_of(format, fields) == 0 ? NumberClass::zero : NumberClass::normal;
  const bool all_exponent = fields.exponent == (1 << format.exponent_bits) - 1;
  if (format.nan == NanCoding::ieee && all_exponent)
    return fields.mantissa == 0 ? NumberClass::infinity : NumberClass::nan;
  if (format.nan == NanCoding::all_ones && all_exponent && fields.mantissa == mantissa_mask(format))
    return NumberClass::nan;
  if (fields.exponent != 0 || !format.has_zero) return NumberClass::normal;
  if (fields.mantissa != 0 && format.has_subnormals) return NumberClass::subnormal;
  const bool is_nan =
      format.nan == NanCoding::negative_zero && fields.sign == 1 && fields.mantissa == 0;
  return is_nan ? NumberClass::nan : NumberClass::zero;
}

Fields fields_of(const NumberFormat& format, std::uint64_t code) {
  Fields fields;
  fields.mantissa = code & mantissa_mask(format);
  code >>= format.mantissa_bits;
  fields.exponent = static_cast<int>(code & ((std::uint64_t{1} << format.exponent_bits) - 1));
  code >>= format.exponent_bits;
  fields.sign = format.has_sign ? static_cast<int>(code & 1) : 0;
  return fields;
}

std::uint64_t code_of(const NumberFormat& format, const Fields& fields) {
  const std::uint64_t sign = format.has_sign ? static_cast<std::uint64_t>(fields.sign) : 0;
  return sign << (format.exponent_bits + format.mantissa_bits) | magnitude_of(format, fields);
}

std::uint64_t code_count(const NumberFormat& format) { return std::uint64_t{1} << format.bits(); }

std::optional<std::uint64_t> next_up(const NumberFormat& format, std::uint64_t code) {
  return next(format, code, true);
}

std::optional<std::uint64_t> next_down(const NumberFormat& format, std::uint64_t code) {
  return next(format, code, false);
}

double ulp(const NumberFormat& format, std::uint64_t code) {
  if (format.is_integer) return format.scale;
  switch (class_of(format, code)) {
    case NumberClass::zero:
    case NumberClass::subnormal:
      return format.smallest_subnormal;
    case NumberClass::normal:
      return std::ldexp(1.0, fields_of(format, code).exponent - format.bias - format.mantissa_bits);
    case NumberClass::infinity:
    case NumberClass::nan:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace nanscope
