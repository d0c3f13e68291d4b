#pragma once

#include <stop_token>

#include "engine/tensor_language/syntax.h"
#include "engine/tensors/trial.h"

namespace nanscope {

/// The whole numbers of an expression that LibTorch takes, and the values that each may have. Where
/// one size alone cannot change (view), the one beside it follows.
std::vector<TensorParameter> find_parameters(Overloads& overloads, const Program& program,
                                             const TensorRequest& request,
                                             const std::stop_token& stop);

}  // namespace nanscope
