#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace nanscope {

/// A self-contained PyTorch script that runs a chain of the Tensors lab, statement by statement as
/// it is written, and prints each one's shape, stride, offset, dtype and values. Names that the
/// lab's language has by itself (arange, bf16, F, rearrange) are imported. Errors: text that is no
/// chain.
Result<std::string> pytorch_chain_script(const std::string& expression, std::uint64_t seed);

}  // namespace nanscope
