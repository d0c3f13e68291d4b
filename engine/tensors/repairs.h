#pragma once

#include "engine/tensor_language/syntax.h"
#include "engine/tensors/trial.h"

namespace nanscope {

/// What gets past the chain's error, the smallest change first. Each was tried.
std::vector<TensorRepair> find_repairs(const Trial& trial, const Program& program,
                                       const TensorChain& chain);

}  // namespace nanscope
