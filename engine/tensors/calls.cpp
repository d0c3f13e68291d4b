#include "engine/tensors/calls.h"

#include <ATen/Functions.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/tensor_language/operations.h"
#include "engine/tensors/dtype.h"
#include "engine/tensors/einops.h"
#include "engine/tensors/indexing.h"

namespace nanscope {
namespace {

Tried<Called> called(Tried<ChainValue> value) {
  if (!value) return tl::unexpected(value.error());
  return Called{*std::move(value)};
}

Tried<Called> called(Tried<at::Tensor> tensor) {
  if (!tensor) return tl::unexpected(tensor.error());
  return Called{TensorValue{*std::move(tensor)}};
}

ChainValue tuple_of(at::IntArrayRef numbers) {
  ListValue list{{}, true};
  for (const std::int64_t number : numbers) list.items.emplace_back(number);
  return list;
}

/// One of `numbers`, counted from the end where `dim` is negative.
Tried<ChainValue> at_dimension(at::IntArrayRef numbers, std::int64_t dim) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  if (dim < -count || dim >= count)
    return failure(TensorErrorKind::libtorch,
                   count == 0
                       ? message("Dimension specified as {} but tensor has no dimensions", dim)
                       : message("Dimension out of range (expected to be in range of "
                                 "[{}, {}], but got {})",
                                 -count, count - 1, dim));
  return ChainValue(numbers[static_cast<std::size_t>(dim < 0 ? dim + count : dim)]);
}

Tried<ChainValue> item(const at::Tensor& tensor) {
  if (tensor.is_meta())
    return failure(TensorErrorKind::arguments,
                   message("item() needs the values, not only the shape"));
  if (tensor.numel() != 1)
    return failure(
        TensorErrorKind::libtorch,
        message("a Tensor with {} elements cannot be converted to Scalar", tensor.numel()));
  const at::Scalar scalar = tensor.item();
  if (scalar.isBoolean()) return ChainValue(scalar.toBool());
  if (scalar.isIntegral(false)) return ChainValue(scalar.toLong());
  return ChainValue(scalar.toDouble());
}

/// x.shape, x.size(0), x.is_contiguous(): plain values.
Tried<ChainValue> fact(const std::string& name, const Arguments& arguments) {
  const at::Tensor& tensor = *arguments.positional.front().tensor();
  const ChainValue* dim = arguments.positional.size() > 1 ? &arguments.positional[1]
                          : !arguments.named.empty()      ? &arguments.named.front().second
                                                          : nullptr;
  const bool takes_dim = name == "size" || name == "stride";
  if (dim &&
      (!takes_dim || !dim->integer() || arguments.positional.size() + arguments.named.size() > 2))
    return failure(
        TensorErrorKind::arguments,
        message("{}() takes {}", name,
                takes_dim ? message("one whole number, the dimension") : message("no arguments")));
  if (name == "size" || name == "shape")
    return dim ? at_dimension(tensor.sizes(), *dim->integer()) : tuple_of(tensor.sizes());
  if (name == "stride")
    return dim ? at_dimension(tensor.strides(), *dim->integer()) : tuple_of(tensor.strides());
  if (name == "dtype") return ChainValue(tensor.scalar_type());
  if (name == "storage_offset") return ChainValue(tensor.storage_offset());
  if (name == "numel") return ChainValue(tensor.numel());
  if (name == "is_contiguous") return ChainValue(tensor.is_contiguous());
  if (name == "element_size") return ChainValue(static_cast<std::int64_t>(tensor.element_size()));
  if (name == "item") return item(tensor);
  return ChainValue(tensor.dim());  // ndim, dim()
}

Tried<Called> new_tensor(Executor& executor, const Arguments& arguments) {
  std::optional<at::ScalarType> dtype;
  for (const auto& [name, value] : arguments.named) {
    const auto* type = std::get_if<at::ScalarType>(&value);
    if (name != "dtype" || !type)
      return failure(TensorErrorKind::arguments,
                     message("tensor() takes dtype=..., not {}={}", name, to_text(value)));
    dtype = *type;
  }
  if (arguments.positional.size() != 1)
    return failure(
        TensorErrorKind::arguments,
        message("tensor() takes one argument: numbers in lists, tensor([[1, 2], [3, 4]])"));
  return called(make_tensor(executor, arguments.positional.front(), dtype));
}

/// x.half() and its kind: the dtype behind the name.
std::optional<at::ScalarType> conversion(const std::string& name) {
  constexpr auto kConversions = std::to_array<std::string_view>(
      {"bool", "int", "long", "half", "bfloat16", "float", "double"});
  if (std::ranges::find(kConversions, name) == kConversions.end()) return std::nullopt;
  return to_dtype(name);
}

/// What LibTorch calls an operation that Python has another name for.
std::string libtorch_name(const std::string& name) {
  if (name == "T") return "numpy_T";
  if (name == "H") return "matrix_H";
  if (name == "type") return "to";
  return name;
}

bool is_empty_list(const ChainValue& value) {
  const auto* list = std::get_if<ListValue>(&value);
  return list && list->items.empty();
}

}  // namespace

Tried<Called> call_operation(Executor& executor, const std::string& name,
                             const Arguments& arguments, bool method) {
  const TensorOperation* operation = find_operation(name);
  if (operation && operation->group == OperationGroup::fact) return called(fact(name, arguments));
  if (name == "tensor") return new_tensor(executor, arguments);
  if (is_einops(name, arguments, method)) return call_einops(executor, name, arguments);
  if (name == "einsum") return torch_einsum(executor, arguments);
  if (method)
    if (const auto type = conversion(name); type && arguments.positional.size() == 1)
      return called(executor.call("to", {{arguments.positional.front(), *type}}, true));
  // Whether its indices are within the tensor is not known without them.
  if (name == "gather" && !executor.computes())
    return failure(TensorErrorKind::arguments,
                   message("gather() needs the values, not only the shape"));
  // x.where(condition, other): LibTorch has the condition first.
  if (method && name == "where" && arguments.positional.size() == 3)
    return called(executor.call(
        name, {{arguments.positional[1], arguments.positional[0], arguments.positional[2]}}));
  // Python refuses this before LibTorch sees it.
  if (name == "unflatten" && arguments.positional.size() == 3 &&
      is_empty_list(arguments.positional[2]))
    return failure(TensorErrorKind::libtorch, message("unflatten: sizes must be non-empty"));
  return called(executor.call(libtorch_name(name), arguments, method));
}

}  // namespace nanscope
