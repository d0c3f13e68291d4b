#include "engine/recipe/equation.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// Calculates the nodes of an equation.
class Calculation {
 public:
  Calculation(const EquationTree& equation, const EquationValues& values, bool in_floats)
      : equation_(equation), values_(values), in_floats_(in_floats) {}

  std::optional<EquationValue> value_of(const EquationTree::Assignment& one) {
    const long double value = node(one.node);
    if (failed_) return std::nullopt;
    return EquationValue{value, divides_by_zero_};
  }

 private:
  using Kind = EquationTree::Kind;
  using Node = EquationTree::Node;

  long double rounded(long double value) const {
    return in_floats_ ? static_cast<long double>(static_cast<float>(value)) : value;
  }

  long double node(int index) {
    const Node& node = equation_.node(index);
    switch (node.kind) {
      case Kind::number:
        return rounded(node.number);
      case Kind::name:
        return known(equation_.name(node.place));
      case Kind::norm:
        return known(node.text);
      case Kind::sum:
        return sum(node);
      case Kind::product:
        return product(node);
      case Kind::power:
        return rounded(std::pow(part(node, 0), part(node, 1)));
      case Kind::function:
        return rounded(node.function->exact(part(node, 0)));
      case Kind::largest:
        return std::max(part(node, 0), part(node, 1));
      case Kind::orthogonal:
        break;
    }
    failed_ = true;
    return 0;
  }
  long double part(const Node& of, std::size_t i) { return node(of.parts[i].node); }

  long double known(const std::string& name) {
    const auto found = values_.find(name);
    if (found != values_.end()) return rounded(found->second);
    failed_ = true;
    return 0;
  }

  long double sum(const Node& node) {
    long double total = 0;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      const long double next = node.parts[i].sign == '-' ? -part(node, i) : part(node, i);
      total = i == 0 ? next : rounded(total + next);
    }
    return total;
  }

  bool is_norm(const EquationTree::Part& part) const {
    return equation_.node(part.node).kind == Kind::norm;
  }
  bool has_no_length(const Node& node) {
    return std::ranges::any_of(node.parts, [&](const EquationTree::Part& part) {
      return is_norm(part) && is_no_length(static_cast<double>(this->node(part.node)));
    });
  }

  long double product(const Node& node) {
    const bool without_norms = node.has_norm && has_no_length(node);
    long double value = 1;
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      if (without_norms && is_norm(node.parts[i])) continue;
      const long double factor = part(node, i);
      const bool divides = node.parts[i].sign == '/';
      divides_by_zero_ = divides_by_zero_ || (divides && factor == 0 && value != 0);
      value = rounded(divides ? value / factor : value * factor);
    }
    return value;
  }

  const EquationTree& equation_;
  const EquationValues& values_;
  bool in_floats_, failed_ = false, divides_by_zero_ = false;
};

}  // namespace

std::string with_words(const EquationTree& equation, const EquationTree::Assignment& one,
                       const EquationWords& words) {
  std::string text;
  std::size_t at = one.begin;
  const std::string_view whole = equation.text;
  for (const EquationTree::Mark& mark : equation.marks) {
    if (mark.begin < one.begin || mark.begin >= one.end) continue;
    const std::string_view marked = whole.substr(mark.begin, mark.length);
    const auto found = words.find(marked);
    text += whole.substr(at, mark.begin - at);
    text += marked.front() == ' ' ? " * " : found == words.end() ? marked : found->second;
    at = mark.begin + mark.length;
  }
  return text += whole.substr(at, one.end - at);
}

std::optional<EquationValue> evaluate(const EquationTree& equation,
                                      const EquationTree::Assignment& one,
                                      const EquationValues& values, bool in_floats) {
  return Calculation(equation, values, in_floats).value_of(one);
}

std::optional<EquationValue> evaluate(const EquationTree& equation, EquationValues values,
                                      std::string_view name, bool in_floats) {
  std::optional<EquationValue> result;
  bool divides_by_zero = false;
  for (const EquationTree::Assignment& one : equation.up_to(name)) {
    const auto value = evaluate(equation, one, values, in_floats);
    if (!value) return std::nullopt;
    const std::string& of = equation.name(one.place);
    values[of] = value->value;
    divides_by_zero = divides_by_zero || value->divides_by_zero;
    if (of == name) result = EquationValue{value->value, divides_by_zero};
  }
  return result;
}

}  // namespace nanscope
