#pragma once

#include "ui/labs/lab.h"

namespace nanscope {

/// The Signal lab's controls: model, init, precision, data, seeds. Edits `draft` in place; no
/// state.
void draw_signal_controls(const LabView& view, Experiment& draft, LabRequests& requests);

/// The gain alone, for a lecture hall.
void draw_signal_main_control(const LabView& view, Experiment& draft, LabRequests& requests);

}  // namespace nanscope
