#pragma once

#include <array>

#include "engine/costs/plan_costs.h"

namespace nanscope {

/// A category of a run's bytes as bars and sentences have it; in colour, or hatched.
struct MemoryPart {
  const char* key = "";  ///< of its name
  double bytes = 0;
  bool hatched = false;
};

/// Of the plan's categories those that are read together are one.
inline std::array<MemoryPart, 6> memory_parts_of(const PlanMemory& memory) {
  const auto bytes = [](std::int64_t count) { return static_cast<double>(count); };
  return {{{"costs.part.parameters", bytes(memory.parameters + memory.parameter_copies)},
           {"costs.part.gradients", bytes(memory.gradients), true},
           {"costs.part.optimizer", bytes(memory.optimizer)},
           {"costs.part.activations", bytes(memory.activations)},
           {"costs.part.temporaries", bytes(memory.activation_gradients + memory.scratch), true},
           {"costs.part.data", bytes(memory.input + memory.running)}}};
}

}  // namespace nanscope
