#pragma once

#include "ui/labs/costs/picture.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// The numbers of the view as tables, the conventions with their sources, what can be copied.
void draw_costs_inspector(const CostsPicture& picture, const LabView& view, LabRequests& requests);

}  // namespace nanscope
