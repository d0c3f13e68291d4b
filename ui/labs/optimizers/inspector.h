#pragma once

#include "ui/labs/lab.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// The equation of the optimizer that is looked at, where each one ends, and a step's anatomy.
void draw_optimizers_inspector(const PathsPicture& picture, const LabView& view,
                               LabRequests& requests);

}  // namespace nanscope
