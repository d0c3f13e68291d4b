#pragma once

#include <string>

#include "engine/experiment/experiment.h"
#include "engine/plan/description.h"

namespace nanscope {

/// "3 networks side by side, seeds 5 to 7: the numbers are those of all", a line; nothing of one.
std::string networks_line(const NetworkSpec& network);

/// A plan for people at a terminal: for each operation a line there and one back, then the sums.
/// Layers that repeat the one before are left out unless `all_layers`.
std::string plan_to_text(const Experiment& experiment, const PlanDescription& plan,
                         bool all_layers);

}  // namespace nanscope
