#include "engine/tensors/call_sources.h"

#include <ATen/Functions.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/tensor_language/operations.h"
#include "engine/tensors/dimension_names.h"
#include "engine/tensors/moved.h"
#include "engine/tensors/sources.h"

namespace nanscope {
namespace {

/// Letters of x @ y by their numbers of dimensions.
std::string matmul_equation(std::size_t left, std::size_t right) {
  const std::string rows = left > 1 ? "n" : "", columns = right > 1 ? "m" : "";
  return fmt::format("{}k,{}k{}->...{}{}", left > 1 ? "...n" : "", right > 1 ? "..." : "", columns,
                     rows, columns);
}

std::string product_equation(std::string_view name,
                             const std::vector<const TensorValue*>& tensors) {
  if (name == "matmul")
    return matmul_equation(dims_of(tensors[0]->tensor), dims_of(tensors[1]->tensor));
  constexpr auto kEquations =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"mm", "nk,km->nm"},
                                                                    {"bmm", "bnk,bkm->bnm"},
                                                                    {"mv", "nk,k->n"},
                                                                    {"dot", "k,k->"},
                                                                    {"outer", "n,m->nm"}});
  for (const auto& [operation, equation] : kEquations)
    if (operation == name) return std::string(equation);
  return "";
}

/// Operations of which every element is its inputs' at the same place.
bool keeps_places(const TensorOperation& operation) {
  constexpr auto kKeeping = std::to_array<std::string_view>(
      {"contiguous", "clone", "to", "type", "bool", "int", "long", "short", "half", "bfloat16",
       "float", "double", "byte", "char", "type_as", "masked_fill", "where"});
  return std::ranges::find(kKeeping, operation.name) != kKeeping.end() ||
         operation.group == OperationGroup::elementwise;
}

/// How much of a row an element of it depends on.
enum class Row { whole, until };

ElementSources sources_along(const TensorValue& tensor, std::int64_t dim, Row row) {
  const std::size_t dims = dims_of(tensor.tensor);
  const AxisGroups result = axes_from_last(dims);
  if (dims == 0) return make_sources({{&tensor, {}}}, {}, {});
  const auto place = static_cast<std::size_t>(dim < 0 ? dim + tensor.tensor.dim() : dim);
  AxisGroups input = result;
  AxisLengths lengths{{"along", tensor.tensor.size(dim)}};
  for (std::size_t d = 0; d < dims; ++d)
    lengths.emplace_back(result[d].front(), tensor.tensor.size(static_cast<std::int64_t>(d)));
  input[place] = {"along"};
  ElementSources sources = make_sources({{&tensor, input}}, result, lengths);
  if (row == Row::until && !sources.operands.empty())
    sources.until = {sources.operands[0].axes[place].front(), sources.result[place].front()};
  return sources;
}

std::int64_t dimension_argument(const CarriedOut& call, std::size_t position,
                                std::int64_t otherwise) {
  const std::vector<ChainValue>& positional = call.arguments.positional;
  if (position < positional.size() && positional[position].integer())
    return *positional[position].integer();
  for (const auto& [name, value] : call.arguments.named)
    if ((name == "dim" || name == "axis") && value.integer()) return *value.integer();
  return otherwise;
}

/// sort(dim), topk(k, dim): values are moved, and which depends on the whole row.
ElementSources sources_of_sort(Executor& executor, const CarriedOut& call,
                               const TensorValue& tensor, std::size_t result,
                               const CellWindow& window) {
  const std::int64_t dim = dimension_argument(call, call.name == "topk" ? 2 : 1, -1);
  if (result > 0 || call.name == "argsort") return sources_along(tensor, dim, Row::whole);
  const at::Tensor indices = *call.results.back().tensor();
  return sources_of_move(
      executor.overloads(), {&tensor}, window,
      [&](Executor& moving, const std::vector<ChainValue>& numbers) -> Tried<at::Tensor> {
        return moving.apply({*numbers.front().tensor(), indices},
                            [&](auto tensors) { return at::gather(tensors[0], dim, tensors[1]); });
      });
}

/// a kron b: an index of the result is one of a's and one of b's, the latter faster.
ElementSources sources_of_kron(const TensorValue& left, const TensorValue& right) {
  const std::size_t dims = std::max(dims_of(left.tensor), dims_of(right.tensor));
  AxisGroups result(dims);
  AxisLengths lengths;
  std::vector<NamedOperand> operands;
  for (const TensorValue* operand : {&left, &right}) {
    const std::size_t own = dims_of(operand->tensor);
    operands.push_back({operand, {}});
    for (std::size_t d = 0; d < own; ++d) {
      const std::string axis = fmt::format("{} {}", operands.size(), d);
      lengths.emplace_back(axis, operand->tensor.size(static_cast<std::int64_t>(d)));
      operands.back().axes.push_back({axis});
      result[dims - own + d].push_back(axis);
    }
  }
  ElementSources sources = make_sources(operands, result, lengths);
  sources.products = sources.operands.size() == 2;
  return sources;
}

