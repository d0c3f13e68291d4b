#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Equations as plans and optimizers write them, read once for all who compute with them.
namespace nanscope {

/// A function of one number, in double and with more digits.
struct EquationFunction {
  std::string_view name;
  double (*in_double)(double);
  long double (*exact)(long double);
};

/// Assignments between "; ": "m = beta1 m + (1 - beta1) g; theta = theta - lr m". A blank
/// multiplies, "/" divides the product before it by the factor behind it, "^" raises to a power;
/// sqrt, exp, ... , max(a, b), |x| (the norm) and orthogonal (Muon's) are the functions.
struct EquationTree {
  enum class Kind { number, name, sum, product, power, function, largest, norm, orthogonal };
  struct Part {
    int node = 0;
    char sign = '+';  ///< "+", "-", "*" or "/" in front of it
    std::string text;
  };
  struct Node {
    Kind kind = Kind::number;
    double number = 0;
    int place = 0;  ///< of a name
    const EquationFunction* function = nullptr;
    std::vector<Part> parts = {};
    bool has_norm = false;  ///< of a product: one of its factors is a norm
    std::string text = {};
  };
  /// Characters of the text: a name, a norm, or a blank that multiplies.
  struct Mark {
    std::size_t begin = 0, length = 0;
  };
  struct Assignment {
    int place = 0;  ///< of the name
    int node = 0;
    std::size_t begin = 0, end = 0;  ///< of the right side, in the text
  };

  std::string text;
  std::vector<std::string> names;  ///< every name in it
  std::vector<Node> nodes;
  std::vector<Assignment> assignments;
  std::vector<Mark> marks;  ///< from left to right, none within another one

  const Node& node(int index) const { return nodes[static_cast<std::size_t>(index)]; }
  const std::string& name(int place) const { return names[static_cast<std::size_t>(place)]; }
  /// The place of a name, or -1.
  int place(std::string_view name) const;
  /// The assignments up to the last one of a name; none where it has none.
  std::span<const Assignment> up_to(std::string_view name) const;
};

/// Throws std::logic_error where the text is no equation: it is the program's own.
EquationTree read_equation(std::string_view text);

/// Whether a product's norms say nothing of how long a step should be: LAMB's ratio is 1 where one
/// of them is 0, or no number.
inline bool is_no_length(double norm) { return !(norm > 0); }

}  // namespace nanscope
