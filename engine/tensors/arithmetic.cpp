#include "engine/tensors/arithmetic.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace nanscope {
namespace {

/// What LibTorch calls an operator: of a tensor on the left, and of one on the right of a number.
struct Operator {
  std::string_view symbol;
  std::string name;
  std::string mirrored;  ///< takes the tensor first; "" where the operands keep their order
  std::string_view in_place;
};

const std::array<Operator, 17>& operators() {
  static const std::array<Operator, 17> kOperators{{
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
      {"<", "lt", "gt", ""},
      {"<=", "le", "ge", ""},
      {">", "gt", "lt", ""},
      {">=", "ge", "le", ""},
      {"==", "eq", "eq", ""},
      {"!=", "ne", "ne", ""},
  }};
  return kOperators;
}

const Operator& find(std::string_view symbol) {
  for (const Operator& candidate : operators())
    if (candidate.symbol == symbol) return candidate;
  return operators().front();
}

tl::unexpected<Failure> number_failure(Message what) {
  return failure(TensorErrorKind::arguments, std::move(what));
}

/// Python's rounding toward minus infinity.
std::int64_t floor_divided(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Tried<ChainValue> integer_power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0)
    return ChainValue(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  std::int64_t result = 1;
  // Beyond 1 and -1 a power of 64 bits has an exponent below 64.
  if (base == 0 || base == 1 || base == -1)
    return ChainValue(exponent == 0 ? std::int64_t{1} : base == -1 && exponent % 2 == 0 ? 1 : base);
  for (std::int64_t i = 0; i < exponent; ++i)
    if (__builtin_mul_overflow(result, base, &result))
      return number_failure(message("{}**{} has more than 64 bits", base, exponent));
  return ChainValue(result);
}

Tried<ChainValue> integers(std::string_view symbol, std::int64_t a, std::int64_t b) {
  if ((symbol == "/" || symbol == "//" || symbol == "%") && b == 0)
    return number_failure(message("division by zero"));
  if ((symbol == "//" || symbol == "%") && b == -1)  // the one quotient that can overflow
    return integers(symbol == "//" ? "*" : "&", symbol == "//" ? a : 0, b);
  std::int64_t result = 0;
  bool overflow = false;
  if (symbol == "+")
    overflow = __builtin_add_overflow(a, b, &result);
  else if (symbol == "-")
    overflow = __builtin_sub_overflow(a, b, &result);
  else if (symbol == "*")
    overflow = __builtin_mul_overflow(a, b, &result);
  else if (symbol == "//")
    result = floor_divided(a, b);
  else if (symbol == "%")
    result = a - floor_divided(a, b) * b;
  else if (symbol == "&")
    result = a & b;
  else if (symbol == "|")
    result = a | b;
  else if (symbol == "^")
    result = a ^ b;
  else if (symbol == "**")
    return integer_power(a, b);
  else
    return ChainValue(static_cast<double>(a) / static_cast<double>(b));
  if (overflow) return number_failure(message("{} {} {} has more than 64 bits", a, symbol, b));
  return ChainValue(result);
}

Tried<ChainValue> reals(std::string_view symbol, double a, double b) {
  if ((symbol == "/" || symbol == "//" || symbol == "%") && b == 0)
    return number_failure(message("division by zero"));
  if (symbol == "+") return ChainValue(a + b);
  if (symbol == "-") return ChainValue(a - b);
  if (symbol == "*") return ChainValue(a * b);
  if (symbol == "/") return ChainValue(a / b);
  if (symbol == "//") return ChainValue(std::floor(a / b));
  if (symbol == "%") return ChainValue(a - std::floor(a / b) * b);
  if (symbol == "**") return ChainValue(std::pow(a, b));
  return number_failure(message("{} needs whole numbers", symbol));
}

double to_double(const ChainValue& number) { return to_scalar(number).toDouble(); }

std::optional<bool> compared(std::string_view symbol, double a, double b) {
  if (symbol == "<") return a < b;
  if (symbol == "<=") return a <= b;
  if (symbol == ">") return a > b;
  if (symbol == ">=") return a >= b;
  if (symbol == "==") return a == b;
  if (symbol == "!=") return a != b;
  return std::nullopt;
}

Tried<ChainValue> numbers(std::string_view symbol, const ChainValue& left,
                          const ChainValue& right) {
  if (const auto result = compared(symbol, to_double(left), to_double(right)))
    return ChainValue(*result);
  if (std::holds_alternative<double>(left) || std::holds_alternative<double>(right))
    return reals(symbol, to_double(left), to_double(right));
  return integers(symbol, to_scalar(left).toLong(), to_scalar(right).toLong());
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

}  // namespace

Tried<ChainValue> binary(Executor& executor, std::string_view symbol, const ChainValue& left,
                         const ChainValue& right) {
  const Operator& op = find(symbol);
  const bool operands =
      (left.tensor() || left.is_number()) && (right.tensor() || right.is_number());
  if (!operands || (symbol == "@" && (!left.tensor() || !right.tensor())))
    return failure(TensorErrorKind::arguments,
                   message("unsupported operand type(s) for {}: '{}' and '{}'", symbol,
                           type_words(left), type_words(right)));
  if (!left.tensor() && !right.tensor()) return numbers(symbol, left, right);
  if (!left.tensor()) return number_first(executor, op, left, right);
  return executor.call(op.name, {{left, right}}, true);
}

Tried<ChainValue> unary(Executor& executor, std::string_view symbol, const ChainValue& operand) {
  if (operand.tensor()) {
    if (symbol == "+") return operand;
    return executor.call(symbol == "-" ? "neg" : "bitwise_not", {{operand}}, true);
  }
  if (!operand.is_number())
    return failure(TensorErrorKind::arguments,
                   message("bad operand type for unary {}: '{}'", symbol, type_words(operand)));
  if (symbol == "~") {
    if (std::holds_alternative<double>(operand))
      return number_failure(message("~ needs a whole number"));
    return ChainValue(~to_scalar(operand).toLong());
  }
  if (std::holds_alternative<double>(operand))
    return ChainValue(symbol == "-" ? -std::get<double>(operand) : std::get<double>(operand));
  return symbol == "-" ? integers("-", 0, to_scalar(operand).toLong())
                       : Tried<ChainValue>(ChainValue(to_scalar(operand).toLong()));
}

std::string_view in_place_method(std::string_view symbol) { return find(symbol).in_place; }

}  // namespace nanscope