ElementSources sources_of_product(std::string_view name,
                                  const std::vector<const TensorValue*>& tensors) {
  if (name == "kron") return sources_of_kron(*tensors[0], *tensors[1]);
  if (name == "addmm") {
    // What is added may have fewer dimensions, and is broadcast.
    const std::string added = std::string("nm").substr(2 - dims_of(tensors[0]->tensor));
    ElementSources sources = sources_of_equation(added + ",nk,km->nm", tensors);
    sources.products = false;
    return sources;
  }
  return sources_of_equation(product_equation(name, tensors), tensors);
}

/// Every operand at the result's own place, broadcast.
ElementSources sources_at_place(const std::vector<const TensorValue*>& tensors,
                                const at::Tensor& result) {
  std::string equation;
  for (std::size_t i = 0; i < tensors.size(); ++i) equation += i == 0 ? "..." : ",...";
  ElementSources sources = sources_of_equation(equation + "->...", tensors);
  sources.products = false;
  return sources.result.size() == dims_of(result) ? sources : ElementSources();
}

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

/// Which elements there are depends on all of the input.
ElementSources sources_of_all(const TensorValue& tensor, const at::Tensor& result) {
  const AxisGroups input = axes_from_last(dims_of(tensor.tensor));
  AxisLengths lengths;
  for (std::size_t d = 0; d < input.size(); ++d)
    lengths.emplace_back(input[d].front(), tensor.tensor.size(static_cast<std::int64_t>(d)));
  return make_sources({{&tensor, input}}, AxisGroups(dims_of(result)), lengths);
}

ElementSources sources_of_reduction(Executor& executor, const CarriedOut& call,
                                    const TensorValue& tensor) {
  if (call.name == "trace")
    return make_sources({{&tensor, {{"i"}, {"i"}}}}, {},
                        {{"i", std::min(tensor.tensor.size(0), tensor.tensor.size(1))}});
  const auto from = follow_dimensions(executor, call.name, call.arguments, call.method);
  if (!from) return {};
  const AxisGroups input = axes_from_last(dims_of(tensor.tensor));
  AxisLengths lengths;
  for (std::size_t d = 0; d < input.size(); ++d)
    lengths.emplace_back(input[d].front(), tensor.tensor.size(static_cast<std::int64_t>(d)));
  AxisGroups result;
  for (const int d : *from)
    result.push_back(d < 0 ? std::vector<std::string>() : input[static_cast<std::size_t>(d)]);
  return make_sources({{&tensor, input}}, result, lengths);
}

}  // namespace

ElementSources sources_of_call(Executor& executor, const CarriedOut& call, std::size_t result,
                               const CellWindow& window) {
  std::vector<const TensorValue*> tensors;
  for (const ChainValue& argument : call.arguments.positional)
    each_tensor(argument, [&](const TensorValue& tensor) { tensors.push_back(&tensor); });
  for (const auto& [name, argument] : call.arguments.named)
    each_tensor(argument, [&](const TensorValue& tensor) { tensors.push_back(&tensor); });
  const TensorOperation* operation = find_operation(call.name);
  if (!operation || tensors.empty() || call.arguments.positional.empty()) return {};
  const TensorValue& first = *tensors.front();
  if (call.name == "type_as") tensors.resize(1);  // of the other only the dtype counts
  if (call.name == "softmax" || call.name == "log_softmax")
    return sources_along(first, dimension_argument(call, 1, -1), Row::whole);
  if (is_any_of(call.name, {"unique", "unique_consecutive", "nonzero", "argwhere"}))
    return sources_of_all(first, *call.results[result].tensor());
  if (call.name == "diff")  // at least two of its row
    return tensors.size() > 1 ? ElementSources()
                              : sources_along(first, dimension_argument(call, 2, -1), Row::whole);
  if (is_any_of(call.name, {"cumsum", "cumprod", "cummax", "cummin"}))
    return sources_along(first, dimension_argument(call, 1, -1), Row::until);
  if (call.name == "sort" || call.name == "topk" || call.name == "argsort")
    return sources_of_sort(executor, call, first, result, window);
  const OperationGroup group = operation->group;
  if (group == OperationGroup::product) return sources_of_product(call.name, tensors);
  const bool two = tensors.size() > 1;  // max(x, y)
  if (group == OperationGroup::reduction && !two)
    return sources_of_reduction(executor, call, first);
  if (group == OperationGroup::reduction || keeps_places(*operation))
    return sources_at_place(tensors, *call.results[result].tensor());
  if (group == OperationGroup::view || group == OperationGroup::movement ||
      call.name == "rearrange")
    return sources_of_moving_call(executor.overloads(), call.name, call.arguments, call.method,
                                  window);
  return {};
}

}  // namespace nanscope
