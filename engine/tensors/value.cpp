#include "engine/tensors/value.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/tensors/dtype.h"

namespace nanscope {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

/// As Python's repr: 2.0, 1e-05, inf.
std::string float_text(double value) {
  if (std::isnan(value)) return "nan";  // fmt would write a sign
  const std::string text = fmt::format("{}", value);
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return whole ? text + ".0" : text;
}

std::string list_text(const ListValue& list) {
  std::string text = list.tuple ? "(" : "[";
  for (std::size_t i = 0; i < list.items.size(); ++i)
    text += (i > 0 ? ", " : "") + to_text(list.items[i]);
  if (list.tuple && list.items.size() == 1) text += ",";
  return text + (list.tuple ? ")" : "]");
}

std::string list_type(const ListValue& list) {
  const char* const kind = list.tuple ? "tuple" : "list";
  if (list.items.empty()) return fmt::format("empty {}", kind);
  return fmt::format("{} of {}s", kind, type_words(list.items.front()));
}

}  // namespace

at::Scalar to_scalar(const ChainValue& number) {
  if (const auto* flag = std::get_if<bool>(&number)) return {*flag};
  if (const auto* integer = number.integer()) return {*integer};
  return {std::get<double>(number)};
}

std::string type_words(const ChainValue& value) {
  return std::visit(Overloaded{
                        [](NoneValue) -> std::string { return "None"; },
                        [](bool) -> std::string { return "bool"; },
                        [](std::int64_t) -> std::string { return "int"; },
                        [](double) -> std::string { return "float"; },
                        [](const std::string&) -> std::string { return "str"; },
                        [](at::ScalarType) -> std::string { return "torch.dtype"; },
                        [](const TensorValue&) -> std::string { return "Tensor"; },
                        [](const ListValue& list) { return list_type(list); },
                        [](const SliceValue&) -> std::string { return "slice"; },
                        [](EllipsisValue) -> std::string { return "ellipsis"; },
                    },
                    static_cast<const ChainValue::variant&>(value));
}

std::string to_text(const ChainValue& value) {
  return std::visit(Overloaded{
                        [](NoneValue) -> std::string { return "None"; },
                        [](bool flag) -> std::string { return flag ? "True" : "False"; },
                        [](std::int64_t number) { return fmt::format("{}", number); },
                        [](double number) { return float_text(number); },
                        [](const std::string& text) { return fmt::format("'{}'", text); },
                        [](at::ScalarType type) { return fmt::format("torch.{}", to_name(type)); },
                        [](const TensorValue&) -> std::string { return "Tensor"; },
                        [](const ListValue& list) { return list_text(list); },
                        [](const SliceValue&) -> std::string { return "slice"; },
                        [](EllipsisValue) -> std::string { return "..."; },
                    },
                    static_cast<const ChainValue::variant&>(value));
}

}  // namespace nanscope
