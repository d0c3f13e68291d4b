#include "engine/tensor_language/python_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>

#include "engine/numbers/exact.h"

// What plain numbers are, and how one becomes another.
namespace nanscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_decimal(char c) { return c >= '0' && c <= '9'; }

/// Without the underscores that stand between digits; nothing where one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      digits += text[i];
      continue;
    }
    const bool between =
        i > 0 && i + 1 < text.size() && is_decimal(text[i - 1]) && is_decimal(text[i + 1]);
    if (!between) return std::nullopt;
  }
  return digits;
}

/// Of a decimal number that no double holds: inf or 0, by the place of its first digit.
double beyond_double(std::string_view digits) {
  const std::size_t letter = std::min(digits.find_first_of("eE"), digits.size());
  const std::string_view mantissa = digits.substr(0, letter);
  long exponent = 0;
  if (letter < digits.size()) {
    std::string_view rest = digits.substr(letter + 1);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    const auto [stop, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (problem == std::errc::result_out_of_range) return rest.starts_with('-') ? 0 : kInfinity;
  }
  const auto point = static_cast<long>(std::min(mantissa.find('.'), mantissa.size()));
  const auto first = static_cast<long>(mantissa.find_first_of("123456789"));
  return exponent + point - first > 0 ? kInfinity : 0;
}

/// "inf", "Infinity", "nan" in any case.
std::optional<double> value_of_word(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (lower == "inf" || lower == "infinity") return kInfinity;
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

/// The multiple of `unit` that is nearest, the even one of two.
mpq_class nearest_multiple(const mpq_class& value, const mpq_class& unit) {
  const mpq_class units = value / unit;
  mpz_class count, rest;
  mpz_fdiv_qr(count.get_mpz_t(), rest.get_mpz_t(), units.get_num().get_mpz_t(),
              units.get_den().get_mpz_t());
  const int against_half = cmp(mpz_class(2 * rest), units.get_den());
  if (against_half > 0 || (against_half == 0 && mpz_odd_p(count.get_mpz_t()) != 0)) ++count;
  return mpq_class(count) * unit;
}

mpq_class power_of_ten(long exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, static_cast<unsigned long>(std::labs(exponent)));
  return exponent < 0 ? mpq_class(1) / mpq_class(power) : mpq_class(power);
}

PythonResult<PythonNumber> round_float(double value, const mpz_class& digits) {
  // Beyond these every double is such a multiple, or less than half of one.
  constexpr long kFinest = 323, kCoarsest = -308;
  if (!std::isfinite(value) || digits > kFinest) return PythonNumber(value);
  if (digits < kCoarsest) return PythonNumber(0.0 * value);
  const mpq_class rounded = nearest_multiple(mpq_class(value), power_of_ten(-digits.get_si()));
  const double nearest = nearest_double({.magnitude = abs(rounded)});
  if (std::isinf(nearest))
    return python_error("OverflowError", "rounded value too large to represent");
  return PythonNumber(std::copysign(nearest, value));
}

}  // namespace

std::optional<double> decimal_value(std::string_view digits) {
  double value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), last, value);
  if (problem == std::errc::invalid_argument || stop != last) return std::nullopt;
  return problem == std::errc::result_out_of_range ? beyond_double(digits) : value;
}

std::string_view python_type(const PythonNumber& number) {
  return std::holds_alternative<bool>(number)        ? "bool"
         : std::holds_alternative<mpz_class>(number) ? "int"
                                                     : "float";
}

std::string python_text(double number) {
  if (std::isnan(number)) return "nan";  // fmt would write a sign
  const std::string text = fmt::format("{}", number);
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return whole ? text + ".0" : text;
}

std::string python_text(const PythonNumber& number) {
  if (const bool* flag = std::get_if<bool>(&number)) return *flag ? "True" : "False";
  if (const auto* integer = std::get_if<mpz_class>(&number)) return integer->get_str();
  return python_text(std::get<double>(number));
}

