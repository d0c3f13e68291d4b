#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/optimizers/equation_tree.h"
#include "engine/roundoff/rounder.h"

// Equations as engine/plan/optimizers writes them, computed: what is read is what runs.
namespace nanscope {

/// Both elements of a parameter, a matrix (1,2), or of what belongs to it.
using Pair = std::array<double, 2>;

/// What a name stands for: the elements of a tensor, which are values of a format, or a number that
/// is exact in both: a setting, the step.
struct Operand {
  Pair elements{};
  bool is_tensor = false;
};

/// One operation on a tensor, as it was carried out.
struct StepOperation {
  std::string name;  ///< what its result is called from there on, or ""
  std::string formula;
  Pair value{};
  /// A sum whose last term is not 0 and changed nothing.
  std::array<bool, 2> absorbed{};
};

/// Each operation on tensors is rounded to the format; what numbers come to among themselves is
/// exact, and the numbers of a product are multiplied into its tensors at once, as PyTorch's
/// kernels do with lr / (1 - beta1^t). A product with the number 0 is left out: so weight_decay=0
/// costs no operation.
class Equation {
 public:
  explicit Equation(std::string_view text) : tree_(read_equation(text)) {}

  /// Every name in it, in the order of their operands.
  std::span<const std::string> names() const { return tree_.names; }
  /// The place of a name's operand, or -1.
  int place(std::string_view name) const { return tree_.place(name); }

  /// Carries out the assignments in the operands, one a name; notes the operations where wanted.
  void run(Rounder& rounder, std::span<Operand> operands,
           std::vector<StepOperation>* operations = nullptr) const;

 private:
  EquationTree tree_;
};

}  // namespace nanscope
