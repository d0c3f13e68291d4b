#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cmath>

#include "engine/numbers/exact.h"
#include "engine/tensor_language/python_number.h"

// Operators between plain numbers, as CPython's longobject.c and floatobject.c have them.
namespace nanscope {
namespace {

/// Whole numbers beyond this have more digits than Python prints.
constexpr std::size_t kMostBits = 14284;

std::size_t bits_of(const mpz_class& value) { return mpz_sizeinbase(value.get_mpz_t(), 2); }

tl::unexpected<PythonError> zero_division() {
  return python_error("ZeroDivisionError", "division by zero");
}

tl::unexpected<PythonError> too_many_digits(std::string_view symbol) {
  return python_error("", "{} gives more than {} digits; a whole number has at most {} here",
                      symbol, kMostPythonDigits, kMostPythonDigits);
}

tl::unexpected<PythonError> unsupported(std::string_view symbol, const PythonNumber& left,
                                        const PythonNumber& right) {
  const std::string_view name = symbol == "**" ? "** or pow()" : symbol;
  return python_error("TypeError", "unsupported operand type(s) for {}: '{}' and '{}'", name,
                      python_type(left), python_type(right));
}

/// Rounded once, from the exact quotient.
PythonResult<PythonNumber> true_division(const mpz_class& a, const mpz_class& b) {
  if (b == 0) return zero_division();
  const bool negative = (a < 0) != (b < 0);  // 0 / -5 is -0.0
  mpq_class magnitude(abs(a), abs(b));
  magnitude.canonicalize();
  const double quotient = nearest_double({.magnitude = magnitude});
  if (std::isinf(quotient))
    return python_error("OverflowError", "integer division result too large for a float");
  return PythonNumber(negative ? -quotient : quotient);
}

PythonResult<PythonNumber> shifted(std::string_view symbol, const mpz_class& a,
                                   const mpz_class& count) {
  if (count < 0) return python_error("ValueError", "negative shift count");
  if (symbol == ">>")
    return PythonNumber(count > static_cast<long>(kMostBits) ? mpz_class(a < 0 ? -1 : 0)
                                                             : mpz_class(a >> count.get_ui()));
  if (a == 0) return PythonNumber(mpz_class(0));
  if (count + bits_of(a) > kMostBits) return too_many_digits(symbol);
  return PythonNumber(mpz_class(a << count.get_ui()));
}

bool is_odd_whole(double value) { return std::fmod(std::fabs(value), 2.0) == 1.0; }

/// `power` where one of the two is infinite.
double infinite_power(double base, double exponent) {
  if (std::isinf(exponent)) {
    const double magnitude = std::fabs(base);
    if (magnitude == 1) return 1;
    return (exponent > 0) == (magnitude > 1) ? std::fabs(exponent) : 0;
  }
  const bool odd = is_odd_whole(exponent);
  if (exponent > 0) return odd ? base : std::fabs(base);
  return odd ? std::copysign(0.0, base) : 0;
}

PythonResult<PythonNumber> float_power(double base, double exponent) {
  if (exponent == 0) return PythonNumber(1.0);
  if (std::isnan(base)) return PythonNumber(base);
  if (std::isnan(exponent)) return PythonNumber(base == 1 ? 1.0 : exponent);
  if (std::isinf(base) || std::isinf(exponent)) return PythonNumber(infinite_power(base, exponent));
  const bool odd = is_odd_whole(exponent);
  if (base == 0) {
    if (exponent < 0) return python_error("ZeroDivisionError", "zero to a negative power");
    return PythonNumber(odd ? base : 0.0);
  }
  if (base < 0 && exponent != std::floor(exponent))
    return python_error("", "({}) ** {} is a complex number; numbers here are real.",
                        python_text(base), python_text(exponent));
  const double magnitude = std::pow(std::fabs(base), exponent);
  if (std::isinf(magnitude))
    return python_error("OverflowError", "(34, 'Numerical result out of range')");
  return PythonNumber(base < 0 && odd ? -magnitude : magnitude);
}

PythonResult<PythonNumber> float_power(const mpz_class& base, const mpz_class& exponent) {
  const PythonResult<double> a = python_double(PythonNumber(base));
  if (!a) return tl::unexpected(a.error());
  const PythonResult<double> b = python_double(PythonNumber(exponent));
  if (!b) return tl::unexpected(b.error());
  return float_power(*a, *b);
}

PythonResult<PythonNumber> integer_power(const mpz_class& base, const mpz_class& exponent) {
  if (exponent < 0) return float_power(base, exponent);
  if (abs(base) <= 1) {
    const bool negative = base < 0 && mpz_odd_p(exponent.get_mpz_t()) != 0;
    return PythonNumber(exponent == 0 ? mpz_class(1) : negative ? base : mpz_class(abs(base)));
  }
  // base has at least bits - 1 of them: what passes has at most twice kMostBits.
  if (exponent * (bits_of(base) - 1) > kMostBits) return too_many_digits("**");
  mpz_class power;
  mpz_pow_ui(power.get_mpz_t(), base.get_mpz_t(), exponent.get_ui());
  return PythonNumber(power);
}

PythonResult<PythonNumber> within_digits(std::string_view symbol, PythonNumber number) {
  const auto* integer = std::get_if<mpz_class>(&number);
  if (integer && bits_of(*integer) > kMostBits) return too_many_digits(symbol);
  return number;
}

PythonResult<PythonNumber> integers(std::string_view symbol, const mpz_class& a,
                                    const mpz_class& b) {
  if (symbol == "+") return PythonNumber(mpz_class(a + b));
  if (symbol == "-") return PythonNumber(mpz_class(a - b));
  if (symbol == "*") return PythonNumber(mpz_class(a * b));
  if (symbol == "&") return PythonNumber(mpz_class(a & b));
  if (symbol == "|") return PythonNumber(mpz_class(a | b));
  if (symbol == "^") return PythonNumber(mpz_class(a ^ b));
  if (symbol == "/") return true_division(a, b);
  if (symbol == "**") return integer_power(a, b);
  if (symbol == "<<" || symbol == ">>") return shifted(symbol, a, b);
  if (b == 0) return zero_division();
  mpz_class quotient, rest;
  mpz_fdiv_qr(quotient.get_mpz_t(), rest.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
  return PythonNumber(symbol == "//" ? quotient : rest);
}

/// The rest has the sign of b, and a = quotient b + rest as far as doubles can say so.
struct FloatDivision {
  double quotient, rest;
};

FloatDivision floor_division(double a, double b) {
  double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest == 0) {
    rest = std::copysign(0.0, b);
  } else if ((b < 0) != (rest < 0)) {
    rest += b;
    quotient -= 1;
  }
  if (quotient == 0) return {std::copysign(0.0, a / b), rest};
  const double floor = std::floor(quotient);
  return {quotient - floor > 0.5 ? floor + 1 : floor, rest};
}

PythonResult<PythonNumber> floats(std::string_view symbol, double a, double b) {
  if (symbol == "+") return PythonNumber(a + b);
  if (symbol == "-") return PythonNumber(a - b);
  if (symbol == "*") return PythonNumber(a * b);
  if (symbol == "**") return float_power(a, b);
  if (b == 0) return zero_division();
  if (symbol == "/") return PythonNumber(a / b);
  const FloatDivision divided = floor_division(a, b);
  return PythonNumber(symbol == "//" ? divided.quotient : divided.rest);
}

/// -1, 0 or 1, exactly; nothing beside NaN.
std::optional<int> compared(const PythonNumber& left, const PythonNumber& right) {
  const auto sign = [](int value) { return value < 0 ? -1 : value > 0 ? 1 : 0; };
  const auto* a = std::get_if<double>(&left);
  const auto* b = std::get_if<double>(&right);
  if ((a && std::isnan(*a)) || (b && std::isnan(*b))) return std::nullopt;
  if (a && b) return *a < *b ? -1 : *a > *b ? 1 : 0;
  if (a) return -sign(mpz_cmp_d(python_integer(right)->get_mpz_t(), *a));
  if (b) return sign(mpz_cmp_d(python_integer(left)->get_mpz_t(), *b));
  return sign(cmp(*python_integer(left), *python_integer(right)));
}

std::optional<bool> comparison(std::string_view symbol, const PythonNumber& left,
                               const PythonNumber& right) {
  constexpr auto kComparisons = std::to_array<std::string_view>({"<", "<=", ">", ">=", "==", "!="});
  if (std::ranges::find(kComparisons, symbol) == kComparisons.end()) return std::nullopt;
  const std::optional<int> order = compared(left, right);
  if (!order) return symbol == "!=";
  if (symbol == "<") return *order < 0;
  if (symbol == "<=") return *order <= 0;
  if (symbol == ">") return *order > 0;
  if (symbol == ">=") return *order >= 0;
  return (symbol == "==") == (*order == 0);
}

bool is_bitwise(std::string_view symbol) { return symbol == "&" || symbol == "|" || symbol == "^"; }

}  // namespace

PythonResult<PythonNumber> python_binary(std::string_view symbol, const PythonNumber& left,
                                         const PythonNumber& right) {
  if (const auto result = comparison(symbol, left, right)) return PythonNumber(*result);
  const bool whole =
      !std::holds_alternative<double>(left) && !std::holds_alternative<double>(right);
  if (!whole && (is_bitwise(symbol) || symbol == "<<" || symbol == ">>" || symbol == "@"))
    return unsupported(symbol, left, right);
  if (symbol == "@") return unsupported(symbol, left, right);
  if (whole && is_bitwise(symbol) && std::holds_alternative<bool>(left) &&
      std::holds_alternative<bool>(right)) {
    const bool a = std::get<bool>(left), b = std::get<bool>(right);
    return PythonNumber(symbol == "&" ? a && b : symbol == "|" ? a || b : a != b);
  }
  if (whole) {
    PythonResult<PythonNumber> result =
        integers(symbol, *python_integer(left), *python_integer(right));
    if (!result) return result;
    return within_digits(symbol, *std::move(result));
  }
  const PythonResult<double> a = python_double(left);
  if (!a) return tl::unexpected(a.error());
  const PythonResult<double> b = python_double(right);
  if (!b) return tl::unexpected(b.error());
  return floats(symbol, *a, *b);
}

PythonResult<PythonNumber> python_unary(std::string_view symbol, const PythonNumber& operand) {
  if (symbol == "not") return PythonNumber(!python_truth(operand));
  if (const auto* real = std::get_if<double>(&operand)) {
    if (symbol == "~")
      return python_error("TypeError", "bad operand type for unary {}: '{}'", symbol,
                          python_type(operand));
    return PythonNumber(symbol == "-" ? -*real : *real);
  }
  const mpz_class integer = *python_integer(operand);
  if (symbol == "~") return PythonNumber(mpz_class(~integer));
  return PythonNumber(symbol == "-" ? mpz_class(-integer) : integer);
}

PythonResult<PythonNumber> python_power_modulo(const mpz_class& base, const mpz_class& exponent,
                                               const mpz_class& modulus) {
  if (modulus == 0) return python_error("ValueError", "pow() 3rd argument cannot be 0");
  mpz_class result;
  if (exponent < 0) {
    mpz_class inverse;
    if (mpz_invert(inverse.get_mpz_t(), base.get_mpz_t(), modulus.get_mpz_t()) == 0)
      return python_error("ValueError", "base is not invertible for the given modulus");
    const mpz_class positive = -exponent;
    mpz_powm(result.get_mpz_t(), inverse.get_mpz_t(), positive.get_mpz_t(), modulus.get_mpz_t());
  } else {
    mpz_powm(result.get_mpz_t(), base.get_mpz_t(), exponent.get_mpz_t(), modulus.get_mpz_t());
  }
  // As of %, the sign is that of the modulus.
  mpz_fdiv_r(result.get_mpz_t(), result.get_mpz_t(), modulus.get_mpz_t());
  return PythonNumber(result);
}

}  // namespace nanscope
