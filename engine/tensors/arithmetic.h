#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// left + right and its kind: numbers as in Python, tensors by LibTorch.
Tried<ChainValue> binary(Executor& executor, std::string_view symbol, const ChainValue& left,
                         const ChainValue& right);
/// -x, +x, ~x, not x.
Tried<ChainValue> unary(Executor& executor, std::string_view symbol, const ChainValue& operand);
/// The method behind `x += y`, "add_", or "" where Python makes a new tensor (x @= y).
std::string_view in_place_method(std::string_view symbol);

}  // namespace nanscope
