#pragma once

#include "engine/recipe/autopsy.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// Where a run stopped being finite: the element, its equation with its numbers, its operands, each
/// a click away from its bits, and the layers of the steps before.
void draw_autopsy(const Autopsy& autopsy, const Style& style, LabRequests& requests);

}  // namespace nanscope
