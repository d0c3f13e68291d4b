#pragma once

#include <vector>

#include "engine/costs/plan_costs.h"

namespace nanscope {

/// Bytes by layer, without those that several layers use in turn.
struct LayeredMemory {
  std::vector<PlanMemory> own;  ///< of each layer of the plan
  PlanMemory shared;            ///< of several, and of none
};
LayeredMemory layered_memory(const PlanDescription& plan);

}  // namespace nanscope
