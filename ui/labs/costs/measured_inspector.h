#pragma once

#include "ui/labs/costs/picture.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// Bytes by what they are for, the allocator's beside the plan's; the layer that is chosen; layers,
/// the largest first.
void draw_measured_memory(const CostsPicture& picture, const LabView& view, LabRequests& requests);
/// Seconds, what they reach of which peak, and the operations that take longest.
void draw_measured_flops(const CostsPicture& picture, const LabView& view, LabRequests& requests);
void draw_roofline_inspector(const CostsPicture& picture, const LabView& view,
                             LabRequests& requests);
void draw_calibration_inspector(const CostsPicture& picture, const LabView& view,
                                LabRequests& requests);

}  // namespace nanscope
