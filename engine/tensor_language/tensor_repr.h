#pragma once

#include <string>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// A step's tensor as PyTorch prints it: "tensor([[0, 1],\n        [2, 3]])", of more than 1000
/// elements the ends. "" where the step does not hold all elements.
std::string tensor_repr(const TensorStep& step);

}  // namespace nanscope
