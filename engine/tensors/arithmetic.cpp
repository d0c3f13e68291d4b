#include "engine/tensors/arithmetic.h"

#include <array>

#include "engine/tensors/plain_values.h"

namespace nanscope {
namespace {

/// What LibTorch calls an operator: of a tensor on the left, and of one on the right of a number.
struct Operator {
  std::string_view symbol;
  std::string name;
  std::string mirrored;  ///< takes the tensor first; "" where the operands keep their order
  std::string_view in_place;
};

const std::array<Operator, 19>& operators() {
  static const std::array<Operator, 19> kOperators{{
      {"+", "add", "add", "add_"},
      {"-", "sub", "rsub", "sub_"},
      {"*", "mul", "mul", "mul_"},
      {"/", "div", "", "div_"},
      {"//", "floor_divide", "", "floor_divide_"},
      {"%", "remainder", "", "remainder_"},
      {"**", "pow", "", "pow_"},
      {"@", "matmul", "", ""},
      {"&", "bitwise_and", "bitwise_and", "bitwise_and_"},
      {"|", "bitwise_or", "bitwise_or", "bitwise_or_"},
      {"^", "bitwise_xor", "bitwise_xor", "bitwise_xor_"},
      {"<<", "bitwise_left_shift", "", "bitwise_left_shift_"},
      {">>", "bitwise_right_shift", "", "bitwise_right_shift_"},
      {"<", "lt", "gt", ""},
      {"<=", "le", "ge", ""},
      {">", "gt", "lt", ""},
      {">=", "ge", "le", ""},
      {"==", "eq", "eq", ""},
      {"!=", "ne", "ne", ""},
  }};
  return kOperators;
}

/// Null for what no tensor takes: in, is.
const Operator* find_operator(std::string_view symbol) {
  for (const Operator& candidate : operators())
    if (candidate.symbol == symbol) return &candidate;
  return nullptr;
}

/// number op tensor, as torch.Tensor's __rtruediv__ and its kind have it.
Tried<ChainValue> number_first(Executor& executor, const Operator& op, const ChainValue& number,
                               const ChainValue& tensor) {
  if (!op.mirrored.empty()) return executor.call(op.mirrored, {{tensor, number}});
  if (op.symbol == "/") {
    Tried<ChainValue> inverse = executor.call("reciprocal", {{tensor}});
    if (!inverse) return inverse;
    return executor.call("mul", {{*inverse, number}});
  }
  return executor.call(op.name, {{number, tensor}});
}

tl::unexpected<Failure> unsupported_by_tensors(std::string_view symbol, const ChainValue& left,
                                               const ChainValue& right) {
  return failure({"TypeError", message("unsupported operand type(s) for {}: '{}' and '{}'", symbol,
                                       type_name(left), type_name(right))});
}

/// Where one of the two is a tensor, the other a tensor or a number.
Tried<ChainValue> of_tensors(Executor& executor, std::string_view symbol, const ChainValue& left,
                             const ChainValue& right) {
  const bool known = (left.tensor() || left.is_number()) && (right.tensor() || right.is_number());
  if (symbol == "is" || symbol == "is not" || (!known && (symbol == "==" || symbol == "!=")))
    return ChainValue(symbol == "is not" || symbol == "!=");  // as of other things
  const Operator* const op = find_operator(symbol);
  if (!known || !op || (symbol == "@" && (!left.tensor() || !right.tensor())))
    return unsupported_by_tensors(symbol, left, right);
  if (!left.tensor()) return number_first(executor, *op, left, right);
  return executor.call(op->name, {{left, right}}, true);
}

}  // namespace

Tried<ChainValue> binary(Executor& executor, std::string_view symbol, const ChainValue& left,
                         const ChainValue& right) {
  if (left.tensor() || right.tensor()) return of_tensors(executor, symbol, left, right);
  const auto a = to_number(left), b = to_number(right);
  const bool of_values = symbol == "in" || symbol == "not in" || symbol.starts_with("is");
  if (a && b && !of_values) return from_number(python_binary(symbol, *a, *b));
  return plain_binary(symbol, left, right);
}

Tried<ChainValue> unary(Executor& executor, std::string_view symbol, const ChainValue& operand) {
  if (symbol == "not") {
    const Tried<bool> value = truth(operand);
    if (!value) return tl::unexpected(value.error());
    return ChainValue(!*value);
  }
  if (operand.tensor()) {
    if (symbol == "+") return operand;
    if (symbol == "~" && operand.tensor()->is_floating_point())
      return failure({"TypeError", message("~ (operator.invert) is only implemented on integer and "
                                           "Boolean-type tensors")});
    return executor.call(symbol == "-" ? "neg" : "bitwise_not", {{operand}}, true);
  }
  const std::optional<PythonNumber> number = to_number(operand);
  if (number) return from_number(python_unary(symbol, *number));
  return failure(
      {"TypeError", message("bad operand type for unary {}: '{}'", symbol, type_name(operand))});
}

std::string_view in_place_method(std::string_view symbol) {
  const Operator* const op = find_operator(symbol);
  return op ? op->in_place : std::string_view();
}

}  // namespace nanscope
