#include "engine/tensors/repairs.h"

#include <string_view>

namespace nanscope {
namespace {

/// The method call that begins and ends where the error does.
const Node* find_call(const Node& node, const TensorError& error) {
  if (node.kind == NodeKind::call && node.end == error.end &&
      node.children.front().kind == NodeKind::attribute &&
      node.children.front().children.front().end == error.begin)
    return &node;
  for (const Node& child : node.children)
    if (const Node* found = find_call(child, error)) return found;
  return nullptr;
}

const Node* find_call(const Program& program, const TensorError& error) {
  for (const Statement& statement : program) {
    if (const Node* found = find_call(statement.value, error)) return found;
    if (statement.writes)
      if (const Node* found = find_call(statement.target, error)) return found;
  }
  return nullptr;
}

bool says(const TensorError& error, std::string_view words) {
  return error.message().find(words) != std::string::npos;
}

std::vector<TensorRepair> candidates(const std::string& text, const TensorError& error,
                                     const Node& callee) {
  const int place = error.begin;
  const auto inserted = [&](RepairKind kind, const std::string& call) {
    return TensorRepair{kind, call, replaced(text, place, place, call)};
  };
  std::vector<TensorRepair> repairs;
  if (says(error, "view size is not compatible")) {
    // view_as has its reshape_as.
    const std::string name = "reshape" + callee.text.substr(std::string_view("view").size());
    repairs.push_back(
        {RepairKind::reshape, name, replaced(text, callee.name_begin, callee.end, name)});
  }
  if (says(error, "view size is not compatible") || says(error, "must be 1 to view"))
    repairs.push_back(inserted(RepairKind::contiguous, ".contiguous()"));
  if (says(error, "Please clone()")) repairs.push_back(inserted(RepairKind::clone, ".clone()"));
  return repairs;
}

}  // namespace

std::vector<TensorRepair> find_repairs(const Trial& trial, const Program& program,
                                       const TensorChain& chain) {
  std::vector<TensorRepair> repairs;
  if (!chain.error) return repairs;
  const Node* call = find_call(program, *chain.error);
  if (!call) return repairs;
  for (TensorRepair& repair : candidates(chain.expression, *chain.error, call->children.front())) {
    const TensorChain tried = trial.run(repair.expression);
    // What is inserted is a step of its own.
    const int passed = chain.error->step + (repair.kind == RepairKind::reshape ? 0 : 1);
    if (!tried.error || tried.error->step > passed) repairs.push_back(std::move(repair));
  }
  return repairs;
}

}  // namespace nanscope
