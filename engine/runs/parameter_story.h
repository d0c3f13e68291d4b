#pragma once

#include <functional>
#include <string_view>

#include "engine/runs/training_run.h"

namespace nanscope {

/// Tells of an element that the optimizer made: one of the parameter, or of what it keeps of it,
/// which its equation calls `symbol`. `before`: a value's tensor before the step, and a gradient's
/// before the penalty.
void tell_parameter(const TrainingRun& run, const PlanParameter& parameter, std::string_view symbol,
                    const std::function<const at::Tensor&(ValueId)>& before, Autopsy& autopsy);

}  // namespace nanscope
