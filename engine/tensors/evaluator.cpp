#include "engine/tensors/evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/tensor_language/check_names.h"
#include "engine/tensors/arithmetic.h"
#include "engine/tensors/calls.h"
#include "engine/tensors/dtype.h"
#include "engine/tensors/indexing.h"
#include "engine/tensors/moved.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/python_calls.h"
#include "engine/tensors/type_limits.h"

// Expressions of tensors; those of plain values are in evaluator_values.cpp, the statements around
// both in evaluator_statements.cpp.
namespace nanscope {
namespace {

/// Operations of a chain; one with several results is one, though each is a step.
constexpr int kMostOperations = 256;
constexpr int kMostSteps = 1024;

}  // namespace

TensorError Evaluator::error(const Node& node, int operation_begin, const Failure& failure) const {
  return {.kind = failure.kind,
          .step = recorder_.step_count(),
          .expr = chain_.expression.substr(static_cast<std::size_t>(node.begin),
                                           static_cast<std::size_t>(node.end - node.begin)),
          .what = failure.what,
          .exception = std::string(failure.exception),
          .begin = operation_begin,
          .end = node.end,
          .repairs = {}};
}

bool Evaluator::is_variable(const Node& node) const {
  return node.kind == NodeKind::name && variables_.contains(node.text);
}

Evaluated<bool> Evaluator::begin_operation(const Node& node, int begin) {
  if (stop_.stop_requested())
    return tl::unexpected(error(node, begin, {TensorErrorKind::libtorch, message("stopped")}));
  operation_begin_ = begin;
  operation_end_ = node.end;
  return true;
}

std::string Evaluator::operation() const {
  return chain_.expression.substr(static_cast<std::size_t>(operation_begin_),
                                  static_cast<std::size_t>(operation_end_ - operation_begin_));
}

Evaluation<ChainValue> Evaluator::record(const Node& node, int operation_begin, ChainValue value,
                                         std::vector<int> inputs, OperationGroup group) {
  co_await pause_;  // after the operation, before a look at its elements
  Evaluated<ChainValue> result = add_steps(node, operation_begin, std::move(value), inputs, group);
  co_await pause_;
  co_return result;
}

Evaluated<ChainValue> Evaluator::add_steps(const Node& node, int operation_begin, ChainValue value,
                                           const std::vector<int>& inputs, OperationGroup group) {
  const Executor::Spent spent = executor_.take_spent();
  StepText text = text_of(node, operation_begin);
  const auto add = [&](TensorValue& tensor) {
    tensor.step = recorder_.add(text, tensor, inputs, group, spent);
    executor_.hold(recorder_.storage_bytes());
  };
  int count = 0;
  each_tensor(value, [&](const TensorValue&) { ++count; });
  const auto too_long = [&](int most) {
    return tl::unexpected(error(
        node, operation_begin,
        {TensorErrorKind::too_large,
         count > 1
             ? message("The chain has more than {} steps; this makes {} at once.", most, count)
             : message("The chain has more than {} steps.", most)}));
  };
  if (count > 0 && ++operations_ > kMostOperations) return too_long(kMostOperations);
  if (recorder_.step_count() + count > kMostSteps) return too_long(kMostSteps);
  // Of lists within lists, too: x[0][1].
  const auto add_all = [&](auto& self, ChainValue& each, const std::string& suffix) -> void {
    text.suffix = suffix;
    if (auto* tensor = std::get_if<TensorValue>(&each)) add(*tensor);
    if (auto* several = std::get_if<ListValue>(&each))
      for (std::size_t i = 0; i < several->items.size(); ++i)
        self(self, several->items[i],
             suffix + (several->names.empty() ? fmt::format("[{}]", i) : "." + several->names[i]));
  };
  add_all(add_all, value, "");
  return value;
}

Evaluation<ChainValue> Evaluator::evaluate(const Node& node) {
  switch (node.kind) {
    case NodeKind::none:
      co_return ChainValue(NoneValue{});
    case NodeKind::boolean:
      co_return ChainValue(node.integer != 0);
    case NodeKind::integer:
      co_return ChainValue(node.integer);
    case NodeKind::large:
      co_return from_number(PythonNumber(mpz_class(node.text)));
    case NodeKind::number:
      co_return ChainValue(node.number);
    case NodeKind::text:
      co_return ChainValue(node.text);
    case NodeKind::ellipsis:
      co_return ChainValue(EllipsisValue{});
    case NodeKind::name:
      co_return evaluate_name(node);
    case NodeKind::list:
    case NodeKind::tuple:
      co_return co_await evaluate_list(node);
    case NodeKind::slice:
      co_return co_await evaluate_slice(node);
    case NodeKind::attribute:
      co_return co_await evaluate_attribute(node);
    case NodeKind::call:
      co_return co_await evaluate_call(node);
    case NodeKind::index:
      co_return co_await evaluate_index(node);
    case NodeKind::unary:
      co_return co_await evaluate_unary(node);
    case NodeKind::binary:
      co_return co_await evaluate_binary(node);
    case NodeKind::logical:
      co_return co_await evaluate_logical(node);
    case NodeKind::comparison:
      co_return co_await evaluate_comparison(node);
    case NodeKind::conditional:
      co_return co_await evaluate_conditional(node);
    case NodeKind::starred:
      co_return co_await evaluate(node.children.front());
  }
  co_return ChainValue(NoneValue{});
}

Evaluated<ChainValue> Evaluator::evaluate_name(const Node& node) {
  const bool alone = node.kind == NodeKind::name;
  if (const auto variable = variables_.find(node.text); alone && variable != variables_.end())
    return variable->second;
  // Alone, these are types of Python's, which PyTorch takes for the widest of their kind.
  if (alone && node.text == "float") return ChainValue(at::kDouble);
  if (alone && node.text == "int") return ChainValue(at::kLong);
  if (const auto dtype = to_dtype(node.text)) return ChainValue(*dtype);
  if (const auto format = to_memory_format(node.text)) return ChainValue(*format);
  if (const auto number = constant(node)) return ChainValue(*number);
  return tl::unexpected(error(
      node, node.begin, {TensorErrorKind::syntax, message("There is no variable {}.", node.text)}));
}

Evaluation<ChainValue> Evaluator::evaluate_list(const Node& node) {
  ListValue list{{}, node.kind == NodeKind::tuple};
  for (const Node& child : node.children) {
    const Evaluated<bool> added = co_await add_item(child, list.items);
    if (!added) co_return tl::unexpected(added.error());
  }
  if (items_in(list) > kLongestList)
    co_return tl::unexpected(error(node, node.begin, list_too_long().value()));
  co_return ChainValue(std::move(list));
}

Evaluation<ChainValue> Evaluator::evaluate_slice(const Node& node) {
  std::vector<std::optional<std::int64_t>> parts;
  for (const Node& child : node.children) {
    Evaluated<ChainValue> part = co_await evaluate(child);
    if (!part) co_return part;
    const auto place = to_index(*part);
    if (!part->is_none() && !place)
      co_return tl::unexpected(
          error(child, child.begin,
                {TensorErrorKind::arguments,
                 message("A slice takes whole numbers, not {}.", type_words(*part))}));
    parts.push_back(place);
  }
  co_return ChainValue(SliceValue{parts[0], parts[1], parts[2]});
}

Evaluation<ChainValue> Evaluator::evaluate_attribute(const Node& node) {
  const Node& owner = node.children.front();
  if (!free_name(node).empty() && !is_variable(owner)) co_return evaluate_name(node);
  Evaluated<ChainValue> value = co_await evaluate_owner(owner);
  if (!value) co_return value;
  CarriedOut unshown = std::exchange(unshown_, {});
  if (const auto* list = std::get_if<ListValue>(&*value)) {
    auto selecting = select_named(node, *list, std::move(unshown));
    co_return co_await selecting;
  }
  if (const auto* limits = std::get_if<LimitsValue>(&*value))
    co_return from_result(node, limit(*limits, node.text));
  if (!value->tensor() || is_result_name(node.text))
    co_return tl::unexpected(
        error(node, owner.end,
              {TensorErrorKind::arguments,
               message("'{}' object has no attribute '{}'", type_name(*value), node.text),
               "AttributeError"}));
  const Arguments arguments{{*value}};
  co_return co_await call(node, owner.end, node.text, arguments, true, true);
}

Evaluation<Arguments> Evaluator::evaluate_arguments(const Node& node, Arguments arguments) {
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    const std::string& keyword = node.keywords[i - 1];
    if (keyword.empty()) {
      const Evaluated<bool> added = co_await add_item(node.children[i], arguments.positional);
      if (!added) co_return tl::unexpected(added.error());
      continue;
    }
    if (names_key(node, i, is_variable(node.children[i]))) {
      arguments.named.emplace_back(keyword, FunctionValue{node.children[i].text});
      continue;
    }
    Evaluated<ChainValue> value = co_await evaluate(node.children[i]);
    if (!value) co_return tl::unexpected(value.error());
    arguments.named.emplace_back(keyword, *std::move(value));
  }
  co_return arguments;
}

