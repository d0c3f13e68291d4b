#pragma once

#include <string>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// A chain for people: a table of its steps, what each shares and copies, and where it ended, with
/// LibTorch's own words and the repair.
std::string to_text(const TensorChain& chain);

}  // namespace nanscope
