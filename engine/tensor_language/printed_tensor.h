#pragma once

#include <string>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// A step's tensor as PyTorch 2.15 prints it (torch/_tensor_str.py with its default options:
/// 4 digits, 80 columns, of more than 1000 elements 3 at each edge). Of a tensor that is too large
/// for its elements to be here, smallest, largest and mean behind it.
std::string printed_tensor(const TensorStep& step);

/// What Python prints of the last statement, without the end of the line: a tensor, several of them
/// in a list, or another value. "" where the chain stopped before it.
std::string printed_value(const TensorChain& chain);

}  // namespace nanscope