bool python_truth(const PythonNumber& number) {
  if (const bool* flag = std::get_if<bool>(&number)) return *flag;
  if (const auto* integer = std::get_if<mpz_class>(&number)) return *integer != 0;
  return std::get<double>(number) != 0;
}

std::optional<mpz_class> python_integer(const PythonNumber& number) {
  if (const bool* flag = std::get_if<bool>(&number)) return mpz_class(*flag ? 1 : 0);
  if (const auto* integer = std::get_if<mpz_class>(&number)) return *integer;
  return std::nullopt;
}

PythonResult<double> python_double(const PythonNumber& number) {
  if (const auto* real = std::get_if<double>(&number)) return *real;
  const mpz_class integer = *python_integer(number);
  const double nearest =
      nearest_double({.negative = integer < 0, .magnitude = mpq_class(abs(integer))});
  if (std::isinf(nearest))
    return python_error("OverflowError", "int too large to convert to float");
  return nearest;
}

PythonResult<PythonNumber> python_int(const PythonNumber& number) {
  const auto* real = std::get_if<double>(&number);
  if (!real) return PythonNumber(*python_integer(number));
  if (std::isnan(*real)) return python_error("ValueError", "cannot convert float NaN to integer");
  if (std::isinf(*real))
    return python_error("OverflowError", "cannot convert float infinity to integer");
  return PythonNumber(mpz_class(std::trunc(*real)));
}

PythonResult<PythonNumber> python_int(std::string_view text) {
  std::string_view bare = without_blanks(text);
  const bool signed_text = !bare.empty() && (bare.front() == '-' || bare.front() == '+');
  const std::optional<std::string> digits = without_underscores(bare.substr(signed_text ? 1 : 0));
  if (!digits || digits->empty() || !std::ranges::all_of(*digits, is_decimal))
    return python_error("ValueError", "invalid literal for int() with base 10: '{}'", text);
  if (digits->size() > kMostPythonDigits)
    return python_error("ValueError", "Exceeds the limit ({} digits) for integer string conversion",
                        kMostPythonDigits);
  const mpz_class magnitude(*digits, 10);
  return PythonNumber(bare.front() == '-' ? mpz_class(-magnitude) : magnitude);
}

PythonResult<PythonNumber> python_float(std::string_view text) {
  const std::string_view bare = without_blanks(text);
  const bool negative = bare.starts_with('-');
  const std::string_view unsigned_text = bare.substr(negative || bare.starts_with('+') ? 1 : 0);
  std::optional<double> value = value_of_word(unsigned_text);
  const bool begins_well =
      !unsigned_text.empty() && (is_decimal(unsigned_text.front()) || unsigned_text.front() == '.');
  if (!value && begins_well)
    if (const auto digits = without_underscores(unsigned_text)) value = decimal_value(*digits);
  if (!value) return python_error("ValueError", "could not convert string to float: '{}'", text);
  return PythonNumber(negative ? -*value : *value);
}

PythonResult<PythonNumber> python_round(const PythonNumber& number,
                                        const std::optional<mpz_class>& digits) {
  if (const auto* real = std::get_if<double>(&number)) {
    if (digits) return round_float(*real, *digits);
    if (!std::isfinite(*real)) return python_int(number);
    return PythonNumber(mpz_class(nearest_multiple(mpq_class(*real), 1).get_num()));
  }
  const mpz_class integer = *python_integer(number);
  if (!digits || *digits >= 0) return PythonNumber(integer);
  if (*digits < -kMostPythonDigits) return PythonNumber(mpz_class(0));
  return PythonNumber(
      mpz_class(nearest_multiple(mpq_class(integer), power_of_ten(-digits->get_si())).get_num()));
}

std::optional<double> math_constant(std::string_view name) {
  if (name == "inf") return kInfinity;
  if (name == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (name == "pi") return std::numbers::pi;
  if (name == "e") return std::numbers::e;
  if (name == "tau") return 2 * std::numbers::pi;
  return std::nullopt;
}

}  // namespace nanscope
