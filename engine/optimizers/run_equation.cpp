#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/numbers/format.h"
#include "engine/optimizers/equation.h"
#include "engine/optimizers/orthogonal.h"

namespace nanscope {
namespace {

/// One carrying out of an equation's assignments.
class EquationRun {
 public:
  EquationRun(const EquationTree& tree, Rounder& rounder, std::span<Operand> operands,
              std::vector<StepOperation>* operations)
      : tree_(tree), rounder_(rounder), operands_(operands), operations_(operations) {}

  void run() {
    for (const EquationTree::Assignment& one : tree_.assignments) {
      const std::size_t before = operations_ ? operations_->size() : 0;
      operands_[static_cast<std::size_t>(one.place)] = {value_of(one.node).elements, true};
      if (operations_ && operations_->size() > before)
        operations_->back().name = tree_.name(one.place);
    }
  }

 private:
  using Kind = EquationTree::Kind;
  using Node = EquationTree::Node;

  static Operand number(double value) { return {{value, value}, false}; }
  static bool is_zero(const Operand& one) { return !one.is_tensor && one.elements[0] == 0; }

  template <class Formula>
  void note(Formula formula, const Pair& value, std::array<bool, 2> absorbed = {}) const {
    if (operations_) operations_->push_back({"", formula(), value, absorbed});
  }
  /// A tensor of what the function makes of each element, rounded.
  template <class Function>
  Pair each(Function function) {
    return {rounder_(function(0)), rounder_(function(1))};
  }

  Operand value_of(int index) {
    const Node& node = tree_.node(index);
    switch (node.kind) {
      case Kind::number:
        return number(node.number);
      case Kind::name:
        return operands_[static_cast<std::size_t>(node.place)];
      case Kind::sum:
        return sum(node);
      case Kind::product:
        return product(node);
      case Kind::power:
        return power(node);
      case Kind::largest:
        return largest(node);
      case Kind::function:
        return function(node);
      case Kind::norm:
        return norm(node);
      case Kind::orthogonal:
        return direction(node);
    }
    return {};
  }

  Operand sum(const Node& node) {
    Operand total = value_of(node.parts.front().node);
    if (node.parts.front().sign == '-')
      for (double& element : total.elements) element = -element;
    std::string_view words = node.text;
    for (std::size_t i = 1; i < node.parts.size(); ++i) {
      Operand next = value_of(node.parts[i].node);
      if (is_zero(next)) continue;
      if (node.parts[i].sign == '-')
        for (double& element : next.elements) element = -element;
      if (is_zero(total)) {
        total = next;
        continue;
      }
      const bool is_tensor = total.is_tensor || next.is_tensor;
      Operand added{{}, is_tensor};
      std::array<bool, 2> absorbed{};
      for (std::size_t e = 0; e < 2; ++e) {
        const double a = total.elements[e], b = next.elements[e];
        added.elements[e] = is_tensor ? rounder_.add(a, b) : a + b;
        absorbed[e] = b != 0 && added.elements[e] == a;
      }
      total = added;
      const std::string& last = node.parts[i].text;
      const auto length =
          static_cast<std::size_t>(words.find(last, length_before(node, i))) + last.size();
      if (is_tensor)
        note([&] { return std::string(words.substr(0, length)); }, total.elements, absorbed);
    }
    return total;
  }
  /// Of a sum's text, at least so many characters stand in front of its part.
  static std::size_t length_before(const Node& node, std::size_t part) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < part; ++i) length += node.parts[i].text.size();
    return length;
  }

  bool has_no_length(const Node& node) {
    if (!node.has_norm) return false;
    auto* const operations = std::exchange(operations_, nullptr);
    const bool has = std::ranges::any_of(node.parts, [&](const EquationTree::Part& part) {
      return is_norm(part) && is_no_length(value_of(part.node).elements[0]);
    });
    operations_ = operations;
    return has;
  }
  bool is_norm(const EquationTree::Part& part) const {
    return tree_.node(part.node).kind == Kind::norm;
  }

