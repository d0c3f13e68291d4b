#pragma once

#include "ui/labs/lab.h"
#include "ui/labs/training/plots/run_plot.h"
#include "ui/labs/training/run_transport.h"

namespace nanscope {

/// The Training lab's controls: the run, its plots, optimizer, schedule, batch, model, data, seed.
/// Edits `draft` in place; no state.
void draw_training_controls(const LabView& view, Experiment& draft, LabRequests& requests,
                            RunTransport& transport);

/// The learning rate alone, for a lecture hall.
void draw_training_main_control(const LabView& view, Experiment& draft, LabRequests& requests);

}  // namespace nanscope
