#pragma once

#include "ui/labs/costs/measured.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What measures the run and this machine, how far that is, and what stops it; nothing in views
/// that nothing is measured of.
void draw_measuring_controls(const LabView& view, Experiment& draft, Measuring& measuring,
                             LabRequests& requests);

/// The run is measured from now on; once more where it is already.
void measure(const Experiment& experiment, Measuring& measuring, LabRequests& requests);

}  // namespace nanscope
