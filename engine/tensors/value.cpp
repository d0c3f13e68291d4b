#include "engine/tensors/value.h"

#include <fmt/format.h>

#include "engine/tensor_language/python_string.h"
#include "engine/tensors/dtype.h"
#include "engine/tensors/type_limits.h"

namespace nanscope {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

void add_parts(const ChainValue& value, std::vector<PrintedPart>& parts);

void add_parts(const ListValue& list, std::vector<PrintedPart>& parts) {
  const auto add = [&](std::string_view text) { parts.back().text += text; };
  if (list.range) {
    const auto& [start, stop, step] = *list.range;
    return add(
        fmt::format("range({}, {}{})", start, stop, step == 1 ? "" : fmt::format(", {}", step)));
  }
  const bool named = !list.operation.empty(), tuple = list.tuple && !list.size;
  add(named       ? fmt::format("torch.return_types.{}(\n", list.operation)
      : list.size ? "torch.Size(["
      : tuple     ? "("
                  : "[");
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    if (i > 0) add(named ? ",\n" : ", ");
    if (named) add(list.names[i] + "=");
    add_parts(list.items[i], parts);
  }
  if (tuple && !named && list.items.size() == 1) add(",");
  add(list.size ? "])" : tuple ? ")" : "]");
}

void add_parts(const ChainValue& value, std::vector<PrintedPart>& parts) {
  if (const auto* list = std::get_if<ListValue>(&value)) return add_parts(*list, parts);
  const auto* tensor = std::get_if<TensorValue>(&value);
  if (!tensor || tensor->step < 0) {
    parts.back().text += to_text(value);
    return;
  }
  parts.back().step = tensor->step;
  parts.emplace_back();
}

std::string list_type(const ListValue& list) {
  if (list.size) return "torch.Size";
  if (list.range) return "range";
  const char* const kind = list.tuple ? "tuple" : "list";
  if (list.items.empty()) return fmt::format("empty {}", kind);
  return fmt::format("{} of {}s", kind, type_words(list.items.front()));
}

}  // namespace

at::Scalar to_scalar(const ChainValue& number) {
  if (const auto* flag = std::get_if<bool>(&number)) return {*flag};
  if (const auto* integer = number.integer()) return {*integer};
  if (const auto* big = std::get_if<BigInteger>(&number)) {
    static_assert(sizeof(unsigned long) == sizeof(std::uint64_t));
    if (big->value.fits_ulong_p()) return {std::uint64_t{big->value.get_ui()}};
    return {big->value.get_d()};
  }
  return {std::get<double>(number)};
}

std::optional<std::int64_t> to_index(const ChainValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  const auto* integer = value.integer();
  return integer ? std::optional(*integer) : std::nullopt;
}

std::optional<PythonNumber> to_number(const ChainValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return PythonNumber(*flag);
  if (const auto* integer = value.integer()) return PythonNumber(mpz_class(*integer));
  if (const auto* big = std::get_if<BigInteger>(&value)) return PythonNumber(big->value);
  if (const auto* real = std::get_if<double>(&value)) return PythonNumber(*real);
  return std::nullopt;
}

ChainValue from_number(const PythonNumber& number) {
  if (const auto* flag = std::get_if<bool>(&number)) return *flag;
  if (const auto* real = std::get_if<double>(&number)) return *real;
  const auto& integer = std::get<mpz_class>(number);
  if (integer.fits_slong_p()) return std::int64_t{integer.get_si()};
  return BigInteger{integer};
}

Tried<ChainValue> from_number(const PythonResult<PythonNumber>& number) {
  if (!number) return failure(number.error());
  return from_number(*number);
}

std::string type_words(const ChainValue& value) {
  return std::visit(
      Overloaded{
          [](NoneValue) -> std::string { return "None"; },
          [](bool) -> std::string { return "bool"; },
          [](std::int64_t) -> std::string { return "int"; },
          [](const BigInteger&) -> std::string { return "int"; },
          [](double) -> std::string { return "float"; },
          [](const std::string&) -> std::string { return "str"; },
          [](at::ScalarType) -> std::string { return "torch.dtype"; },
          [](at::MemoryFormat) -> std::string { return "torch.memory_format"; },
          [](const LimitsValue& limits) { return limits_type(limits); },
          [](const TensorValue&) -> std::string { return "Tensor"; },
          [](const ListValue& list) { return list_type(list); },
          [](const SliceValue&) -> std::string { return "slice"; },
          [](EllipsisValue) -> std::string { return "ellipsis"; },
          [](const FunctionValue&) -> std::string { return "builtin_function_or_method"; },
      },
      static_cast<const ChainValue::variant&>(value));
}

std::string type_name(const ChainValue& value) {
  if (value.is_none()) return "NoneType";
  const auto* list = std::get_if<ListValue>(&value);
  if (!list || list->size) return type_words(value);
  if (list->range) return "range";
  return list->tuple ? "tuple" : "list";
}

std::string to_text(const ChainValue& value) {
  return std::visit(Overloaded{
                        [](NoneValue) -> std::string { return "None"; },
                        [](bool flag) -> std::string { return flag ? "True" : "False"; },
                        [](std::int64_t number) { return fmt::format("{}", number); },
                        [](const BigInteger& number) { return number.value.get_str(); },
                        [](double number) { return python_text(number); },
                        [](const std::string& text) { return python_repr(text); },
                        [](at::ScalarType type) { return fmt::format("torch.{}", to_name(type)); },
                        [](at::MemoryFormat format) { return "torch." + to_name(format); },
                        [](const LimitsValue& limits) { return limits_text(limits); },
                        [](const TensorValue&) -> std::string { return "Tensor"; },
                        [&](const ListValue&) {
                          std::string text;
                          for (const PrintedPart& part : printed_parts(value))
                            text += part.text + (part.step >= 0 ? "Tensor" : "");
                          return text;
                        },
                        [](const SliceValue&) -> std::string { return "slice"; },
                        [](EllipsisValue) -> std::string { return "..."; },
                        [](const FunctionValue& function) {
                          return fmt::format("<built-in function {}>", function.name);
                        },
                    },
                    static_cast<const ChainValue::variant&>(value));
}

std::vector<PrintedPart> printed_parts(const ChainValue& value) {
  std::vector<PrintedPart> parts(1);
  add_parts(value, parts);
  return parts;
}

}  // namespace nanscope
