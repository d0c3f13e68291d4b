#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/tensor_language/operations.h"

namespace nanscope {

/// An expression for an operation on x and y, and their shape.
struct OperationExample {
  std::string expression;
  std::string shape = "4,4";
  bool whole = false;  ///< x and y hold whole numbers
};

/// The example that the operation's own table gives, where that fits x and y as they are.
inline OperationExample example_of(const TensorOperation& operation) {
  struct Other {
    std::string_view name;
    OperationExample example;
  };
  const auto others = std::to_array<Other>({
      {"view", {"x.t().contiguous().view(2,8)"}},
      {"reshape", {"x.t().reshape(2,-1)"}},
      {"reshape_as", {"x.t().reshape_as(y.flatten())"}},
      {"flatten", {"x.t().flatten()"}},
      {"ravel", {"x.t().ravel()"}},
      {"contiguous", {"x.t().contiguous()"}},
      {"unflatten", {"x.unflatten(0, (2, 2))"}},
      {"permute", {"x.permute(1, 0)"}},
      {"movedim", {"x.movedim(0, 1)"}},
      {"moveaxis", {"x.moveaxis(0, 1)"}},
      {"expand", {"x.expand(2, 4, 4)"}},
      {"broadcast_to", {"x.broadcast_to((2, 4, 4))"}},
      {"where", {"where(x > 2, x, y)"}},
      {"rot90", {"x.rot90(1, (0, 1))"}},
      {"bitwise_not", {"x.bitwise_not()", "4,4", true}},
      {"bitwise_and", {"x.bitwise_and(y)", "4,4", true}},
      {"bitwise_or", {"x.bitwise_or(y)", "4,4", true}},
      {"bitwise_xor", {"x.bitwise_xor(y)", "4,4", true}},
      {"bitwise_left_shift", {"x.bitwise_left_shift(1)", "4,4", true}},
      {"bitwise_right_shift", {"x.bitwise_right_shift(1)", "4,4", true}},
      {"bitwise_not_", {"x.bitwise_not_()", "4,4", true}},
      {"bitwise_and_", {"x.bitwise_and_(y)", "4,4", true}},
      {"bitwise_or_", {"x.bitwise_or_(y)", "4,4", true}},
      {"bitwise_xor_", {"x.bitwise_xor_(y)", "4,4", true}},
      {"bmm", {"x.bmm(y)", "4,2,2"}},
      {"mv", {"x.mv(y[0])"}},
      {"dot", {"x.dot(y)", "16"}},
      {"outer", {"x.outer(y)", "16"}},
      {"addmm", {"x.addmm(y, y)"}},
      {"rearrange", {"rearrange([x, y], 'n h w -> w (n h)')"}},
      {"reduce", {"reduce(x, 'b h w -> b', 'mean')", "2,2,4"}},
      {"item", {"x[0, 0].item()"}},
  });
  for (const Other& other : others)
    if (other.name == operation.name) return other.example;
  const std::string example(operation.example);
  return {operation.form == OperationForm::function ? example : "x." + example};
}

/// "tensor([...]).view(shape)" of 16 numbers.
inline std::string literal_tensor(const std::vector<double>& values, const OperationExample& of) {
  std::vector<std::string> words;
  for (const double value : values)
    words.push_back(of.whole ? fmt::format("{:.0f}", value) : fmt::format("{:#}", value));
  return fmt::format("tensor([{}]).view({})", fmt::join(words, ", "), of.shape);
}

}  // namespace nanscope
