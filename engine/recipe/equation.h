#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

// The equations of operations and optimizers as they are written: assignments with "; " between
// them, where a blank multiplies: "m = beta1 m + (1 - beta1) g; theta = theta - lr m".
namespace nanscope {

using EquationValues = std::map<std::string, long double, std::less<>>;
using EquationWords = std::map<std::string, std::string, std::less<>>;

/// An expression with words in the places of its names, and a sign where a blank multiplied:
/// "0.9 * 0.5 + (1 - 0.9) * 3".
std::string with_words(std::string_view expression, const EquationWords& words);

struct EquationValue {
  long double value = 0;
  bool divides_by_zero = false;
};

/// What the assignments make of `name`. `in_floats`: every result is rounded to fp32, as a kernel
/// calculates. Nothing where they say something else than arithmetic with known names.
std::optional<EquationValue> evaluate_equation(std::string_view equation, EquationValues values,
                                               std::string_view name, bool in_floats);

/// The part before the next "; ", which is taken off.
std::string_view take_assignment(std::string_view& equation);

}  // namespace nanscope
