#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/probes/distance.h"
#include "engine/probes/measure.h"
#include "engine/training/optimizers/moves.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

/// What a parameter was before a step, and how far the step moved it.
struct CountedStep {
  Accumulator before;
  Distance moved;

  CountedStep operator+(const CountedStep& other) const {
    return {before + other.before, moved + other.moved};
  }
};

/// The loops that this processor can run; the first one is the best.
std::vector<const MoveKernels*> move_kernels();

/// The ones that take the optimizer's steps on this machine, with this LibTorch: to the bit as
/// optimizer_step(), which is tried. Null where there are none.
const MoveKernels* counting_kernels(OptimizerKind kind);

/// One step of the buffers' parameter `index` alone, contiguous floats, in one pass over memory:
/// moves it as optimizer_step() and measures it as accumulate() and measure_distance(), to the bit.
CountedStep step_counted(const MoveKernels& kernels, const Optimizer& optimizer,
                         const OptimizerBuffers& buffers, std::size_t index, std::int64_t step,
                         const MeasureOptions& options);

}  // namespace nanscope
