#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/job/task.h"
#include "engine/tensor_language/syntax.h"
#include "engine/tensors/call_sources.h"
#include "engine/tensors/dimension_names.h"
#include "engine/tensors/executor.h"
#include "engine/tensors/recorder.h"

namespace nanscope {

template <class T>
using Evaluated = tl::expected<T, TensorError>;
/// One that may pause between two operations.
template <class T>
using Evaluation = Task<Evaluated<T>>;

/// The steps whose tensors a call takes.
std::vector<int> steps_in(const std::vector<ChainValue>& values);
std::vector<int> steps_in(const Arguments& arguments);
/// An operator is elementwise.
OperationGroup group_of(const std::string& operation);

/// Whether steps hold their elements, or only what they are.
enum class CellsWanted { yes, no };

/// Walks a program and carries out its operations in Python's order, a step each.
class Evaluator {
 public:
  /// `pause` says where it lets others have their turn; null: nowhere.
  Evaluator(Executor& executor, TensorChain& chain, const TensorRequest& request,
            std::stop_token stop, CellsWanted cells, Pause* pause = nullptr);

  /// Fills the chain up to the end or to the first error. False: it was stopped.
  Task<bool> steps(const Program& program);
  /// The same at once.
  bool run(const Program& program);
  /// The operation that is carried out at the moment, as it stands in the text.
  std::string operation() const;

 private:
  Evaluation<bool> run(const Statement& statement);
  /// The value as it is now: of a tensor that is not the last step's, and of tensors that were
  /// written since, a step again.
  Evaluation<ChainValue> shown_last(const Node& node, ChainValue value);
  Evaluation<bool> assign(const Statement& statement);
  Evaluation<bool> unpack(const Statement& statement, const ChainValue& value);
  Evaluated<bool> annotate(const Statement& statement, ChainValue& value);
  Evaluation<bool> write_cells(const Statement& statement);
  Evaluation<bool> change_in_place(const Statement& statement);
  /// `x += y` and `x *= y` of a list, and `x[0] = y`: seen through every name that it has.
  Evaluation<bool> change_list(const Statement& statement, ListValue list, const ChainValue& value);
  Evaluated<bool> set_item(const Statement& statement, ListValue list, const ChainValue& key,
                           const ChainValue& value);
  Evaluated<bool> replace_list(const Statement& statement, const ListValue& changed);
  /// x op y of `x[0] op= y`.
  Evaluated<ChainValue> updated(const Statement& statement, const TensorValue& owner,
                                const ChainValue& key, ChainValue value);

  Evaluation<ChainValue> evaluate(const Node& node);
  Evaluated<ChainValue> evaluate_name(const Node& node);
  Evaluation<ChainValue> evaluate_list(const Node& node);
  Evaluation<ChainValue> evaluate_slice(const Node& node);
  Evaluation<ChainValue> evaluate_attribute(const Node& node);
  /// With `all_results`, each of several results is a step; else they are left to the caller.
  Evaluation<ChainValue> evaluate_call(const Node& node, bool all_results = true);
  /// A function of Python's; nothing where the call is LibTorch's.
  Evaluation<std::optional<ChainValue>> call_function(const Node& node, Arguments& arguments);
  /// What a tensor is gone through along its first dimension, as *x and list(x) do.
  Evaluation<ChainValue> rows_of(const Node& node, ChainValue tensor, bool shown);
  Evaluation<ChainValue> evaluate_index(const Node& node);
  /// What stands before a dot or an index; the results of a call are no steps yet.
  Evaluation<ChainValue> evaluate_owner(const Node& node);
  Evaluation<ChainValue> evaluate_binary(const Node& node);
  Evaluation<ChainValue> evaluate_unary(const Node& node);
  Evaluation<ChainValue> evaluate_logical(const Node& node);
  Evaluation<ChainValue> evaluate_comparison(const Node& node);
  Evaluation<ChainValue> evaluate_conditional(const Node& node);
  Evaluated<bool> truth_of(const Node& node, const ChainValue& value) const;
  /// Adds the value of an item of a list or of an argument; of *x what x has.
  Evaluation<bool> add_item(const Node& node, std::vector<ChainValue>& items);
  Evaluation<Arguments> evaluate_arguments(const Node& node, Arguments arguments);
  /// An item of a list; `call` made the list if its results are no steps yet.
  Evaluation<ChainValue> select_item(const Node& node, const ListValue& list, const ChainValue& key,
                                     CarriedOut call);
  /// x.max(0).values
  Evaluation<ChainValue> select_named(const Node& node, const ListValue& list, CarriedOut call);

  Evaluation<ChainValue> call(const Node& node, int operation_begin, const std::string& name,
                              const Arguments& arguments, bool method, bool all_results);
  /// Makes a step of a tensor, or one of each in a list; the value then knows its step.
  Evaluation<ChainValue> record(const Node& node, int operation_begin, ChainValue value,
                                std::vector<int> inputs, OperationGroup group);
  Evaluated<ChainValue> add_steps(const Node& node, int operation_begin, ChainValue value,
                                  const std::vector<int>& inputs, OperationGroup group);

  /// Notes what the elements of a call's result, or of each of several, were computed from.
  void note_sources(const CarriedOut& call, const ElementSources& known = {});
  void note_sources(const TensorValue& tensor, const std::function<ElementSources()>& find);
  /// left op right, as a step.
  Evaluation<ChainValue> combine(const Node& node, int operation_begin, const std::string& symbol,
                                 const ChainValue& left, const ChainValue& right);

  bool is_variable(const Node& node) const;
  /// Before an operation: it is the one that is carried out. Not where somebody asked to stop.
  Evaluated<bool> begin_operation(const Node& node, int begin);
  /// Where the operator stands in the text that follows an operand's end.
  int operator_behind(int operand_end) const;
  /// Where a step stands whose operation begins there.
  StepText text_of(const Node& node, int operation_begin) const;
  TensorError error(const Node& node, int operation_begin, const Failure& failure) const;
  /// A plain value, or why the expression has none.
  Evaluated<ChainValue> from_result(const Node& node, Tried<ChainValue> result) const;

  Executor& executor_;
  TensorChain& chain_;
  ChainRecorder recorder_;
  std::stop_token stop_;
  Pause never_;
  Pause& pause_;
  int operation_begin_ = 0, operation_end_ = 0;  ///< in the text
  int operations_ = 0;                           ///< that made steps
  std::map<std::string, ChainValue, std::less<>> variables_;
  NamedLengths named_lengths_;
  CarriedOut unshown_;  ///< the latest call whose results are no steps yet
};

}  // namespace nanscope
