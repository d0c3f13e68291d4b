#pragma once

#include <vector>

#include "engine/job/task.h"
#include "engine/tensors/trial.h"

namespace nanscope {

/// The whole numbers of a chain that was carried out, and the values that each may have: around the
/// present one as far as LibTorch takes them, up to about twice the largest size that is met. Where
/// one size alone cannot change (view), the one beside it follows. Pauses between two tries.
Task<std::vector<TensorParameter>> find_parameters(const Trial& trial, Overloads& overloads,
                                                   const Program& program, const TensorChain& chain,
                                                   Pause& pause);

}  // namespace nanscope
