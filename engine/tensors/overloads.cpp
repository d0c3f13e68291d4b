#include "engine/tensors/overloads.h"

#include <ATen/ScalarOps.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nanscope {
namespace {

using c10::TypeKind;

/// Operations whose tensors may be numbers, from PyTorch's python_arg_parser.cpp
/// (should_allow_numbers_as_tensors).
constexpr auto kTakesNumbers = std::to_array<std::string_view>(
    {"add", "add_", "sub", "sub_", "mul", "mul_", "div", "div_", "floor_divide"});

bool makes_by_options(const c10::Argument& argument) {
  const TypeKind kind = argument.real_type()->kind();
  if (kind != TypeKind::OptionalType) return kind == TypeKind::GeneratorType;
  return argument.real_type()->castRaw<c10::OptionalType>()->getElementType()->kind() ==
         TypeKind::GeneratorType;
}

/// Leaves out what Python does not offer either, or what needs more than a chain can say: outputs
/// that are handed in, named dimensions of PyTorch's, generators.
bool usable(const c10::FunctionSchema& schema) {
  return std::ranges::none_of(schema.arguments(), [](const c10::Argument& argument) {
    const std::string type = argument.real_type()->str();
    return argument.is_out() || makes_by_options(argument) ||
           type.find("Dimname") != std::string::npos ||
           (argument.kwarg_only() && argument.alias_info() && argument.alias_info()->isWrite());
  });
}

std::optional<c10::IValue> convert(const ChainValue& value, const c10::TypePtr& type,
                                   std::optional<int> length, bool numbers_as_tensors);

std::optional<c10::IValue> convert_list(const ChainValue& value, const c10::TypePtr& element,
                                        std::optional<int> length) {
  const auto* list = std::get_if<ListValue>(&value);
  if (!list) {
    // `sum(1)` where the schema says int[1].
    if (!length || !value.integer()) return std::nullopt;
    return c10::IValue(c10::List<std::int64_t>(
        std::vector<std::int64_t>(static_cast<std::size_t>(*length), *value.integer())));
  }
  if (element->kind() == TypeKind::TensorType) {
    c10::List<at::Tensor> tensors;
    for (const ChainValue& item : list->items) {
      if (!item.tensor()) return std::nullopt;
      tensors.push_back(*item.tensor());
    }
    return c10::IValue(std::move(tensors));
  }
  if (element->kind() != TypeKind::IntType && element->kind() != TypeKind::SymIntType)
    return std::nullopt;
  c10::List<std::int64_t> integers;
  for (const ChainValue& item : list->items) {
    if (!item.integer()) return std::nullopt;
    integers.push_back(*item.integer());
  }
  return c10::IValue(std::move(integers));
}

/// Whether a number is one of LibTorch's: whole ones have 64 bits, with or without a sign.
bool fits_scalar(const ChainValue& value) {
  const auto* big = std::get_if<BigInteger>(&value);
  return value.is_number() && (!big || big->value.fits_ulong_p());
}

std::optional<c10::IValue> convert_tensor(const ChainValue& value, bool numbers_as_tensors) {
  if (value.tensor()) return c10::IValue(*value.tensor());
  if (!numbers_as_tensors || !fits_scalar(value)) return std::nullopt;
  at::Tensor number = c10::scalar_to_tensor(to_scalar(value));
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return c10::IValue(std::move(number));
}

/// The value as an argument of this type, or nothing if PyTorch would not take it for one.
std::optional<c10::IValue> convert(const ChainValue& value, const c10::TypePtr& type,
                                   std::optional<int> length, bool numbers_as_tensors) {
  switch (type->kind()) {
    case TypeKind::OptionalType:
      if (value.is_none()) return c10::IValue();
      return convert(value, type->castRaw<c10::OptionalType>()->getElementType(), length,
                     numbers_as_tensors);
    case TypeKind::TensorType:
      return convert_tensor(value, numbers_as_tensors);
    case TypeKind::ListType:
      return convert_list(value, type->castRaw<c10::ListType>()->getElementType(), length);
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      if (value.integer()) return c10::IValue(*value.integer());
      return std::nullopt;
    case TypeKind::FloatType:
      if (value.integer()) return c10::IValue(static_cast<double>(*value.integer()));
      if (const auto* number = std::get_if<double>(&value)) return c10::IValue(*number);
      return std::nullopt;
    case TypeKind::NumberType:
      if (fits_scalar(value)) return c10::IValue(to_scalar(value));
      return std::nullopt;
    case TypeKind::BoolType:
      if (const auto* flag = std::get_if<bool>(&value)) return c10::IValue(*flag);
      return std::nullopt;
    case TypeKind::StringType:
      if (const auto* text = std::get_if<std::string>(&value)) return c10::IValue(*text);
      return std::nullopt;
    case TypeKind::MemoryFormatType:
      if (const auto* format = std::get_if<at::MemoryFormat>(&value))
        return c10::IValue(static_cast<std::int64_t>(*format));
      return std::nullopt;
    case TypeKind::ScalarTypeType:
      if (const auto* dtype = std::get_if<at::ScalarType>(&value))
        return c10::IValue(static_cast<std::int64_t>(*dtype));
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

/// How many arguments can be given without a name, without a method's tensor.
std::size_t positional_count(const c10::FunctionSchema& schema, bool method) {
  const auto count = std::ranges::count_if(
      schema.arguments(), [](const c10::Argument& argument) { return !argument.kwarg_only(); });
  return static_cast<std::size_t>(count) - (method ? 1 : 0);
}

/// `x.view(2, 3)` is `x.view((2, 3))`: where the sizes are all that there is.
std::vector<ChainValue> gather_sizes(const c10::FunctionSchema& schema,
                                     const std::vector<ChainValue>& positional, bool method) {
  const std::size_t first = method ? 1 : 0;
  if (positional.size() <= first || positional_count(schema, method) != 1) return positional;
  const c10::TypePtr& type = schema.arguments()[first].real_type();
  if (type->kind() != TypeKind::ListType ||
      type->castRaw<c10::ListType>()->getElementType()->kind() == TypeKind::TensorType)
    return positional;
  for (std::size_t i = first; i < positional.size(); ++i)
    if (!positional[i].integer()) return positional;
  std::vector<ChainValue> gathered(positional.begin(),
                                   positional.begin() + static_cast<long>(first));
  gathered.emplace_back(
      ListValue{{positional.begin() + static_cast<long>(first), positional.end()}, true});
  return gathered;
}

/// Python's other names for arguments.
std::string_view schema_name(std::string_view python_name) {
  if (python_name == "input") return "self";
  if (python_name == "axis") return "dim";
  if (python_name == "keepdims") return "keepdim";
  if (python_name == "split_size_or_sections") return "split_size";
  return python_name;
}

const ChainValue* find_named(const Arguments& arguments, std::string_view name) {
  for (const auto& [given, value] : arguments.named)
    if (schema_name(given) == name) return &value;
  return nullptr;
}

bool all_names_known(const c10::FunctionSchema& schema, const Arguments& arguments) {
  return std::ranges::all_of(arguments.named, [&](const auto& named) {
    return schema.argumentIndexWithName(std::string(schema_name(named.first))).has_value();
  });
}

/// Chains are carried out where the executor says.
bool names_cpu_device(const ChainValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return value.is_none() || (text && *text == "cpu");
}

std::optional<torch::jit::Stack> try_bind(const c10::FunctionSchema& schema,
                                          const Arguments& arguments, bool method,
                                          bool numbers_as_tensors, c10::Device device) {
  const std::vector<ChainValue> positional = gather_sizes(schema, arguments.positional, method);
  if (positional.size() > positional_count(schema, false)) return std::nullopt;
  if (!all_names_known(schema, arguments)) return std::nullopt;
  torch::jit::Stack stack;
  for (std::size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    const ChainValue* named = find_named(arguments, argument.name());
    if (i < positional.size()) {
      if (named) return std::nullopt;
      named = &positional[i];
    }
    if (argument.name() == "device" && (!named || names_cpu_device(*named))) {
      stack.emplace_back(device.is_cpu() ? c10::IValue() : c10::IValue(device));
      continue;
    }
    if (!named && !argument.default_value()) return std::nullopt;
    const std::optional<c10::IValue> value =
        named ? convert(*named, argument.real_type(), argument.N(), numbers_as_tensors)
              : argument.default_value();
    if (!value) return std::nullopt;
    stack.push_back(*value);
  }
  return stack;
}

bool writes_first(const c10::FunctionSchema& schema) {
  if (schema.arguments().empty()) return false;
  const c10::AliasInfo* alias = schema.arguments().front().alias_info();
  return alias && alias->isWrite();
}

/// "(int dim0, int dim1)": what an overload takes besides its tensor, as Python would name it.
std::string signature(const c10::FunctionSchema& schema, bool method) {
  std::vector<std::string> parts;
  for (std::size_t i = method ? 1 : 0; i < schema.arguments().size(); ++i) {
    const c10::Argument& argument = schema.arguments()[i];
    if (argument.name() == "layout" || argument.name() == "pin_memory" ||
        argument.name() == "device" || argument.name() == "memory_format")
      continue;
    std::string type = argument.real_type()->str();
    if (type.starts_with("SymInt")) type = "int" + type.substr(6);
    const std::string name = argument.name() == "self" ? "input" : argument.name();
    parts.push_back(fmt::format("{} {}", type, name));
    if (argument.default_value() && !argument.default_value()->isNone()) parts.back() += "=...";
  }
  return fmt::format("({})", fmt::join(parts, ", "));
}

std::string given_words(const Arguments& arguments, bool method) {
  std::vector<std::string> words;
  for (std::size_t i = method ? 1 : 0; i < arguments.positional.size(); ++i)
    words.push_back(type_words(arguments.positional[i]));
  for (const auto& [name, value] : arguments.named)
    words.push_back(fmt::format("{}={}", name, type_words(value)));
  return fmt::format("({})", fmt::join(words, ", "));
}

/// The first whole number beyond 64 bits, also in lists; null if there is none.
const BigInteger* find_big(const ChainValue& value) {
  if (const auto* list = std::get_if<ListValue>(&value))
    for (const ChainValue& item : list->items)
      if (const BigInteger* big = find_big(item)) return big;
  return std::get_if<BigInteger>(&value);
}

/// In Python's words.
Failure too_big(const BigInteger& number) {
  if (number.value < 0)
    return {TensorErrorKind::libtorch, message("can't convert negative int to unsigned"),
            "OverflowError"};
  if (number.value.fits_ulong_p())
    return {TensorErrorKind::arguments, message("Overflow when unpacking long long"), "TypeError"};
  return {TensorErrorKind::libtorch, message("int too big to convert"), "OverflowError"};
}

/// What no overload takes, for a reason that can be said better than by listing them.
std::optional<Failure> refused_arguments(const Arguments& arguments) {
  for (const auto& [name, value] : arguments.named) {
    if (name == "device" && !names_cpu_device(value))
      return Failure{
          TensorErrorKind::arguments,
          message("Chains are carried out on the CPU; leave device={} out.", to_text(value))};
    if (name == "requires_grad")
      return Failure{TensorErrorKind::arguments,
                     message("Chains are carried out without autograd; leave requires_grad out.")};
  }
  for (const ChainValue& value : arguments.positional)
    if (const BigInteger* big = find_big(value)) return too_big(*big);
  for (const auto& [name, value] : arguments.named)
    if (const BigInteger* big = find_big(value)) return too_big(*big);
  return std::nullopt;
}

}  // namespace

Overloads::Overloads() {
  constexpr std::string_view kNamespace = "aten::";
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames())
    if (name.name.starts_with(kNamespace))
      names_[name.name.substr(kNamespace.size())].push_back(name);
}

const std::vector<c10::OperatorHandle>& Overloads::find(const std::string& name) {
  if (const auto known = overloads_.find(name); known != overloads_.end()) return known->second;
  std::vector<c10::OperatorHandle> found;
  for (const c10::OperatorName& candidate : names_[name]) {
    const auto handle = c10::Dispatcher::singleton().findSchema(candidate);
    if (handle && usable(handle->schema())) found.push_back(*handle);
  }
  // The plain overload first, then those with fewer arguments: the one that says least fits best.
  std::ranges::sort(found, {}, [](const c10::OperatorHandle& handle) {
    return std::tuple(!handle.operator_name().overload_name.empty(),
                      handle.schema().arguments().size(), handle.operator_name().overload_name);
  });
  return overloads_.emplace(name, std::move(found)).first->second;
}

Tried<BoundCall> Overloads::bind(const std::string& name, const Arguments& arguments, bool method,
                                 c10::Device device) {
  const std::vector<c10::OperatorHandle>& overloads = find(name);
  const bool takes_numbers = std::ranges::find(kTakesNumbers, name) != kTakesNumbers.end();
  for (const bool numbers_as_tensors : {false, true}) {
    if (numbers_as_tensors && !takes_numbers) continue;
    for (const c10::OperatorHandle& overload : overloads)
      if (auto stack = try_bind(overload.schema(), arguments, method, numbers_as_tensors, device))
        return BoundCall{overload, *std::move(stack), writes_first(overload.schema())};
  }
  if (auto refused = refused_arguments(arguments)) return tl::unexpected(*std::move(refused));
  std::vector<std::string> signatures;
  for (const c10::OperatorHandle& overload : overloads)
    signatures.push_back(signature(overload.schema(), method));
  return failure(TensorErrorKind::arguments,
                 message("{}() received an invalid combination of arguments - got {}, but "
                         "expected {}{}",
                         name, given_words(arguments, method),
                         signatures.size() > 1 ? message("one of: ") : Message(),
                         fmt::format("{}", fmt::join(signatures, " or "))));
}

std::string Overloads::argument_name(const std::string& name, std::size_t position, bool method) {
  const ChainValue number = std::int64_t{0};
  const std::size_t first = method ? 1 : 0;
  for (const c10::OperatorHandle& overload : find(name)) {
    const auto& arguments = overload.schema().arguments();
    const bool sizes = positional_count(overload.schema(), method) == 1 &&
                       arguments.size() > first &&
                       arguments[first].real_type()->kind() == TypeKind::ListType;
    const std::size_t index = sizes ? first : position + first;
    if (index >= arguments.size() || arguments[index].kwarg_only()) continue;
    const c10::Argument& argument = arguments[index];
    // Of x.std(0) the plain overload has another first argument, bool unbiased.
    if (sizes || convert(number, argument.real_type(), argument.N(), false)) return argument.name();
  }
  return "";
}

}  // namespace nanscope
