#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nanscope {

/// Numbers by the names that a formula uses.
using NamedNumbers = std::vector<std::pair<std::string, double>>;

/// The value of a formula, which is Python: names, numbers, + - * / ** and parentheses. NaN where
/// it is none, or names what is not there.
double evaluate(std::string_view formula, const NamedNumbers& numbers);

/// The same with its names replaced: "6 * 70e9 * 15e12".
std::string with_numbers(std::string_view formula, const NamedNumbers& numbers);

/// The number, whole: "70e9", "989.5e12", "0.5".
std::string exact_number(double value);

/// One line of arithmetic. The value is computed from the text that is shown.
struct FormulaLine {
  std::string key;    ///< "days"
  std::string words;  ///< "days of training"
  std::string unit;
  std::string formula;  ///< by names
  std::string filled;   ///< with the numbers put in
  double value = 0;
};

}  // namespace nanscope
