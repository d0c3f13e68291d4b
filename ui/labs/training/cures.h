#pragma once

#include "engine/recipe/run_record.h"
#include "engine/recipe/trials.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What is tried where a run of this experiment stopped being finite.
TrialsRequest trials_of(const Experiment& experiment, const RunSummary& run);

/// A row with a button for each remedy, which stays in its place: of one that kept the run finite
/// when it was tried it sets what is on the screen; others are dim. `tried` may be null, or of the
/// remedies so far while `trying`.
void draw_cures(const LabView& view, const std::vector<std::string>& remedies,
                const std::vector<Trial>* tried, bool trying, LabRequests& requests);

}  // namespace nanscope
