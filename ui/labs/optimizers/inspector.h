#pragma once

#include <functional>

#include "ui/charts/interactive_charts.h"
#include "ui/labs/lab.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// The equation of the optimizer that is looked at, where each one ends, and a step's anatomy,
/// which has `menu` in its own.
void draw_optimizers_inspector(const PathsPicture& picture, InteractiveCharts& charts,
                               const LabView& view, LabRequests& requests,
                               const std::function<void()>& menu);

}  // namespace nanscope