Evaluation<ChainValue> Evaluator::evaluate_call(const Node& node, bool all_results) {
  const Node& callee = node.children.front();
  const bool method =
      free_name(callee).empty() ||
      is_variable(callee.kind == NodeKind::attribute ? callee.children.front() : callee);
  Arguments given;
  int operation_begin = node.bare_begin;
  if (method) {
    const Node& owner = callee.children.front();
    Evaluated<ChainValue> value = co_await evaluate(owner);
    if (!value) co_return value;
    if (const auto* list = std::get_if<ListValue>(&*value); list && callee.text == "numel")
      co_return from_result(node, *call_python(executor_, "math", "prod", {{*value}}));
    if (!value->tensor())
      co_return tl::unexpected(
          error(node, owner.end,
                {TensorErrorKind::arguments,
                 message("'{}' object has no attribute '{}'", type_name(*value), callee.text),
                 "AttributeError"}));
    given.positional.push_back(*std::move(value));
    operation_begin = owner.end;
  }
  auto evaluating = evaluate_arguments(node, std::move(given));
  Evaluated<Arguments> arguments = co_await evaluating;
  if (!arguments) co_return tl::unexpected(arguments.error());
  if (!method) {
    auto calling = call_function(node, *arguments);
    Evaluated<std::optional<ChainValue>> value = co_await calling;
    if (!value) co_return tl::unexpected(value.error());
    if (*value) co_return **std::move(value);
  }
  co_return co_await call(node, operation_begin, callee.text, *arguments, method, all_results);
}

