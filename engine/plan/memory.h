#pragma once

#include "engine/plan/description.h"

namespace nanscope {

/// Gives every value of a plan its buffer. Inputs, parameters, activations and what is saved own
/// theirs. Gradients and scratch share by lifetime, as the plan's policy says: their lifetimes
/// follow from the operations that read and write them. An operation that passes a gradient on as
/// it is makes both one buffer, and then costs nothing back.
void assign_buffers(PlanDescription& plan);

}  // namespace nanscope
