#pragma once

#include "engine/recipe/run_history.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What a run costs and with which equation it steps.
void draw_run_inspector(const RunSummary& run, const Style& style, LabRequests& requests);

}  // namespace nanscope