Evaluation<ChainValue> Evaluator::call(const Node& node, int operation_begin,
                                       const std::string& name, const Arguments& arguments,
                                       bool method, bool all_results) {
  const OperationGroup group = group_of(name);
  const bool writes = group == OperationGroup::writing;
  if (auto begun = begin_operation(node, operation_begin); !begun)
    co_return tl::unexpected(begun.error());
  if (writes) recorder_.begin_write(*arguments.positional.front().tensor());
  Tried<Called> called = call_operation(executor_, name, arguments, method);
  if (!called) co_return tl::unexpected(error(node, operation_begin, called.error()));
  std::vector<int> inputs = steps_in(arguments);
  if (auto* tensor = std::get_if<TensorValue>(&called->value)) {
    tensor->names = called->dimension_names.empty()
                        ? names_after_call(executor_, name, arguments, method, tensor->tensor)
                        : called->dimension_names;
    if (writes) {
      co_await pause_;
      tensor->step = recorder_.end_write(text_of(node, operation_begin), *tensor, std::move(inputs),
                                         executor_.take_spent());
      co_return called->value;
    }
  }
  CarriedOut done{name, arguments, method};
  if (auto* list = std::get_if<ListValue>(&called->value)) {
    for (ChainValue& item : list->items)
      if (auto* tensor = std::get_if<TensorValue>(&item))
        tensor->names = names_after_call(executor_, name, arguments, method, tensor->tensor);
    if (!all_results) {
      unshown_ = std::move(done);
      co_return called->value;
    }
  }
  auto recording =
      record(node, operation_begin, std::move(called->value), std::move(inputs), group);
  Evaluated<ChainValue> result = co_await recording;
  if (!result) co_return result;
  const auto* list = std::get_if<ListValue>(&*result);
  done.results = list ? list->items : std::vector<ChainValue>{*result};
  note_sources(done, called->sources);
  co_return result;
}

void Evaluator::note_sources(const TensorValue& tensor,
                             const std::function<ElementSources()>& find) {
  if (recorder_.with_cells() && recorder_.made_elements(tensor.step))
    chain_.steps[static_cast<std::size_t>(tensor.step)].sources = find();
}

void Evaluator::note_sources(const CarriedOut& call, const ElementSources& known) {
  for (std::size_t i = 0; i < call.results.size(); ++i) {
    const auto* tensor = std::get_if<TensorValue>(&call.results[i]);
    if (!tensor || tensor->step < 0) continue;
    const CellWindow& window = chain_.steps[static_cast<std::size_t>(tensor->step)].cells;
    note_sources(*tensor, [&] {
      return known.operands.empty() ? sources_of_call(executor_, call, i, window) : known;
    });
  }
}

