#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
struct Operation {
  std::string name;  ///< what its result is called from there on, or ""
  std::string formula;
  Pair value{};
  /// A sum whose last term is not 0 and changed nothing.
  std::array<bool, 2> absorbed{};
};

/// Assignments between "; ". A blank multiplies, "/" divides the product before it by the factor
/// behind it, "^" raises to a whole power; sqrt, sign, max(a, b), |x| (the norm) and orthogonal
/// (Muon's) are the functions.
///
/// Each operation on tensors is rounded to the format; what numbers come to among themselves is
/// exact, and the numbers of a product are multiplied into its tensors at once, as PyTorch's
/// kernels do with lr / (1 - beta1^t). A product with the number 0 is left out: so weight_decay=0
/// costs no operation.
class Equation {
 public:
  /// Throws std::logic_error where the text is none: it is the program's own.
  explicit Equation(std::string_view text);

  /// Every name in it, in the order of their operands.
  std::span<const std::string> names() const { return names_; }
  /// The place of a name's operand, or -1.
  int place(std::string_view name) const;

  /// Carries out the assignments in the operands, one a name; notes the operations where wanted.
  void run(Rounder& rounder, std::span<Operand> operands,
           std::vector<Operation>* operations = nullptr) const;

 private:
  friend class EquationReader;
  friend class EquationRun;
  enum class Kind { number, name, sum, product, power, root, sign, largest, norm, orthogonal };
  struct Part {
    int node = 0;
    char sign = '+';  ///< "+", "-", "*" or "/" in front of it
    std::string text;
  };
  struct Node {
    Kind kind = Kind::number;
    double number = 0;
    int place = 0;  ///< of a name
    std::vector<Part> parts = {};
    bool has_norm = false;  ///< of a product: one of its factors is a norm
    std::string text = {};
  };
  struct Assignment {
    int place = 0, node = 0;
  };

  std::vector<std::string> names_;
  std::vector<Node> nodes_;
  std::vector<Assignment> assignments_;
};

}  // namespace nanscope
