#pragma once

#include <string>

#include "engine/experiment/experiment.h"
#include "engine/plan/description.h"

namespace nanscope {

/// An experiment's plan as JSON, schema nanscope.plan/1: operations and values with every field.
/// `indent` as nlohmann's dump() has it.
std::string plan_to_json(const Experiment& experiment, const PlanDescription& plan, int indent);

}  // namespace nanscope
