#include <fmt/format.h>

#include "engine/tensors/arithmetic.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/indexing.h"
#include "engine/tensors/python_iteration.h"

namespace nanscope {
namespace {

/// What is written to, standing for the whole statement.
Node as_whole(Node target, const Statement& statement) {
  target.begin = target.bare_begin = statement.begin;
  target.end = target.bare_end = statement.end;
  return target;
}

/// Why so many values cannot be taken apart; nothing where they can.
std::optional<Failure> wrong_count(const Statement& statement, std::size_t count) {
  const bool starred = statement.starred >= 0;
  const std::size_t expected = statement.variables.size() - (starred ? 1 : 0);
  if (starred ? count >= expected : count == expected) return std::nullopt;
  return Failure{TensorErrorKind::arguments,
                 count > expected ? message("too many values to unpack (expected {})", expected)
                                  : message("not enough values to unpack (expected {}{}, got {})",
                                            starred ? "at least " : "", expected, count),
                 "ValueError"};
}

}  // namespace

Evaluator::Evaluator(Executor& executor, TensorChain& chain, const TensorRequest& request,
                     std::stop_token stop, CellsWanted cells, Pause* pause)
    : executor_(executor),
      chain_(chain),
      recorder_(chain, request, cells == CellsWanted::yes),
      stop_(std::move(stop)),
      pause_(pause ? *pause : never_) {}

Task<bool> Evaluator::steps(const Program& program) {
  for (const Statement& statement : program) {
    const Evaluated<bool> done = co_await run(statement);
    if (stop_.stop_requested()) co_return false;
    if (done) continue;
    chain_.error = done.error();
    break;
  }
  co_await pause_;
  recorder_.finish();
  chain_.memory.peak_bytes = std::max(executor_.peak_bytes(), chain_.memory.storage_bytes);
  co_return true;
}

bool Evaluator::run(const Program& program) {
  Task<bool> all = steps(program);
  all.start();
  return all.result();
}

Evaluation<bool> Evaluator::run(const Statement& statement) {
  chain_.value.clear();
  chain_.printed.clear();
  if (statement.writes) {
    // A task of its own name: GCC 12 destroys one that ?: makes within co_await twice.
    auto writing = statement.target.kind == NodeKind::index ? write_cells(statement)
                                                            : change_in_place(statement);
    co_return co_await writing;
  }
  if (!statement.variables.empty()) co_return co_await assign(statement);

  Evaluated<ChainValue> evaluated = co_await evaluate(statement.value);
  if (!evaluated) co_return tl::unexpected(evaluated.error());
  auto showing = shown_last(statement.value, *std::move(evaluated));
  const Evaluated<ChainValue> value = co_await showing;
  if (!value) co_return tl::unexpected(value.error());
  bool plain = true;
  each_tensor(*value, [&](const TensorValue&) { plain = false; });
  if (plain) chain_.value = to_text(*value);
  if (!plain && !value->tensor()) chain_.printed = printed_parts(*value);
  co_return true;
}

Evaluation<ChainValue> Evaluator::shown_last(const Node& node, ChainValue value) {
  bool changed = false;
  each_tensor(value, [&](const TensorValue& each) {
    changed = changed || recorder_.written_since(each.step);
  });
  const auto* tensor = std::get_if<TensorValue>(&value);
  const bool is_last = tensor && tensor->step + 1 == recorder_.step_count();
  if (is_last || (!tensor && !changed)) co_return value;
  const std::vector<int> steps = steps_in(std::vector<ChainValue>{value});
  auto recording = record(node, node.bare_begin, std::move(value), steps, OperationGroup::view);
  co_return co_await recording;
}

Evaluation<bool> Evaluator::assign(const Statement& statement) {
  const int steps = recorder_.step_count();
  Evaluated<ChainValue> value = co_await evaluate(statement.value);
  if (!value) co_return tl::unexpected(value.error());
  if (statement.unpacks) co_return co_await unpack(statement, *value);
  if (!statement.dimension_names.empty())
    if (auto named = annotate(statement, *value); !named) co_return named;
  const std::string& name = statement.variables.back();  // of x = y = value: the nearest
  if (recorder_.step_count() > steps && value->tensor()) {
    auto showing = shown_last(statement.value, *std::move(value));
    value = co_await showing;
    if (!value) co_return tl::unexpected(value.error());
    chain_.steps.back().variable = name;
  }
  for (const std::string& variable : statement.variables) variables_[variable] = *value;
  co_return true;
}

Evaluation<bool> Evaluator::unpack(const Statement& statement, const ChainValue& value) {
  const Node& node = statement.value;
  std::vector<ChainValue> items;
  if (const at::Tensor* tensor = value.tensor()) {
    // Python goes through a tensor along its first dimension.
    const auto wrong = tensor->dim() > 0
                           ? wrong_count(statement, static_cast<std::size_t>(tensor->size(0)))
                           : std::nullopt;
    if (wrong) co_return tl::unexpected(error(node, node.begin, *wrong));
    auto taking = rows_of(node, value, true);
    const Evaluated<ChainValue> rows = co_await taking;
    if (!rows) co_return tl::unexpected(rows.error());
    items = std::get<ListValue>(*rows).items;
  } else if (Tried<std::vector<ChainValue>> parts = items_of(value)) {
    items = *std::move(parts);
  } else {
    co_return tl::unexpected(
        error(node, node.begin,
              {TensorErrorKind::arguments,
               message("cannot unpack non-iterable {} object", type_name(value)), "TypeError"}));
  }
  if (const auto wrong = wrong_count(statement, items.size()))
    co_return tl::unexpected(error(node, node.begin, *wrong));
  if (statement.starred >= 0) {
    // What the others leave is a list.
    const auto first = items.begin() + statement.starred;
    const auto last = first + static_cast<long>(items.size() + 1 - statement.variables.size());
    const ChainValue rest = ListValue{{first, last}};
    items.insert(items.erase(first, last), rest);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (const auto* tensor = std::get_if<TensorValue>(&items[i]); tensor && tensor->step >= 0)
      chain_.steps[static_cast<std::size_t>(tensor->step)].variable = statement.variables[i];
    variables_[statement.variables[i]] = items[i];
  }
  co_return true;
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

Evaluation<bool> Evaluator::write_cells(const Statement& statement) {
  const Node& target = statement.target;
  // Python evaluates the value first.
  const Evaluated<ChainValue> value = co_await evaluate(statement.value);
  if (!value) co_return tl::unexpected(value.error());
  const Evaluated<ChainValue> owner = co_await evaluate(target.children[0]);
  if (!owner) co_return tl::unexpected(owner.error());
  const Evaluated<ChainValue> key = co_await evaluate(target.children[1]);
  if (!key) co_return tl::unexpected(key.error());

  const Node whole = as_whole(target, statement);
  const int begin = target.children[0].end;
  if (const auto* list = std::get_if<ListValue>(&*owner); list && list->mutates())
    co_return set_item(statement, *list, *key, *value);
  const auto* tensor = std::get_if<TensorValue>(&*owner);
  if (!tensor)
    co_return tl::unexpected(
        error(whole, begin,
              {TensorErrorKind::arguments,
               message("'{}' object does not support item assignment", type_words(*owner))}));
  if (auto begun = begin_operation(whole, begin); !begun) co_return tl::unexpected(begun.error());
  recorder_.begin_write(tensor->tensor);
  const Evaluated<ChainValue> stored = updated(statement, *tensor, *key, *value);
  if (!stored) co_return tl::unexpected(stored.error());
  const Tried<at::Tensor> written = write(executor_, tensor->tensor, *key, *stored);
  if (!written) co_return tl::unexpected(error(whole, begin, written.error()));
  co_await pause_;
  std::vector<int> inputs;
  for (const ChainValue* input : {&*owner, &*key, &*value})
    each_tensor(*input, [&](const TensorValue& each) {
      if (each.step >= 0) inputs.push_back(each.step);
    });
  recorder_.end_write(text_of(whole, begin), *tensor, std::move(inputs), executor_.take_spent());
  co_return true;
}

/// x += 1: in place for a tensor and a list, a new value for a number.
Evaluation<bool> Evaluator::change_in_place(const Statement& statement) {
  const Evaluated<ChainValue> value = co_await evaluate(statement.value);
  if (!value) co_return tl::unexpected(value.error());
  const Evaluated<ChainValue> owner = co_await evaluate(statement.target);
  if (!owner) co_return tl::unexpected(owner.error());
  const Node whole = as_whole(statement.target, statement);
  const int begin = statement.target.end;
  if (const auto* list = std::get_if<ListValue>(&*owner);
      list && list->mutates() &&
      (statement.write_operator == "+" || statement.write_operator == "*")) {
    auto changing = change_list(statement, *list, *value);
    co_return co_await changing;
  }
  const std::string method(in_place_method(statement.write_operator));
  const auto* tensor = std::get_if<TensorValue>(&*owner);
  if (!tensor || method.empty()) {
    Evaluated<ChainValue> kept =
        co_await combine(whole, begin, statement.write_operator, *owner, *value);
    if (!kept) co_return tl::unexpected(kept.error());
    variables_[statement.target.text] = *std::move(kept);
    co_return true;
  }
  if (auto begun = begin_operation(whole, begin); !begun) co_return tl::unexpected(begun.error());
  recorder_.begin_write(tensor->tensor);
  const Tried<ChainValue> written = executor_.call(method, {{*owner, *value}}, true);
  if (!written) co_return tl::unexpected(error(whole, begin, written.error()));
  co_await pause_;
  recorder_.end_write(text_of(whole, begin), *tensor, std::vector<int>(1, tensor->step),
                      executor_.take_spent());
  co_return true;
}

}  // namespace nanscope
