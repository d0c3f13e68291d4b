#pragma once

#include "engine/optimizers/equation.h"

namespace nanscope {

/// A row of length near 1 in the direction of this one: five steps of Newton and Schulz, in bf16
/// whatever the format is, as torch.optim.Muon has them (engine/training/optimizers/muon.cpp).
Pair orthogonal(const Pair& row, double eps);

}  // namespace nanscope
