#pragma once

#include "engine/recipe/run_history.h"
#include "ui/labs/lab.h"
#include "ui/labs/training/earlier_runs.h"

namespace nanscope {

/// Where a run stopped being finite, the runs beside it, what it costs and with which equation it
/// steps.
void draw_run_inspector(const RunSummary& run, EarlierRuns& earlier, const LabView& view,
                        LabRequests& requests);

}  // namespace nanscope
