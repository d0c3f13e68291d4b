#pragma once

#include "engine/base/strict_json.h"
#include "engine/costs/plan_costs.h"

namespace nanscope {

/// Its parts and their total, in bytes.
Json plan_memory_json(const PlanMemory& memory);

}  // namespace nanscope
