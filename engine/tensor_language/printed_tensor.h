#pragma once

#include <string>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// A step's tensor as PyTorch 2.15 prints it (torch/_tensor_str.py with its default options:
/// 4 digits, 80 columns, of more than 1000 elements 3 at each edge). Of a tensor that is too large
/// for its elements to be here, smallest, largest and mean behind it.
std::string printed_tensor(const TensorStep& step);

}  // namespace nanscope
