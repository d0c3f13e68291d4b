#pragma once

#include <string>

#include "engine/tensor_language/chain.h"
#include "engine/tensors/overloads.h"

namespace nanscope {

/// The chain of an expression on the meta device: which steps LibTorch takes, and what it says to
/// the first that it does not take. No values are computed, no memory is needed.
TensorChain try_expression(Overloads& overloads, const std::string& expression,
                           const TensorRequest& request);

/// `text` with begin..end replaced.
std::string replaced(const std::string& text, int begin, int end, const std::string& by);

}  // namespace nanscope
