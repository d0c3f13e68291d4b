#include "engine/tensors/calls.h"

#include <ATen/Context.h>

#include <algorithm>
#include <array>

#include "engine/tensor_language/operations.h"
#include "engine/tensors/dtype.h"
#include "engine/tensors/einops.h"
#include "engine/tensors/facts.h"
#include "engine/tensors/new_tensor.h"
#include "engine/tensors/plain_values.h"
#include "engine/tensors/put_together.h"

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

bool names_cpu(const ChainValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text && *text == "cpu";
}

/// What PyTorch's functions take and a chain has no use for: the defaults.
Arguments without_defaults(Arguments arguments) {
  std::erase_if(arguments.named, [](const auto& named) {
    return (named.first == "requires_grad" && plain_equal(named.second, false)) ||
           (named.first == "dtype" && named.second.is_none());
  });
  return arguments;
}

/// As long as it lives, LibTorch fills memory that it would leave as it is.
class FilledMemory {
 public:
  FilledMemory() { at::globalContext().setDeterministicAlgorithms(true, true); }
  ~FilledMemory() { at::globalContext().setDeterministicAlgorithms(false, false); }
  FilledMemory(const FilledMemory&) = delete;
  FilledMemory& operator=(const FilledMemory&) = delete;
};

/// empty() and empty_like(): the same elements every time.
Tried<Called> call_empty(Executor& executor, const std::string& name, const Arguments& arguments) {
  const FilledMemory filled;
  Tried<ChainValue> value = executor.call(name, arguments);
  executor.note(
      message("Its elements are whatever the memory held; here LibTorch fills them, as after "
              "torch.use_deterministic_algorithms(True)."));
  return called(std::move(value));
}

Tried<Called> new_tensor(Executor& executor, const Arguments& arguments) {
  std::optional<at::ScalarType> dtype;
  for (const auto& [name, value] : arguments.named) {
    if (name == "device" && names_cpu(value)) continue;
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
      {"bool", "int", "long", "short", "half", "bfloat16", "float", "double"});
  if (name == "byte") return at::kByte;
  if (name == "char") return at::kChar;
  if (std::ranges::find(kConversions, name) == kConversions.end()) return std::nullopt;
  return to_dtype(name);
}

Tried<Called> convert_dtype(Executor& executor, const std::string& name, at::ScalarType type,
                            const Arguments& arguments) {
  if (arguments.positional.size() > 1)
    return failure(
        {"TypeError", message("{}() takes no arguments; other dtypes: to(float16)", name)});
  Arguments call{{arguments.positional.front(), type}, arguments.named};
  return called(executor.call("to", call, true));
}

/// x.to('cpu') and x.cpu(): the tensors of a chain are there.
Arguments without_cpu(Arguments arguments) {
  std::erase_if(arguments.positional, names_cpu);
  std::erase_if(arguments.named, [](const auto& named) {
    return named.first == "device" && names_cpu(named.second);
  });
  if (arguments.positional.size() == 1 && arguments.named.empty())
    arguments.positional.emplace_back(arguments.positional.front().tensor()->scalar_type());
  return arguments;
}

/// What LibTorch calls an operation that Python has another name for.
std::string libtorch_name(const std::string& name) {
  if (name == "T") return "numpy_T";
  if (name == "H") return "matrix_H";
  if (name == "type" || name == "cpu") return "to";
  return name;
}

bool is_empty_list(const ChainValue& value) {
  const auto* list = std::get_if<ListValue>(&value);
  return list && list->items.empty();
}

}  // namespace

Tried<Called> call_operation(Executor& executor, const std::string& name, const Arguments& given,
                             bool method) {
  const Arguments arguments = without_defaults(given);
  const TensorOperation* operation = find_operation(name);
  if (operation && operation->group == OperationGroup::fact) return called(fact(name, arguments));
  if (name == "tensor") return new_tensor(executor, arguments);
  if (name == "empty" || name == "empty_like") return call_empty(executor, name, arguments);
  if (is_einops(name, arguments, method)) return call_einops(executor, name, arguments);
  if (name == "einsum") return torch_einsum(executor, arguments);
  if (method)
    if (const auto type = conversion(name)) return convert_dtype(executor, name, *type, arguments);
  if (method && (name == "to" || name == "cpu"))
    return called(executor.call("to", without_cpu(arguments), true));
  if (name == "unique" || name == "unique_consecutive")
    return call_unique(executor, name, arguments);
  if (name == "nonzero") return call_nonzero(executor, arguments);
  if (name == "norm") return call_norm(executor, arguments);
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
