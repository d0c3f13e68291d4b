#include "engine/tensors/value.h"

#include <fmt/format.h>

#include "engine/tensors/dtype.h"

namespace nanscope {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

std::string list_text(const ListValue& list) {
  const bool tuple = list.tuple && !list.size;
  std::string text = tuple ? "(" : "[";
  for (std::size_t i = 0; i < list.items.size(); ++i)
    text += (i > 0 ? ", " : "") + to_text(list.items[i]);
  if (tuple && list.items.size() == 1) text += ",";
  text += tuple ? ")" : "]";
  return list.size ? fmt::format("torch.Size({})", text) : text;
}

std::string list_type(const ListValue& list) {
  if (list.size) return "torch.Size";
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
  return std::visit(Overloaded{
                        [](NoneValue) -> std::string { return "None"; },
                        [](bool) -> std::string { return "bool"; },
                        [](std::int64_t) -> std::string { return "int"; },
                        [](const BigInteger&) -> std::string { return "int"; },
                        [](double) -> std::string { return "float"; },
                        [](const std::string&) -> std::string { return "str"; },
                        [](at::ScalarType) -> std::string { return "torch.dtype"; },
                        [](at::MemoryFormat) -> std::string { return "torch.memory_format"; },
                        [](const TensorValue&) -> std::string { return "Tensor"; },
                        [](const ListValue& list) { return list_type(list); },
                        [](const SliceValue&) -> std::string { return "slice"; },
                        [](EllipsisValue) -> std::string { return "ellipsis"; },
                    },
                    static_cast<const ChainValue::variant&>(value));
}

std::string type_name(const ChainValue& value) {
  const auto* list = std::get_if<ListValue>(&value);
  if (!list || list->size) return type_words(value);
  return list->tuple ? "tuple" : "list";
}

std::string to_text(const ChainValue& value) {
  return std::visit(Overloaded{
                        [](NoneValue) -> std::string { return "None"; },
                        [](bool flag) -> std::string { return flag ? "True" : "False"; },
                        [](std::int64_t number) { return fmt::format("{}", number); },
                        [](const BigInteger& number) { return number.value.get_str(); },
                        [](double number) { return python_text(number); },
                        [](const std::string& text) { return fmt::format("'{}'", text); },
                        [](at::ScalarType type) { return fmt::format("torch.{}", to_name(type)); },
                        [](at::MemoryFormat format) { return "torch." + to_name(format); },
                        [](const TensorValue&) -> std::string { return "Tensor"; },
                        [](const ListValue& list) { return list_text(list); },
                        [](const SliceValue&) -> std::string { return "slice"; },
                        [](EllipsisValue) -> std::string { return "..."; },
                    },
                    static_cast<const ChainValue::variant&>(value));
}

}  // namespace nanscope
