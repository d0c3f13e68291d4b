#pragma once

#include <gmpxx.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>

#include "engine/base/message.h"

// Python's plain numbers and what Python computes with them: operators, round() and its kind, the
// functions of its module math. The words of errors are Python's; of division those of Python 3.14.
namespace nanscope {

/// bool, int of any size, float.
using PythonNumber = std::variant<bool, mpz_class, double>;

/// What Python raises.
struct PythonError {
  std::string_view exception;  ///< "ZeroDivisionError"
  Message what;                ///< "division by zero"
};

template <class T>
using PythonResult = tl::expected<T, PythonError>;

template <class... Arguments>
tl::unexpected<PythonError> python_error(std::string_view exception,
                                         Template<sizeof...(Arguments)> words,
                                         Arguments&&... arguments) {
  return tl::unexpected(
      PythonError{exception, message(words, std::forward<Arguments>(arguments)...)});
}

/// Python prints no whole number of more decimal digits; larger ones are refused.
inline constexpr int kMostPythonDigits = 4300;

/// The double nearest to a decimal number without a sign: inf for 1e400, 0 for 1e-400. Nothing for
/// what is no such number.
std::optional<double> decimal_value(std::string_view digits);

/// "bool", "int", "float".
std::string_view python_type(const PythonNumber& number);
/// As Python's repr: True, 12, 2.0, 1e-05, inf.
std::string python_text(const PythonNumber& number);
std::string python_text(double number);
/// Not 0; NaN is true.
bool python_truth(const PythonNumber& number);

/// A bool or an int; null for a float.
std::optional<mpz_class> python_integer(const PythonNumber& number);
/// The nearest double, ties to even; OverflowError where an int is too large.
PythonResult<double> python_double(const PythonNumber& number);

/// + - * / // % ** & | ^ << >> < <= > >= == !=
PythonResult<PythonNumber> python_binary(std::string_view symbol, const PythonNumber& left,
                                         const PythonNumber& right);
/// - + ~ and "not"
PythonResult<PythonNumber> python_unary(std::string_view symbol, const PythonNumber& operand);

/// int(number), int("12")
PythonResult<PythonNumber> python_int(const PythonNumber& number);
PythonResult<PythonNumber> python_int(std::string_view text);
/// float("-inf")
PythonResult<PythonNumber> python_float(std::string_view text);
/// round(number), round(number, digits): ties to even.
PythonResult<PythonNumber> python_round(const PythonNumber& number,
                                        const std::optional<mpz_class>& digits);
/// pow(base, exponent, modulus) of ints.
PythonResult<PythonNumber> python_power_modulo(const mpz_class& base, const mpz_class& exponent,
                                               const mpz_class& modulus);

/// Whether Python's module math has this function, as far as it is known here.
bool is_math_function(std::string_view name);
/// math.sqrt(2), math.log(8, 2), math.gcd(12, 18)
PythonResult<PythonNumber> call_math(std::string_view name, std::span<const PythonNumber> numbers);
/// inf, nan, pi, e, tau
std::optional<double> math_constant(std::string_view name);

}  // namespace nanscope
