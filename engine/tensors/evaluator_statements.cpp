#include <fmt/format.h>

#include "engine/tensors/arithmetic.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/indexing.h"

namespace nanscope {

Evaluator::Evaluator(Executor& executor, TensorChain& chain, const TensorRequest& request,
                     std::stop_token stop, CellsWanted cells)
    : executor_(executor),
      chain_(chain),
      recorder_(chain, request, cells == CellsWanted::yes),
      stop_(std::move(stop)) {}

bool Evaluator::run(const Program& program) {
  for (const Statement& statement : program) {
    const Evaluated<bool> done = run(statement);
    if (stop_.stop_requested()) return false;
    if (done) continue;
    chain_.error = done.error();
    break;
  }
  recorder_.finish();
  chain_.memory.peak_bytes = std::max(executor_.peak_bytes(), chain_.memory.storage_bytes);
  return true;
}

Evaluated<bool> Evaluator::run(const Statement& statement) {
  chain_.value.clear();
  if (statement.writes)
    return statement.target.kind == NodeKind::index ? write_cells(statement)
                                                    : change_in_place(statement);
  if (!statement.variables.empty()) return assign(statement);

  const int steps = recorder_.step_count();
  Evaluated<ChainValue> value = evaluate(statement.value);
  if (!value) return tl::unexpected(value.error());
  const auto* tensor = std::get_if<TensorValue>(&*value);
  bool plain = true;
  each_tensor(*value, [&](const TensorValue&) { plain = false; });
  if (plain) chain_.value = to_text(*value);
  // A variable alone is shown as it is now.
  if (tensor && recorder_.step_count() == steps)
    if (auto shown = record(statement.value, statement.value.begin, *value, {tensor->step},
                            OperationGroup::view);
        !shown)
      return tl::unexpected(shown.error());
  return true;
}

Evaluated<bool> Evaluator::assign(const Statement& statement) {
  const int steps = recorder_.step_count();
  Evaluated<ChainValue> value = evaluate(statement.value);
  if (!value) return tl::unexpected(value.error());
  if (statement.variables.size() > 1) return unpack(statement, *value);
  if (!statement.dimension_names.empty())
    if (auto named = annotate(statement, *value); !named) return named;
  const std::string& name = statement.variables.front();
  if (recorder_.step_count() > steps && value->tensor()) chain_.steps.back().variable = name;
  variables_[name] = *std::move(value);
  return true;
}

Evaluated<bool> Evaluator::unpack(const Statement& statement, const ChainValue& value) {
  const Node& node = statement.value;
  std::vector<ChainValue> items;
  if (const auto* list = std::get_if<ListValue>(&value)) items = list->items;
  if (value.tensor()) {
    // Python goes through a tensor along its first dimension.
    const Evaluated<ChainValue> rows = call(node, node.begin, "unbind", {{value}}, true, true);
    if (!rows) return tl::unexpected(rows.error());
    items = std::get<ListValue>(*rows).items;
  }
  if (items.size() != statement.variables.size())
    return tl::unexpected(error(
        node, node.begin,
        {TensorErrorKind::arguments,
         message("{} values to unpack, expected {}", items.size(), statement.variables.size())}));
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (const auto* tensor = std::get_if<TensorValue>(&items[i]); tensor && tensor->step >= 0)
      chain_.steps[static_cast<std::size_t>(tensor->step)].variable = statement.variables[i];
    variables_[statement.variables[i]] = items[i];
  }
  return true;
}

Evaluated<bool> Evaluator::annotate(const Statement& statement, ChainValue& value) {
  Node place = statement.value;
  place.begin = statement.names_begin;
  place.end = statement.names_end;
  auto* tensor = std::get_if<TensorValue>(&value);
  if (!tensor)
    return tl::unexpected(
        error(place, place.begin,
              {TensorErrorKind::names, message("Only a tensor's dimensions have names.")}));
  Tried<DimensionNames> names =
      read_names(statement.dimension_names, tensor->tensor, named_lengths_);
  if (!names) return tl::unexpected(error(place, place.begin, names.error()));
  tensor->names = *std::move(names);
  if (tensor->step >= 0)
    chain_.steps[static_cast<std::size_t>(tensor->step)].dimension_names = tensor->names;
  return true;
}

