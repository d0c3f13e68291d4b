#pragma once

#include "ui/labs/lab.h"

namespace nanscope {

void draw_optimizers_controls(const LabView& view, Experiment& draft, LabRequests& requests);

/// The learning rate.
void draw_optimizers_main_control(const LabView& view, Experiment& draft, LabRequests& requests);

}  // namespace nanscope
