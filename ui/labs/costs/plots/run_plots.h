#pragma once

#include <string>
#include <vector>

#include "ui/labs/costs/picture.h"
#include "ui/labs/costs/plots/stacked_bars.h"

namespace nanscope {

/// Bytes of a whole step by category, of the run and of the one it is compared with.
StackedBars memory_bars(const CostsPicture& picture);
/// The same of each layer.
StackedBars memory_layer_bars(const CostsPicture& picture);
/// What is alive from operation to operation of a step, by lifetime, with its peak.
StackedBars memory_timeline_bars(const CostsPicture& picture);
/// FLOPs of a step beside the rule of thumb, and what makes the difference.
StackedBars flops_bars(const CostsPicture& picture);
StackedBars flops_layer_bars(const CostsPicture& picture);
/// Of one moment or layer, the parts of these bars.
std::vector<double> memory_values(const PlanMemory& memory);
/// "forward, linear 3", "optimizer": a moment of a step.
std::string moment_words(const TimelineRow& row);
/// The number of the first layer on the axis: 0 is an input layer.
int first_layer_of(const RunCosts& run);

}  // namespace nanscope