Evaluated<ChainValue> Evaluator::updated(const Statement& statement, const TensorValue& owner,
                                         const ChainValue& key, ChainValue value) {
  if (statement.write_operator.empty()) return value;
  const int begin = statement.target.end;
  const Tried<at::Tensor> now = index(executor_, owner.tensor, key);
  if (!now) return tl::unexpected(error(statement.target, begin, now.error()));
  // As in Python: x[0] += 1 changes x[0] in place, then stores it.
  const std::string method(in_place_method(statement.write_operator));
  Tried<ChainValue> result =
      method.empty() ? binary(executor_, statement.write_operator, TensorValue{*now}, value)
                     : executor_.call(method, {{TensorValue{*now}, value}}, true);
  if (!result) return tl::unexpected(error(statement.value, begin, result.error()));
  return *std::move(result);
}

Evaluated<bool> Evaluator::write_cells(const Statement& statement) {
  const Node& target = statement.target;
  // Python evaluates the value first.
  const Evaluated<ChainValue> value = evaluate(statement.value);
  if (!value) return tl::unexpected(value.error());
  const Evaluated<ChainValue> owner = evaluate(target.children[0]);
  if (!owner) return tl::unexpected(owner.error());
  const Evaluated<ChainValue> key = evaluate(target.children[1]);
  if (!key) return tl::unexpected(key.error());

  Node whole = target;
  whole.begin = statement.begin;
  whole.end = statement.end;
  const int begin = target.children[0].end;
  const auto* tensor = std::get_if<TensorValue>(&*owner);
  if (!tensor)
    return tl::unexpected(
        error(whole, begin,
              {TensorErrorKind::arguments,
               message("'{}' object does not support item assignment", type_words(*owner))}));
  recorder_.begin_write(tensor->tensor);
  const Evaluated<ChainValue> stored = updated(statement, *tensor, *key, *value);
  if (!stored) return tl::unexpected(stored.error());
  const Tried<at::Tensor> written = write(executor_, tensor->tensor, *key, *stored);
  if (!written) return tl::unexpected(error(whole, begin, written.error()));
  std::vector<int> inputs;
  for (const ChainValue* input : {&*owner, &*key, &*value})
    each_tensor(*input, [&](const TensorValue& each) {
      if (each.step >= 0) inputs.push_back(each.step);
    });
  recorder_.end_write({whole.begin, whole.end, begin}, *tensor, std::move(inputs),
                      executor_.take_spent());
  return true;
}

/// x += 1: in place for a tensor, a new value for a number.
Evaluated<bool> Evaluator::change_in_place(const Statement& statement) {
  const Evaluated<ChainValue> value = evaluate(statement.value);
  if (!value) return tl::unexpected(value.error());
  const Evaluated<ChainValue> owner = evaluate(statement.target);
  if (!owner) return tl::unexpected(owner.error());
  Node whole = statement.target;
  whole.begin = statement.begin;
  whole.end = statement.end;
  const int begin = statement.target.end;
  const std::string method(in_place_method(statement.write_operator));
  const auto* tensor = std::get_if<TensorValue>(&*owner);
  if (!tensor || method.empty()) {
    Evaluated<ChainValue> kept = combine(whole, begin, statement.write_operator, *owner, *value);
    if (!kept) return tl::unexpected(kept.error());
    variables_[statement.target.text] = *std::move(kept);
    return true;
  }
  recorder_.begin_write(tensor->tensor);
  const Tried<ChainValue> written = executor_.call(method, {{*owner, *value}}, true);
  if (!written) return tl::unexpected(error(whole, begin, written.error()));
  recorder_.end_write({whole.begin, whole.end, begin}, *tensor, {tensor->step},
                      executor_.take_spent());
  return true;
}

}  // namespace nanscope
