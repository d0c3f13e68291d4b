#pragma once

#include "ui/labs/costs/measured.h"
#include "ui/labs/lab.h"

namespace nanscope {

void draw_costs_controls(const LabView& view, Experiment& draft, Measuring& measuring,
                         LabRequests& requests);

/// Of a lecture hall: the batch, the length, the MFU or the step.
void draw_costs_main_control(const LabView& view, Experiment& draft, LabRequests& requests);

}  // namespace nanscope
