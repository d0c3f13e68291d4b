#include "engine/numbers/exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/numbers/rounding_step.h"

namespace nanscope {
namespace {

/// numerator / denominator * 2^-exponent with whole numbers.
struct Ratio {
  mpz_class numerator;
  mpz_class denominator;
};

Ratio scaled(const mpq_class& value, int exponent) {
  Ratio ratio{value.get_num(), value.get_den()};
  const auto shift = static_cast<mp_bitcnt_t>(std::abs(exponent));
  (exponent > 0 ? ratio.denominator : ratio.numerator) <<= shift;
  return ratio;
}

/// floor(log2(value)) of a positive value.
int binary_exponent(const mpq_class& value) {
  const auto bits = [](const mpz_class& number) {
    return static_cast<int>(mpz_sizeinbase(number.get_mpz_t(), 2));
  };
  const int estimate = bits(value.get_num()) - bits(value.get_den());  // right or one too many
  const Ratio ratio = scaled(value, estimate);
  return ratio.numerator < ratio.denominator ? estimate - 1 : estimate;
}

/// Fits into the 64 bits of which GMP's interface knows nothing.
std::uint64_t to_uint64(const mpz_class& number) {
  static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));
  return number.get_ui();
}

/// The point at ratio steps.
GridPoint grid_point(const Ratio& ratio, double step) {
  mpz_class count, rest;
  mpz_fdiv_qr(count.get_mpz_t(), rest.get_mpz_t(), ratio.numerator.get_mpz_t(),
              ratio.denominator.get_mpz_t());
  const mpz_class fraction = (rest << 64) / ratio.denominator;
  return {.count = to_uint64(count),
          .step = step,
          .exact = rest == 0,
          .against_half = cmp(mpz_class(2 * rest), ratio.denominator),
          .fraction = to_uint64(fraction)};
}

GridPoint on_grid(const NumberFormat& format, const mpq_class& magnitude) {
  if (magnitude == 0) return {};
  if (!format.is_integer) {
    const int step = step_exponent(format, binary_exponent(magnitude));
    return grid_point(scaled(magnitude, step), power_of_two(step));
  }
  const mpq_class steps = magnitude / mpq_class(format.scale);
  if (steps > code_count(format)) return {.count = code_count(format), .step = format.scale};
  return grid_point({steps.get_num(), steps.get_den()}, format.scale);
}

double to_double(bool negative, const mpq_class& magnitude) {
  return settle(*find_format("fp64"), negative, on_grid(*find_format("fp64"), magnitude), {});
}

/// The same of an error, which is never 0 where there is one.
double error_to_double(const mpq_class& error) {
  const double rounded = to_double(false, error);
  return rounded == 0 && error != 0 ? std::numeric_limits<double>::denorm_min() : rounded;
}

/// |value - typed| of finite numbers.
mpq_class distance(double value, const ExactNumber& typed) {
  const mpq_class signed_typed = typed.negative ? mpq_class(-typed.magnitude) : typed.magnitude;
  return abs(mpq_class(value) - signed_typed);
}

mpz_class power_of_ten(unsigned long exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
  return power;
}

/// value * 10^exponent
mpq_class shifted(const mpq_class& value, long exponent) {
  const mpq_class power(power_of_ten(static_cast<unsigned long>(std::abs(exponent))));
  return exponent < 0 ? mpq_class(value / power) : mpq_class(value * power);
}

/// "1.23e-400": a positive number as %.3g has it, whatever its size.
std::string three_digits(const mpq_class& value) {
  long exponent = std::lround(std::floor(binary_exponent(value) * std::log10(2.0)));
  if (shifted(value, -exponent) >= 10) ++exponent;
  const mpq_class scaled_up = shifted(value, 2 - exponent) + mpq_class(1, 2);
  mpz_class digits = scaled_up.get_num() / scaled_up.get_den();
  if (digits == 1000) {
    digits = 100;
    ++exponent;
  }
  std::string text = digits.get_str();
  while (text.size() > 1 && text.back() == '0') text.pop_back();
  if (text.size() > 1) text.insert(1, ".");
  return fmt::format("{}e{:+03}", text, exponent);
}

std::string beyond_fp64(const mpq_class& error) {
  const NumberFormat& fp64 = *find_format("fp64");
  const bool beyond = error > mpq_class(fp64.largest);
  const bool below = error < mpq_class(fp64.smallest_normal) && error != to_double(false, error);
  return beyond || below ? three_digits(error) : "";
}

bool is_between_finite(double value, const ExactNumber& typed) {
  return std::isfinite(value) && typed.kind == ExactNumber::Kind::finite;
}

}  // namespace

ExactNumber exact(double value) {
  ExactNumber number;
  number.negative = std::signbit(value);
  if (std::isnan(value))
    number.kind = ExactNumber::Kind::nan;
  else if (std::isinf(value))
    number.kind = ExactNumber::Kind::infinity;
  else
    number.magnitude = mpq_class(std::abs(value));
  return number;
}

double round_to(const NumberFormat& format, const ExactNumber& value,
                const Conversion& conversion) {
  switch (value.kind) {
    case ExactNumber::Kind::finite:
      return settle(format, value.negative, on_grid(format, value.magnitude), conversion);
    case ExactNumber::Kind::infinity:
      return settle_infinity(format, value.negative, conversion);
    case ExactNumber::Kind::nan:
      break;
  }
  return std::copysign(kNan, value.negative ? -1.0 : 1.0);
}

std::uint64_t encode(const NumberFormat& format, const ExactNumber& value,
                     const Conversion& conversion) {
  return code_of_value(format, round_to(format, value, conversion));
}

double nearest_double(const ExactNumber& value) { return round_to(*find_format("fp64"), value); }

double absolute_error(double value, const ExactNumber& typed) {
  const bool typed_nan = typed.kind == ExactNumber::Kind::nan;
  if (std::isnan(value) || typed_nan) return std::isnan(value) && typed_nan ? 0 : kNan;
  const bool typed_infinite = typed.kind == ExactNumber::Kind::infinity;
  if (std::isinf(value) || typed_infinite)
    return std::isinf(value) && typed_infinite && std::signbit(value) == typed.negative ? 0
                                                                                        : kInfinity;
  return error_to_double(distance(value, typed));
}

double relative_error(double value, const ExactNumber& typed) {
  if (!is_between_finite(value, typed)) return absolute_error(value, typed);
  // Not of the absolute error, which may be finite and yet beyond every double.
  const mpq_class off = distance(value, typed);
  if (off == 0) return 0;
  return typed.magnitude == 0 ? kInfinity : error_to_double(off / typed.magnitude);
}

double error_in_ulps(double value, const ExactNumber& typed, double ulp) {
  if (!is_between_finite(value, typed)) return absolute_error(value, typed);
  return error_to_double(distance(value, typed) / mpq_class(ulp));
}

std::string absolute_error_beyond_fp64(double value, const ExactNumber& typed) {
  return is_between_finite(value, typed) ? beyond_fp64(distance(value, typed)) : "";
}

std::string relative_error_beyond_fp64(double value, const ExactNumber& typed) {
  if (!is_between_finite(value, typed) || typed.magnitude == 0) return "";
  return beyond_fp64(distance(value, typed) / typed.magnitude);
}

std::string error_in_ulps_beyond_fp64(double value, const ExactNumber& typed, double ulp) {
  return is_between_finite(value, typed) ? beyond_fp64(distance(value, typed) / mpq_class(ulp))
                                         : "";
}

}  // namespace nanscope