  Operand product(const Node& node) {
    double above = 1, below = 1;
    Operand tensor;
    std::string words;
    const bool without_norms = has_no_length(node);
    for (const EquationTree::Part& part : node.parts) {
      if (without_norms && is_norm(part)) continue;
      const Operand factor = value_of(part.node);
      const bool divides = part.sign == '/';
      if (!factor.is_tensor) {
        (divides ? below : above) *= factor.elements[0];
      } else if (!tensor.is_tensor) {
        tensor = factor;
        if (divides) tensor.elements = each([&](std::size_t e) { return 1 / factor.elements[e]; });
        if (operations_) words = divides ? "1 / " + part.text : part.text;
      } else {
        for (std::size_t e = 0; e < 2; ++e)
          tensor.elements[e] = divides ? rounder_.divide(tensor.elements[e], factor.elements[e])
                                       : rounder_.multiply(tensor.elements[e], factor.elements[e]);
        if (operations_) words += (divides ? " / " : " ") + part.text;
        note([&] { return words; }, tensor.elements);
      }
    }
    if (above == 0) return number(0);
    if (!tensor.is_tensor) return number(above / below);
    if (above == 1 && below == 1) return tensor;
    for (double& element : tensor.elements)
      element =
          above == 1 ? rounder_.divide(element, below) : rounder_.multiply(element, above / below);
    note([&] { return node.text; }, tensor.elements);
    return tensor;
  }

  Operand power(const Node& node) {
    const Operand base = value_of(node.parts[0].node), exponent = value_of(node.parts[1].node);
    if (!base.is_tensor) return number(std::pow(base.elements[0], exponent.elements[0]));
    Operand raised = base;
    for (int i = 1; i < static_cast<int>(exponent.elements[0]); ++i)
      for (std::size_t e = 0; e < 2; ++e)
        raised.elements[e] = rounder_.multiply(raised.elements[e], base.elements[e]);
    note([&] { return node.text; }, raised.elements);
    return raised;
  }

  Operand largest(const Node& node) {
    const Operand a = value_of(node.parts[0].node), b = value_of(node.parts[1].node);
    Operand most{{}, a.is_tensor || b.is_tensor};
    // As torch.maximum: a NaN stays.
    for (std::size_t e = 0; e < 2; ++e)
      most.elements[e] = std::isnan(a.elements[e]) || a.elements[e] > b.elements[e] ? a.elements[e]
                                                                                    : b.elements[e];
    if (most.is_tensor) note([&] { return node.text; }, most.elements);
    return most;
  }

  Operand function(const Node& node) {
    const Operand of = value_of(node.parts[0].node);
    const auto& in_double = node.function->in_double;
    if (!of.is_tensor) return number(in_double(of.elements[0]));
    const Operand result{each([&](std::size_t e) { return in_double(of.elements[e]); }), true};
    note([&] { return node.text; }, result.elements);
    return result;
  }

  Operand norm(const Node& node) {
    const Pair x = value_of(node.parts[0].node).elements;
    const Operand result = number(rounder_(std::sqrt(x[0] * x[0] + x[1] * x[1])));
    note([&] { return node.text; }, result.elements);
    return result;
  }

  Operand direction(const Node& node) {
    const Pair direction = orthogonal(value_of(node.parts[0].node).elements, operand("eps"));
    const Operand result{each([&](std::size_t e) { return direction[e]; }), true};
    note([&] { return node.text; }, result.elements);
    return result;
  }
  double operand(std::string_view name) const {
    return operands_[static_cast<std::size_t>(tree_.place(name))].elements[0];
  }

  const EquationTree& tree_;
  Rounder& rounder_;
  std::span<Operand> operands_;
  std::vector<StepOperation>* operations_;
};

}  // namespace

void Equation::run(Rounder& rounder, std::span<Operand> operands,
                   std::vector<StepOperation>* operations) const {
  EquationRun(tree_, rounder, operands, operations).run();
}

}  // namespace nanscope
