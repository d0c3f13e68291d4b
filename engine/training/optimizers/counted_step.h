#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/probes/distance.h"
#include "engine/probes/measure.h"
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

/// Whether step_counted() takes the optimizer's steps on this machine, with this LibTorch: by
/// AVX-512 and to the bit as optimizer_step(), which it tries.
bool counts_steps(OptimizerKind kind);

/// One step of the buffers' parameter `index` alone, floats, in one pass over memory: moves it as
/// optimizer_step() and measures it as accumulate() and measure_distance(), to the bit. Call it
/// where counts_steps().
CountedStep step_counted(const Optimizer& optimizer, const OptimizerBuffers& buffers,
                         std::size_t index, std::int64_t step, const MeasureOptions& options);

}  // namespace nanscope
