#pragma once

#include "engine/plan/description.h"

namespace nanscope {

/// Gives every value of a plan its buffer. Inputs, parameters, activations and what is saved own
/// theirs, but for what recomputed segments drop. That, gradients and scratch share by lifetime, as
/// the plan's policy says: their lifetimes follow from the operations that read and write them.
/// Marks the operations that are computed again. An operation that passes a gradient on as
/// it is makes both one buffer, and then costs nothing back.
void assign_buffers(PlanDescription& plan);

}  // namespace nanscope
