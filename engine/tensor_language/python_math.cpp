#include <algorithm>
#include <array>
#include <cmath>

#include "engine/tensor_language/python_number.h"

// Functions of Python's module math that people use beside tensors.
namespace nanscope {
namespace {

using Numbers = std::span<const PythonNumber>;

tl::unexpected<PythonError> domain_error() {
  return python_error("ValueError", "math domain error");
}

/// A function of one float. A result that is NaN or infinite for a finite number is an error.
struct FloatFunction {
  std::string_view name;
  double (*apply)(double);
  bool overflows = false;  ///< an infinite result is too large, not outside the domain
};
constexpr auto kFloatFunctions = std::to_array<FloatFunction>({
    {"sqrt", std::sqrt},
    {"exp", std::exp, true},
    {"expm1", std::expm1, true},
    {"log2", std::log2},
    {"log10", std::log10},
    {"log1p", std::log1p},
    {"sin", std::sin},
    {"cos", std::cos},
    {"tan", std::tan},
    {"asin", std::asin},
    {"acos", std::acos},
    {"atan", std::atan},
    {"sinh", std::sinh, true},
    {"cosh", std::cosh, true},
    {"tanh", std::tanh},
    {"erf", std::erf},
    {"fabs", std::fabs},
});

PythonResult<PythonNumber> apply_math(const FloatFunction& function, double value) {
  const double result = function.apply(value);
  if (std::isnan(result) && !std::isnan(value)) return domain_error();
  if (std::isinf(result) && std::isfinite(value)) {
    if (function.overflows) return python_error("OverflowError", "math range error");
    return domain_error();
  }
  return PythonNumber(result);
}

/// Of a whole number of any size, too.
PythonResult<double> logarithm(const PythonNumber& number) {
  if (const auto integer = python_integer(number)) {
    if (*integer <= 0) return domain_error();
    long exponent = 0;
    const double mantissa = mpz_get_d_2exp(&exponent, integer->get_mpz_t());
    if (exponent <= 1024)
      return python_double(number).map([](double value) { return std::log(value); });
    return std::log(mantissa) + static_cast<double>(exponent) * std::log(2.0);
  }
  const double value = std::get<double>(number);
  if (value <= 0) return domain_error();
  return std::log(value);
}

PythonResult<PythonNumber> math_log(Numbers numbers) {
  const PythonResult<double> value = logarithm(numbers[0]);
  if (!value) return tl::unexpected(value.error());
  if (numbers.size() == 1) return PythonNumber(*value);
  const PythonResult<double> base = logarithm(numbers[1]);
  if (!base) return tl::unexpected(base.error());
  return python_binary("/", *value, *base);
}

/// floor, ceil and trunc are whole numbers.
PythonResult<PythonNumber> whole_by(double (*round)(double), const PythonNumber& number) {
  const auto* real = std::get_if<double>(&number);
  return python_int(real ? PythonNumber(round(*real)) : number);
}
PythonResult<PythonNumber> math_floor(Numbers numbers) { return whole_by(std::floor, numbers[0]); }
PythonResult<PythonNumber> math_ceil(Numbers numbers) { return whole_by(std::ceil, numbers[0]); }
PythonResult<PythonNumber> math_trunc(Numbers numbers) { return whole_by(std::trunc, numbers[0]); }

/// `function` of all numbers as floats.
template <class Function>
PythonResult<PythonNumber> of_floats(Numbers numbers, const Function& function) {
  std::vector<double> values;
  for (const PythonNumber& number : numbers) {
    const PythonResult<double> value = python_double(number);
    if (!value) return tl::unexpected(value.error());
    values.push_back(*value);
  }
  return function(values);
}

template <class Function>
PythonResult<PythonNumber> of_integers(Numbers numbers, const Function& function) {
  std::vector<mpz_class> values;
  for (const PythonNumber& number : numbers) {
    const std::optional<mpz_class> value = python_integer(number);
    if (!value)
      return python_error("TypeError", "'{}' object cannot be interpreted as an integer",
                          python_type(number));
    values.push_back(*value);
  }
  return function(values);
}

PythonResult<PythonNumber> math_power(Numbers numbers) {
  return of_floats(numbers, [](const std::vector<double>& values) -> PythonResult<PythonNumber> {
    if (values[0] == 0 && values[1] < 0) return domain_error();
    const auto result = python_binary("**", values[0], values[1]);
    if (result) return result;
    if (result.error().exception == "OverflowError")
      return python_error("OverflowError", "math range error");
    return domain_error();
  });
}

PythonResult<PythonNumber> is_nan(Numbers numbers) {
  return of_floats(numbers, [](const auto& v) { return PythonNumber(bool(std::isnan(v[0]))); });
}
PythonResult<PythonNumber> is_inf(Numbers numbers) {
  return of_floats(numbers, [](const auto& v) { return PythonNumber(bool(std::isinf(v[0]))); });
}
PythonResult<PythonNumber> is_finite(Numbers numbers) {
  return of_floats(numbers, [](const auto& v) { return PythonNumber(bool(std::isfinite(v[0]))); });
}
PythonResult<PythonNumber> copy_sign(Numbers numbers) {
  return of_floats(numbers, [](const auto& v) { return PythonNumber(std::copysign(v[0], v[1])); });
}

PythonResult<PythonNumber> whole_root(Numbers numbers) {
  return of_integers(numbers, [](const auto& values) -> PythonResult<PythonNumber> {
    if (values[0] < 0) return python_error("ValueError", "isqrt() argument must be nonnegative");
    return PythonNumber(mpz_class(sqrt(values[0])));
  });
}
PythonResult<PythonNumber> greatest_divisor(Numbers numbers) {
  return of_integers(numbers, [](const auto& values) {
    mpz_class result = 0;
    for (const mpz_class& value : values) result = gcd(result, value);
    return PythonNumber(result);
  });
}
PythonResult<PythonNumber> least_multiple(Numbers numbers) {
  return of_integers(numbers, [](const auto& values) {
    mpz_class result = 1;
    for (const mpz_class& value : values) result = lcm(result, value);
    return PythonNumber(result);
  });
}

/// A function of several numbers, or of what is no float.
struct OtherFunction {
  std::string_view name;
  std::size_t least, most;  ///< arguments
  PythonResult<PythonNumber> (*apply)(Numbers);
};
constexpr std::size_t kAnyNumber = 1000;
constexpr auto kOtherFunctions = std::to_array<OtherFunction>({
    {"log", 1, 2, math_log},
    {"floor", 1, 1, math_floor},
    {"ceil", 1, 1, math_ceil},
    {"trunc", 1, 1, math_trunc},
    {"pow", 2, 2, math_power},
    {"isnan", 1, 1, is_nan},
    {"isinf", 1, 1, is_inf},
    {"isfinite", 1, 1, is_finite},
    {"copysign", 2, 2, copy_sign},
    {"isqrt", 1, 1, whole_root},
    {"gcd", 0, kAnyNumber, greatest_divisor},
    {"lcm", 0, kAnyNumber, least_multiple},
});

template <class Functions>
auto find_math(const Functions& functions, std::string_view name) -> decltype(functions.data()) {
  for (const auto& function : functions)
    if (function.name == name) return &function;
  return nullptr;
}

}  // namespace

bool is_math_function(std::string_view name) {
  return find_math(kFloatFunctions, name) || find_math(kOtherFunctions, name);
}

PythonResult<PythonNumber> call_math(std::string_view name, Numbers numbers) {
  const FloatFunction* function = find_math(kFloatFunctions, name);
  const OtherFunction* other = find_math(kOtherFunctions, name);
  if (!function && !other)
    return python_error("AttributeError", "module 'math' has no attribute '{}'", name);
  const std::size_t least = function ? 1 : other->least, most = function ? 1 : other->most;
  if (numbers.size() < least || numbers.size() > most)
    return python_error("TypeError", "math.{}() takes {} to {} arguments ({} given)", name, least,
                        most, numbers.size());
  if (other) return other->apply(numbers);
  const PythonResult<double> value = python_double(numbers[0]);
  if (!value) return tl::unexpected(value.error());
  return apply_math(*function, *value);
}

}  // namespace nanscope
