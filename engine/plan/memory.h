#pragma once

#include <cstdint>

#include "engine/plan/description.h"

namespace nanscope {

/// Gives every value of a plan its buffer. Inputs, parameters, activations and what is saved own
/// theirs, but for what recomputed segments drop and, of training, activations that nobody reads on
/// the way back. These, gradients and scratch share by lifetime, as
/// the plan's policy says: their lifetimes follow from the operations that read and write them.
/// Marks the operations that are computed again. An operation that passes a gradient on as
/// it is makes both one buffer, and then costs nothing back.
void assign_buffers(PlanDescription& plan);

/// From one network's part of a buffer to the next one's, in bytes: where LibTorch would begin one
/// of its own, as the library for matrices sums in another order where they begin elsewhere.
std::int64_t stride_of_part(std::int64_t bytes);

/// Gives each buffer of several networks that train side by side the bytes that its parts take.
void align_parts(PlanDescription& plan);

}  // namespace nanscope
