#include "engine/tensors/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/tensor_language/check_names.h"

namespace nanscope {
namespace {

/// Values are tried this far to both sides of the present one.
constexpr std::int64_t kReach = 32;

/// A whole number in the text, its sign included.
struct Literal {
  int begin = 0, end = 0;
  std::int64_t value = 0;
  std::string operation, name;
  int neighbour = -1;  ///< the literal beside it in the same list of sizes
};

std::optional<Literal> literal_of(const Node& node) {
  if (node.kind == NodeKind::integer) return Literal{node.begin, node.end, node.integer, "", ""};
  if (node.kind == NodeKind::unary && node.text == "-" &&
      node.children.front().kind == NodeKind::integer)
    return Literal{node.begin, node.end, -node.children.front().integer, "", ""};
  return std::nullopt;
}

class Literals {
 public:
  explicit Literals(Overloads& overloads) : overloads_(overloads) {}

  std::vector<Literal> run(const Program& program) {
    for (const Statement& statement : program) {
      walk(statement.value);
      if (statement.writes) walk(statement.target);
    }
    return std::move(found_);
  }

 private:
  void walk(const Node& node) {
    if (node.kind == NodeKind::call) {
      call(node);
    } else if (node.kind == NodeKind::index) {
      walk(node.children[0]);
      index_part(node.children[1]);
    } else {
      for (const Node& child : node.children) walk(child);
    }
  }

  void call(const Node& node) {
    const Node& callee = node.children.front();
    const bool method = free_name(callee).empty();
    if (method) walk(callee.children.front());
    if (callee.text == "tensor") return;  // numbers there are values
    const std::size_t first = found_.size();
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      const std::string& keyword = node.keywords[i - 1];
      argument(node.children[i], callee.text,
               keyword.empty() ? overloads_.argument_name(callee.text, i - 1, method) : keyword);
    }
    connect(first);
  }

  void argument(const Node& node, const std::string& operation, const std::string& name) {
    if (auto literal = literal_of(node)) {
      literal->operation = operation;
      literal->name = name;
      found_.push_back(*std::move(literal));
    } else if (node.kind == NodeKind::list || node.kind == NodeKind::tuple) {
      for (const Node& child : node.children) argument(child, operation, name);
    } else {
      walk(node);
    }
  }

  void index_part(const Node& node) {
    static constexpr const char* kSliceParts[] = {"start", "stop", "step"};
    if (node.kind == NodeKind::slice) {
      for (std::size_t i = 0; i < 3; ++i) argument(node.children[i], "index", kSliceParts[i]);
    } else if (node.kind == NodeKind::tuple) {
      for (const Node& child : node.children) index_part(child);
    } else {
      argument(node, "index", "index");
    }
  }

  /// Sizes of one argument have the next one as neighbour, the last the one before.
  void connect(std::size_t first) {
    for (std::size_t i = first; i < found_.size(); ++i) {
      const auto beside = [&](std::size_t j) {
        return j < found_.size() && j >= first && found_[j].name == found_[i].name &&
               (found_[i].name == "size" || found_[i].name == "shape" || found_[i].name == "sizes");
      };
      if (beside(i + 1))
        found_[i].neighbour = static_cast<int>(i + 1);
      else if (i > first && beside(i - 1))
        found_[i].neighbour = static_cast<int>(i - 1);
    }
  }

  Overloads& overloads_;
  std::vector<Literal> found_;
};

/// Tries values of one literal.
class Trials {
 public:
  Trials(Overloads& overloads, const TensorRequest& request, const std::vector<Literal>& literals)
      : overloads_(overloads), request_(request), literals_(literals) {}

  TensorParameter run(const Literal& literal) const {
    TensorParameter parameter{.begin = literal.begin,
                              .end = literal.end,
                              .operation = literal.operation,
                              .name = literal.name,
                              .value = literal.value,
                              .choices = {},
                              .low_reason = {},
                              .high_reason = {}};
    for (std::int64_t value = literal.value - kReach; value <= literal.value + kReach; ++value)
      if (auto expression = taken(literal, value))
        parameter.choices.push_back({value, *std::move(expression)});
    if (parameter.choices.empty()) return parameter;
    parameter.low_reason = reason(literal, parameter.choices.front().value - 1);
    parameter.high_reason = reason(literal, parameter.choices.back().value + 1);
    return parameter;
  }

 private:
  std::string with(const Literal& literal, std::int64_t value) const {
    return replaced(request_.expression, literal.begin, literal.end, fmt::format("{}", value));
  }

  /// "" where the value would be taken: the reach ends there, nothing else.
  std::string reason(const Literal& literal, std::int64_t value) const {
    const TensorChain chain = try_expression(overloads_, with(literal, value), request_);
    return chain.error ? chain.error->message : "";
  }

  std::optional<std::string> taken(const Literal& literal, std::int64_t value) const {
    std::string alone = with(literal, value);
    if (!try_expression(overloads_, alone, request_).error) return alone;
    return literal.neighbour < 0 ? std::nullopt : together(literal, value);
  }

  /// With the neighbour changed so that the product of the two stays.
  std::optional<std::string> together(const Literal& literal, std::int64_t value) const {
    const Literal& beside = literals_[static_cast<std::size_t>(literal.neighbour)];
    std::int64_t product = 0;
    if (value <= 0 || beside.value <= 0 || literal.value <= 0 ||
        __builtin_mul_overflow(literal.value, beside.value, &product) || product % value != 0)
      return std::nullopt;
    const std::string other = fmt::format("{}", product / value);
    // The later one first: its place does not move then.
    const bool later = beside.begin > literal.begin;
    std::string text = request_.expression;
    if (later) text = replaced(text, beside.begin, beside.end, other);
    text = replaced(text, literal.begin, literal.end, fmt::format("{}", value));
    if (!later) text = replaced(text, beside.begin, beside.end, other);
    if (try_expression(overloads_, text, request_).error) return std::nullopt;
    return text;
  }

  Overloads& overloads_;
  const TensorRequest& request_;
  const std::vector<Literal>& literals_;
};

}  // namespace

std::vector<TensorParameter> find_parameters(Overloads& overloads, const Program& program,
                                             const TensorRequest& request,
                                             const std::stop_token& stop) {
  std::vector<TensorParameter> parameters;
  // A chain that needs values (masks) cannot be tried without them.
  if (try_expression(overloads, request.expression, request).error) return parameters;
  const std::vector<Literal> literals = Literals(overloads).run(program);
  const Trials trials(overloads, request, literals);
  for (const Literal& literal : literals) {
    if (stop.stop_requested()) break;
    parameters.push_back(trials.run(literal));
  }
  return parameters;
}

}  // namespace nanscope
