#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/optimizers/equation_tree.h"

// The equations of operations and optimizers, calculated for one element and told in numbers.
namespace nanscope {

/// By name; a norm's is as it is written: "|theta|".
using EquationValues = std::map<std::string, long double, std::less<>>;
using EquationWords = std::map<std::string, std::string, std::less<>>;

/// The right side with words in the places of its names and norms, and a sign where a blank
/// multiplied: "0.9 * 0.5 + (1 - 0.9) * 3".
std::string with_words(const EquationTree& equation, const EquationTree::Assignment& one,
                       const EquationWords& words);

struct EquationValue {
  long double value = 0;
  bool divides_by_zero = false;
};

/// What the assignment makes of the values. `in_floats`: every result is rounded to fp32, as a
/// kernel calculates. Nothing where it says something else than arithmetic with known names.
std::optional<EquationValue> evaluate(const EquationTree& equation,
                                      const EquationTree::Assignment& one,
                                      const EquationValues& values, bool in_floats);

/// What the assignments, one after the other, make of `name`, and whether something on the way to
/// it divides by zero.
std::optional<EquationValue> evaluate(const EquationTree& equation, EquationValues values,
                                      std::string_view name, bool in_floats);

}  // namespace nanscope
