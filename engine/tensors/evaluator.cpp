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

// Expressions; the statements around them are in evaluator_statements.cpp.
namespace nanscope {
namespace {

constexpr int kMostSteps = 256;

/// The steps whose tensors a call takes.
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

}  // namespace

TensorError Evaluator::error(const Node& node, int operation_begin, const Failure& failure) const {
  return {.kind = failure.kind,
          .step = recorder_.step_count(),
          .expr = chain_.expression.substr(static_cast<std::size_t>(node.begin),
                                           static_cast<std::size_t>(node.end - node.begin)),
          .what = failure.what,
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
  StepText text{node.begin, node.end, operation_begin};
  const auto add = [&](TensorValue& tensor) {
    tensor.step = recorder_.add(text, tensor, inputs, group, spent);
    executor_.hold(recorder_.storage_bytes());
  };
  const auto* const list = std::get_if<ListValue>(&value);
  const auto count = list ? static_cast<int>(list->items.size()) : 1;
  if (recorder_.step_count() + count > kMostSteps)
    return tl::unexpected(error(
        node, operation_begin,
        {TensorErrorKind::too_large, message("The chain has more than {} steps.", kMostSteps)}));
  if (auto* tensor = std::get_if<TensorValue>(&value)) add(*tensor);
  if (auto* several = std::get_if<ListValue>(&value))
    for (std::size_t i = 0; i < several->items.size(); ++i) {
      text.suffix = fmt::format("[{}]", i);
      if (auto* tensor = std::get_if<TensorValue>(&several->items[i])) add(*tensor);
    }
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
  }
  co_return ChainValue(NoneValue{});
}

Evaluated<ChainValue> Evaluator::evaluate_name(const Node& node) {
  if (const auto variable = variables_.find(node.text); variable != variables_.end())
    return variable->second;
  if (const auto dtype = to_dtype(node.text)) return ChainValue(*dtype);
  if (const auto number = constant(node.text)) return ChainValue(*number);
  return tl::unexpected(error(
      node, node.begin, {TensorErrorKind::syntax, message("There is no variable {}.", node.text)}));
}

Evaluation<ChainValue> Evaluator::evaluate_list(const Node& node) {
  ListValue list{{}, node.kind == NodeKind::tuple};
  for (const Node& child : node.children) {
    Evaluated<ChainValue> item = co_await evaluate(child);
    if (!item) co_return item;
    list.items.push_back(*std::move(item));
  }
  co_return ChainValue(std::move(list));
}

Evaluation<ChainValue> Evaluator::evaluate_slice(const Node& node) {
  std::vector<std::optional<std::int64_t>> parts;
  for (const Node& child : node.children) {
    Evaluated<ChainValue> part = co_await evaluate(child);
    if (!part) co_return part;
    if (!part->is_none() && !part->integer())
      co_return tl::unexpected(
          error(child, child.begin,
                {TensorErrorKind::arguments,
                 message("A slice takes whole numbers, not {}.", type_words(*part))}));
    parts.push_back(part->integer() ? std::optional(*part->integer()) : std::nullopt);
  }
  co_return ChainValue(SliceValue{parts[0], parts[1], parts[2]});
}

Evaluation<ChainValue> Evaluator::evaluate_attribute(const Node& node) {
  const Node& owner = node.children.front();
  if (!free_name(node).empty() && !is_variable(owner)) {
    Node name = node;
    name.kind = NodeKind::name;
    co_return evaluate_name(name);
  }
  Evaluated<ChainValue> value = co_await evaluate(owner);
  if (!value) co_return value;
  if (!value->tensor())
    co_return tl::unexpected(
        error(node, owner.end,
              {TensorErrorKind::arguments,
               message("'{}' object has no attribute '{}'", type_words(*value), node.text)}));
  const Arguments arguments{{*value}};
  co_return co_await call(node, owner.end, node.text, arguments, true, true);
}

Evaluation<Arguments> Evaluator::evaluate_arguments(const Node& node, Arguments arguments) {
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    Evaluated<ChainValue> value = co_await evaluate(node.children[i]);
    if (!value) co_return tl::unexpected(value.error());
    const std::string& keyword = node.keywords[i - 1];
    if (keyword.empty())
      arguments.positional.push_back(*std::move(value));
    else
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
  int operation_begin = node.begin;
  if (method) {
    const Node& owner = callee.children.front();
    Evaluated<ChainValue> value = co_await evaluate(owner);
    if (!value) co_return value;
    if (!value->tensor())
      co_return tl::unexpected(
          error(node, owner.end,
                {TensorErrorKind::arguments,
                 message("'{}' object has no attribute '{}'", type_words(*value), callee.text)}));
    given.positional.push_back(*std::move(value));
    operation_begin = owner.end;
  }
  const Evaluated<Arguments> arguments = co_await evaluate_arguments(node, std::move(given));
  if (!arguments) co_return tl::unexpected(arguments.error());
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
      tensor->step = recorder_.end_write({node.begin, node.end, operation_begin}, *tensor,
                                         std::move(inputs), executor_.take_spent());
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
  Evaluated<ChainValue> result =
      co_await record(node, operation_begin, std::move(called->value), std::move(inputs), group);
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
  auto evaluating =
      owner_node.kind == NodeKind::call ? evaluate_call(owner_node, false) : evaluate(owner_node);
  Evaluated<ChainValue> owner = co_await evaluating;
  if (!owner) co_return owner;
  CarriedOut unshown = std::exchange(unshown_, {});
  Evaluated<ChainValue> key = co_await evaluate(node.children[1]);
  if (!key) co_return key;
  if (const auto* list = std::get_if<ListValue>(&*owner))
    co_return co_await select_item(node, *list, *key, std::move(unshown));
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
  Evaluated<ChainValue> recorded =
      co_await record(node, owner_node.end, TensorValue{*std::move(result), -1, names},
                      steps_in(operands), OperationGroup::movement);
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

Evaluation<ChainValue> Evaluator::select_item(const Node& node, const ListValue& list,
                                              const ChainValue& key, CarriedOut call) {
  const int begin = node.children.front().end;
  if (!key.integer())
    co_return tl::unexpected(
        error(node, begin,
              {TensorErrorKind::arguments,
               message("tuple indices must be integers, not {}", type_words(key))}));
  const auto count = static_cast<std::int64_t>(list.items.size());
  const std::int64_t place = *key.integer() + (*key.integer() < 0 ? count : 0);
  if (place < 0 || place >= count)
    co_return tl::unexpected(
        error(node, begin, {TensorErrorKind::libtorch, message("tuple index out of range")}));
  ChainValue item = list.items[static_cast<std::size_t>(place)];
  const auto* tensor = std::get_if<TensorValue>(&item);
  if (!tensor || tensor->step >= 0) co_return item;
  // A result that no step shows yet: the step is that of the call and its index together.
  const Node& callee = node.children.front().children.front();
  Evaluated<ChainValue> recorded =
      co_await record(node, call.method ? callee.children.front().end : node.begin, std::move(item),
                      steps_in(call.arguments), group_of(call.name));
  if (!recorded) co_return recorded;
  call.results = list.items;
  call.results[static_cast<std::size_t>(place)] = *recorded;
  note_sources(call);
  co_return recorded;
}

int Evaluator::operator_begin(const Node& node) const {
  const auto end = static_cast<std::size_t>(node.children.front().end);
  return static_cast<int>(chain_.expression.find_first_not_of(" \t\r\n", end));
}

Evaluation<ChainValue> Evaluator::evaluate_binary(const Node& node) {
  Evaluated<ChainValue> left = co_await evaluate(node.children[0]);
  if (!left) co_return left;
  Evaluated<ChainValue> right = co_await evaluate(node.children[1]);
  if (!right) co_return right;
  co_return co_await combine(node, operator_begin(node), node.text, *left, *right);
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
  Evaluated<ChainValue> recorded = co_await record(
      node, operation_begin, *std::move(result), steps_in(arguments), OperationGroup::elementwise);
  if (recorded) note_sources({name, arguments, true, {*recorded}});
  co_return recorded;
}

Evaluation<ChainValue> Evaluator::evaluate_unary(const Node& node) {
  Evaluated<ChainValue> operand = co_await evaluate(node.children.front());
  if (!operand) co_return operand;
  if (auto begun = begin_operation(node, node.begin); !begun)
    co_return tl::unexpected(begun.error());
  Tried<ChainValue> result = unary(executor_, node.text, *operand);
  if (!result) co_return tl::unexpected(error(node, node.begin, result.error()));
  if (!result->tensor()) co_return *result;
  std::get<TensorValue>(*result).names = std::get<TensorValue>(*operand).names;
  const Arguments arguments{{*operand}};
  Evaluated<ChainValue> recorded = co_await record(
      node, node.begin, *std::move(result), steps_in(arguments), OperationGroup::elementwise);
  if (recorded) note_sources({"neg", arguments, true, {*recorded}});
  co_return recorded;
}

}  // namespace nanscope
