#include "engine/tensors/literals.h"

#include <optional>
#include <string_view>
#include <utility>

#include "engine/tensor_language/check_names.h"
#include "engine/tensor_language/operations.h"

namespace nanscope {
namespace {

std::optional<Literal> literal_of(const Node& node) {
  if (node.kind == NodeKind::integer) return Literal{node.begin, node.end, node.integer};
  if (node.kind == NodeKind::unary && node.text == "-" &&
      node.children.front().kind == NodeKind::integer)
    return Literal{node.begin, node.end, -node.children.front().integer};
  return std::nullopt;
}

bool is_einops_name(std::string_view operation) {
  const TensorOperation* found = find_operation(operation);
  return found && found->group == OperationGroup::einops;
}

bool takes_sizes(std::string_view operation, std::string_view name) {
  return name == "size" || name == "shape" || name == "sizes" || is_einops_name(operation);
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
      literal->is_size = takes_sizes(operation, name);
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
               found_[i].is_size && !is_einops_name(found_[i].operation);
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

}  // namespace

std::vector<Literal> find_literals(Overloads& overloads, const Program& program) {
  return Literals(overloads).run(program);
}

}  // namespace nanscope
