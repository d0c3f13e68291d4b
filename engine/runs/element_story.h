#pragma once

#include <optional>
#include <vector>

#include "engine/network/operation.h"
#include "engine/network/plan.h"
#include "engine/recipe/autopsy.h"

// How an element came out that is not finite, though all that it was calculated from is: its
// equation, its operands, and why.
namespace nanscope {

/// What a plan's operation wrote.
struct WrittenElement {
  const Plan& plan;
  int operation = 0;
  Direction direction = Direction::forward;
  ValueId value = kNoValue;  ///< a value, or a gradient
  std::vector<std::int64_t> coordinates = {};
  double before = 0;       ///< what a gradient's contribution was added to
  bool was_added = false;  ///< whether it was
};

/// Fills result, equation, numbers, operands and cause of an autopsy.
void tell_element(const WrittenElement& element, Autopsy& autopsy);

/// The same of an element that an equation gives as `symbol`, of numbers under the equation's
/// symbols.
struct EquationOperand {
  std::string symbol;
  AutopsyNumber number;
  std::optional<long double> exact = {};  ///< where the number is one that was rounded on its way
  std::string words = {};                 ///< in place of the number, where that is left out
};
void tell_equation(std::string_view equation, std::string_view symbol,
                   const std::vector<EquationOperand>& operands, Autopsy& autopsy);

/// The same of a sum of products l r, times `scale`, plus a number; or of its root.
struct SummedElement {
  /// Of a factor's name what stands before and behind its place in the sum.
  struct Factor {
    std::string before, behind;
    std::string format;
    std::vector<double> values;
    std::int64_t columns = 0;  ///< of a matrix that is summed row by row
    std::string name(std::size_t place) const;
  };
  Factor left, right;
  std::optional<AutopsyNumber> added = {};
  double divisor = 1;
  bool is_root = false;
};
void tell_sum(SummedElement sum, Autopsy& autopsy);

/// Row by row.
double element_of(const at::Tensor& tensor, std::int64_t index);
std::vector<std::int64_t> coordinates_of(std::int64_t index, at::IntArrayRef shape);

/// "W17[41,3]"; the name alone of a single number.
std::string element_name(const std::string& tensor, const std::vector<std::int64_t>& coordinates);

}  // namespace nanscope