Evaluation<ChainValue> Evaluator::evaluate_index(const Node& node) {
  const Node& owner_node = node.children.front();
  // Of x.chunk(2)[0] only the part that is taken becomes a step.
  const bool part_of_list = node.children[1].kind == NodeKind::slice;
  auto evaluating = part_of_list ? evaluate(owner_node) : evaluate_owner(owner_node);
  Evaluated<ChainValue> owner = co_await evaluating;
  if (!owner) co_return owner;
  CarriedOut unshown = std::exchange(unshown_, {});
  Evaluated<ChainValue> key = co_await evaluate(node.children[1]);
  if (!key) co_return key;
  if (const auto* list = std::get_if<ListValue>(&*owner)) {
    auto selecting = select_item(node, *list, *key, std::move(unshown));
    co_return co_await selecting;
  }
  if (std::holds_alternative<std::string>(*owner))
    co_return from_result(
        node, failure(TensorErrorKind::arguments, message("A text is not taken apart here.")));
  const auto* tensor = std::get_if<TensorValue>(&*owner);
  if (!tensor)
    co_return tl::unexpected(
        error(node, owner_node.end,
              {TensorErrorKind::arguments,
               message("'{}' object is not subscriptable", type_words(*owner))}));
  if (auto begun = begin_operation(node, owner_node.end); !begun)
    co_return tl::unexpected(begun.error());
  Tried<at::Tensor> result = index(executor_, tensor->tensor, *key);
  if (!result) co_return tl::unexpected(error(node, owner_node.end, result.error()));
  const DimensionNames names = names_after_index(*tensor, *key, *result);
  const std::vector<ChainValue> operands{*owner, *key};
  auto recording = record(node, owner_node.end, TensorValue{*std::move(result), -1, names},
                          steps_in(operands), OperationGroup::movement);
  Evaluated<ChainValue> recorded = co_await recording;
  if (!recorded) co_return recorded;
  const auto& taken = std::get<TensorValue>(*recorded);
  note_sources(taken, [&] {
    return sources_of_move(executor_.overloads(), {tensor},
                           chain_.steps[static_cast<std::size_t>(taken.step)].cells,
                           [&](Executor& moving, const std::vector<ChainValue>& numbers) {
                             return index(moving, *numbers.front().tensor(), *key);
                           });
  });
  co_return recorded;
}

Evaluation<ChainValue> Evaluator::evaluate_binary(const Node& node) {
  Evaluated<ChainValue> left = co_await evaluate(node.children[0]);
  if (!left) co_return left;
  Evaluated<ChainValue> right = co_await evaluate(node.children[1]);
  if (!right) co_return right;
  co_return co_await combine(node, operator_behind(node.children[0].end), node.text, *left, *right);
}

Evaluation<ChainValue> Evaluator::combine(const Node& node, int operation_begin,
                                          const std::string& symbol, const ChainValue& left,
                                          const ChainValue& right) {
  if (auto begun = begin_operation(node, operation_begin); !begun)
    co_return tl::unexpected(begun.error());
  Tried<ChainValue> result = binary(executor_, symbol, left, right);
  if (!result) co_return tl::unexpected(error(node, operation_begin, result.error()));
  if (!result->tensor()) co_return *result;
  const Arguments arguments{{left, right}};
  auto& tensor = std::get<TensorValue>(*result);
  const std::string name = symbol == "@" ? "matmul" : "add";
  tensor.names = names_after_call(executor_, name, arguments, true, tensor.tensor);
  auto recording = record(node, operation_begin, *std::move(result), steps_in(arguments),
                          OperationGroup::elementwise);
  Evaluated<ChainValue> recorded = co_await recording;
  if (recorded) note_sources({name, arguments, true, {*recorded}});
  co_return recorded;
}

Evaluation<ChainValue> Evaluator::evaluate_unary(const Node& node) {
  Evaluated<ChainValue> operand = co_await evaluate(node.children.front());
  if (!operand) co_return operand;
  if (auto begun = begin_operation(node, node.bare_begin); !begun)
    co_return tl::unexpected(begun.error());
  Tried<ChainValue> result = unary(executor_, node.text, *operand);
  if (!result) co_return tl::unexpected(error(node, node.bare_begin, result.error()));
  if (!result->tensor()) co_return *result;
  std::get<TensorValue>(*result).names = std::get<TensorValue>(*operand).names;
  const Arguments arguments{{*operand}};
  auto recording = record(node, node.bare_begin, *std::move(result), steps_in(arguments),
                          OperationGroup::elementwise);
  Evaluated<ChainValue> recorded = co_await recording;
  if (recorded) note_sources({"neg", arguments, true, {*recorded}});
  co_return recorded;
}

}  // namespace nanscope
