#pragma once

#include "engine/recipe/run_record.h"
#include "engine/recipe/trials.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What is tried where a run of this experiment stopped being finite.
TrialsRequest trials_of(const Experiment& experiment, const RunSummary& run);

/// A row with a button for each remedy that kept the run finite when it was tried; it sets what is
/// on the screen. `tried` may be null, or of the remedies so far while `trying`.
void draw_cures(const LabView& view, const std::vector<Trial>* tried, bool trying,
                LabRequests& requests);

}  // namespace nanscope
