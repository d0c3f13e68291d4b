#pragma once

#include "ui/labs/lab.h"

namespace nanscope {

/// The Training lab's controls: optimizer, schedule, batch, model, data, seed. Edits `draft` in
/// place; no state.
void draw_training_controls(const LabView& view, Experiment& draft, LabRequests& requests);

/// The learning rate alone, for a lecture hall.
void draw_training_main_control(const LabView& view, Experiment& draft, LabRequests& requests);

}  // namespace nanscope
