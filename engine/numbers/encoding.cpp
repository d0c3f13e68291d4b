#include "engine/numbers/encoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/numbers/exact.h"

namespace nanscope {
namespace {

constexpr int kMostListedBits = 16;

/// How many binary digits stand behind the point; a decimal expansion has as many.
int fraction_digits(double value) {
  int exponent = 0;
  const double fraction = std::frexp(std::abs(value), &exponent);
  const auto significand = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  if (significand == 0) return 0;
  return std::max(0, 53 - exponent - std::countr_zero(significand));
}

std::optional<Neighbor> neighbor_at(const NumberFormat& format, std::optional<std::uint64_t> code) {
  if (!code) return std::nullopt;
  const double value = decode(format, *code);
  return Neighbor{*code, code_text(format, *code), value, exact_decimal(value)};
}

std::optional<Formula> formula_of(const NumberFormat& format, const Encoding& encoding) {
  if (!std::isfinite(encoding.value)) return std::nullopt;
  Formula formula;
  if (format.is_integer) {
    formula.significand = exact_decimal(encoding.value / format.scale);
    return formula;
  }
  const bool zero_field = encoding.fields.exponent == 0 && format.has_zero;
  const bool flushed = zero_field && !format.has_subnormals;
  const double mantissa =
      std::ldexp(static_cast<double>(encoding.fields.mantissa), -format.mantissa_bits);
  formula.sign = encoding.fields.sign;
  formula.exponent = zero_field ? 1 : encoding.fields.exponent;
  formula.bias = format.bias;
  formula.significand = exact_decimal((zero_field ? 0 : 1) + (flushed ? 0 : mantissa));
  return formula;
}

}  // namespace

std::string exact_decimal(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  return fmt::format("{:.{}f}", value, fraction_digits(value));
}

std::string number_input(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  constexpr std::size_t kReadable = 24;
  std::string decimal = exact_decimal(value);
  if (decimal.size() <= kReadable) return decimal;
  return fmt::format("{:a}", value);
}

std::string code_text(const NumberFormat& format, std::uint64_t code) {
  return fmt::format("0x{:0{}x}", code, (format.bits() + 3) / 4);
}

Encoding describe(const NumberFormat& format, std::uint64_t code) {
  Encoding encoding;
  encoding.format = format.name;
  encoding.code = code;
  encoding.bits = code_text(format, code);
  encoding.fields = fields_of(format, code);
  encoding.number_class = class_of(format, code);
  encoding.value = decode(format, code);
  encoding.decimal = exact_decimal(encoding.value);
  encoding.ulp = ulp(format, code);
  encoding.formula = formula_of(format, encoding);
  encoding.below = neighbor_at(format, next_down(format, code));
  encoding.above = neighbor_at(format, next_up(format, code));
  return encoding;
}

Result<EncodedNumber> encode_text(std::string_view text, std::span<const NumberFormat> formats,
                                  const Conversion& conversion) {
  const Result<ExactNumber> typed = parse_number(text);
  if (!typed) return tl::unexpected(typed.error());
  EncodedNumber number;
  number.input = text;
  number.nearest = nearest_double(*typed);
  for (const NumberFormat& format : formats) {
    Encoding encoding = describe(format, encode(format, *typed, conversion));
    encoding.absolute_error = absolute_error(encoding.value, *typed);
    encoding.relative_error = relative_error(encoding.value, *typed);
    encoding.error_in_ulps = error_in_ulps(encoding.value, *typed, encoding.ulp);
    encoding.absolute_error_digits = absolute_error_beyond_fp64(encoding.value, *typed);
    encoding.relative_error_digits = relative_error_beyond_fp64(encoding.value, *typed);
    encoding.error_in_ulps_digits = error_in_ulps_beyond_fp64(encoding.value, *typed, encoding.ulp);
    number.encodings.push_back(std::move(encoding));
  }
  return number;
}

Result<std::string> list_codes(const NumberFormat& format) {
  if (format.bits() > kMostListedBits)
    return input_error(format.name,
                       "it has {} bits and 2^{} codes; formats of at most "
                       "{} bits are listed.",
                       format.bits(), format.bits(), kMostListedBits);
  std::string text;
  for (std::uint64_t code = 0; code < code_count(format); ++code)
    text += fmt::format("{} {} {}\n", code_text(format, code), exact_decimal(decode(format, code)),
                        name_of(class_of(format, code)));
  return text;
}

}  // namespace nanscope
