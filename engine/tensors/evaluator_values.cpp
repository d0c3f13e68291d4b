#include <algorithm>

#include "engine/tensor_language/check_names.h"
#include "engine/tensors/arithmetic.h"
#include "engine/tensors/evaluator.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/python_calls.h"
#include "engine/tensors/python_iteration.h"

// Expressions of plain values, of lists, and parts of what an operation gives several of.
namespace nanscope {

std::vector<int> steps_in(const std::vector<ChainValue>& values) {
  std::vector<int> steps;
  for (const ChainValue& value : values)
    each_tensor(value, [&](const TensorValue& tensor) {
      if (tensor.step >= 0) steps.push_back(tensor.step);
    });
  return steps;
}

std::vector<int> steps_in(const Arguments& arguments) {
  std::vector<int> steps = steps_in(arguments.positional);
  for (const auto& [name, value] : arguments.named)
    for (const int step : steps_in(std::vector<ChainValue>{value})) steps.push_back(step);
  return steps;
}

OperationGroup group_of(const std::string& name) {
  if (name == "rearrange" || name == "repeat") return OperationGroup::movement;
  const TensorOperation* operation = find_operation(name);
  return operation ? operation->group : OperationGroup::elementwise;
}

Evaluated<ChainValue> Evaluator::from_result(const Node& node, Tried<ChainValue> result) const {
  if (!result) return tl::unexpected(error(node, node.bare_begin, result.error()));
  return *std::move(result);
}

int Evaluator::operator_behind(int operand_end) const {
  return static_cast<int>(
      chain_.expression.find_first_not_of(" \t\r\n\\", static_cast<std::size_t>(operand_end)));
}

StepText Evaluator::text_of(const Node& node, int operation_begin) const {
  StepText text{node.begin, node.end, operation_begin, node.bare_end, operation_begin};
  const Node* first = nullptr;
  if (node.kind == NodeKind::name) {
    first = &node;
  } else if (node.kind == NodeKind::call) {
    const Node& callee = node.children.front();
    if (callee.kind == NodeKind::attribute) first = &callee.children.front();
  } else if (!node.children.empty()) {
    first = &node.children.front();
  }
  // "/ 50" says nothing of what is divided; a chain's next step says it of the step before.
  if (first && is_variable(*first)) text.label_begin = node.bare_begin;
  return text;
}

Evaluated<bool> Evaluator::truth_of(const Node& node, const ChainValue& value) const {
  const Tried<bool> result = truth(value);
  if (!result) return tl::unexpected(error(node, node.bare_begin, result.error()));
  return *result;
}

Evaluation<ChainValue> Evaluator::evaluate_logical(const Node& node) {
  Evaluated<ChainValue> left = co_await evaluate(node.children[0]);
  if (!left) co_return left;
  const Evaluated<bool> decided = truth_of(node.children[0], *left);
  if (!decided) co_return tl::unexpected(decided.error());
  if (*decided == (node.text == "or")) co_return left;
  co_return co_await evaluate(node.children[1]);
}

Evaluation<ChainValue> Evaluator::evaluate_conditional(const Node& node) {
  const Evaluated<ChainValue> condition = co_await evaluate(node.children[1]);
  if (!condition) co_return condition;
  const Evaluated<bool> decided = truth_of(node.children[1], *condition);
  if (!decided) co_return tl::unexpected(decided.error());
  co_return co_await evaluate(node.children[*decided ? 0 : 2]);
}

Evaluation<ChainValue> Evaluator::evaluate_comparison(const Node& node) {
  Evaluated<ChainValue> left = co_await evaluate(node.children[0]);
  for (std::size_t i = 0; left; ++i) {
    const Evaluated<ChainValue> right = co_await evaluate(node.children[i + 1]);
    if (!right) co_return right;
    const Node& first = node.children[i];
    const Node& second = node.children[i + 1];
    const Node pair{.kind = NodeKind::binary,
                    .begin = first.begin,
                    .end = second.end,
                    .bare_begin = first.begin,
                    .bare_end = second.end};
    const int begin = operator_behind(first.end);
    Evaluated<ChainValue> result = co_await combine(pair, begin, node.keywords[i], *left, *right);
    if (!result || i + 1 == node.keywords.size()) co_return result;
    // a < b < c is a < b and b < c
    const Evaluated<bool> goes_on = truth_of(pair, *result);
    if (!goes_on) co_return tl::unexpected(goes_on.error());
    if (!*goes_on) co_return result;
    left = right;
  }
  co_return left;
}

Evaluation<bool> Evaluator::add_item(const Node& node, std::vector<ChainValue>& items) {
  Evaluated<ChainValue> value = co_await evaluate(node);
  if (!value) co_return tl::unexpected(value.error());
  if (node.kind != NodeKind::starred) {
    items.push_back(*std::move(value));
    co_return true;
  }
  if (value->tensor()) {
    auto taking = rows_of(node, *value, true);
    value = co_await taking;
    if (!value) co_return tl::unexpected(value.error());
  }
  const auto* list = std::get_if<ListValue>(&*value);
  if (!list)
    co_return tl::unexpected(error(
        node, node.begin,
        {TensorErrorKind::arguments,
         message("Value after * must be an iterable, not {}", type_words(*value)), "TypeError"}));
  items.insert(items.end(), list->items.begin(), list->items.end());
  co_return true;
}

Evaluation<ChainValue> Evaluator::rows_of(const Node& node, ChainValue tensor, bool shown) {
  const std::string along_rows = "unbind";
  if (tensor.tensor()->dim() == 0)
    co_return from_result(node, failure({"TypeError", message("iteration over a 0-d tensor")}));
  if (tensor.tensor()->size(0) > static_cast<std::int64_t>(kLongestList))
    co_return from_result(node, list_too_long());
  const Arguments whole{{std::move(tensor)}};
  if (shown) co_return co_await call(node, node.bare_begin, along_rows, whole, true, true);
  co_return from_result(node, executor_.call(along_rows, whole, true));
}

Evaluation<std::optional<ChainValue>> Evaluator::call_function(const Node& node,
                                                               Arguments& arguments) {
  const Node& callee = node.children.front();
  const std::string_view module = module_of(callee);
  const std::vector<int> inputs = steps_in(arguments);
  if (auto begun = begin_operation(node, node.bare_begin); !begun)
    co_return tl::unexpected(begun.error());
  if (const RowsTaken taken = rows_taken(module, callee.text, arguments);
      taken != RowsTaken::none) {
    auto taking = rows_of(node, arguments.positional.front(), taken == RowsTaken::shown);
    Evaluated<ChainValue> rows = co_await taking;
    if (!rows) co_return tl::unexpected(rows.error());
    arguments.positional.front() = *std::move(rows);
  }
  auto called = call_python(executor_, module, callee.text, arguments);
  if (!called) co_return std::nullopt;
  if (!*called) co_return tl::unexpected(error(node, node.bare_begin, called->error()));
  const auto* tensor = std::get_if<TensorValue>(&**called);
  if (!tensor || tensor->step >= 0) co_return **std::move(called);
  // One step, be it the sum of many tensors or one row of many.
  auto recording =
      record(node, node.bare_begin, **std::move(called), inputs, OperationGroup::elementwise);
  Evaluated<ChainValue> recorded = co_await recording;
  if (!recorded) co_return tl::unexpected(recorded.error());
  co_return *std::move(recorded);
}

Evaluation<ChainValue> Evaluator::evaluate_owner(const Node& node) {
  auto evaluating = node.kind == NodeKind::call ? evaluate_call(node, false) : evaluate(node);
  co_return co_await evaluating;
}

Evaluation<ChainValue> Evaluator::select_named(const Node& node, const ListValue& list,
                                               CarriedOut call) {
  const auto found = std::ranges::find(list.names, node.text);
  if (found == list.names.end())
    co_return tl::unexpected(
        error(node, node.children.front().end,
              {TensorErrorKind::arguments,
               message("'{}' object has no attribute '{}'", type_name(list), node.text),
               "AttributeError"}));
  const ChainValue place = static_cast<std::int64_t>(found - list.names.begin());
  auto selecting = select_item(node, list, place, std::move(call));
  co_return co_await selecting;
}

Evaluation<ChainValue> Evaluator::select_item(const Node& node, const ListValue& list,
                                              const ChainValue& key, CarriedOut call) {
  const int begin = node.children.front().end;
  if (const auto* slice = std::get_if<SliceValue>(&key)) {
    Tried<ListValue> part = sliced(list, *slice);
    if (!part) co_return tl::unexpected(error(node, begin, part.error()));
    co_return ChainValue(*std::move(part));
  }
  const Tried<std::size_t> place = place_in(list, key);
  if (!place) co_return tl::unexpected(error(node, begin, place.error()));
  ChainValue item = list.items[*place];
  const auto* tensor = std::get_if<TensorValue>(&item);
  if (!tensor || tensor->step >= 0) co_return item;
  // A result that no step shows yet: the step is that of the call and its index together.
  const Node& callee = node.children.front().children.front();
  const int begin_of_call = call.method ? callee.children.front().end : node.bare_begin;
  auto recording =
      record(node, begin_of_call, std::move(item), steps_in(call.arguments), group_of(call.name));
  Evaluated<ChainValue> recorded = co_await recording;
  if (!recorded) co_return recorded;
  call.results = list.items;
  call.results[*place] = *recorded;
  note_sources(call);
  co_return recorded;
}

}  // namespace nanscope
