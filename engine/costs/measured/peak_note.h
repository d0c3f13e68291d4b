#pragma once

#include "engine/costs/plan_costs.h"

namespace nanscope {

/// What a predicted peak leaves out, where it leaves something out: memory that oneDNN takes for
/// matrix products of 16 bits. Empty where there are none.
Message peak_note(const Experiment& experiment, const PlanCosts& costs);

}  // namespace nanscope
