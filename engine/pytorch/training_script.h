#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/live_change.h"

namespace nanscope {

/// A self-contained PyTorch script that trains as `nanscope train EXP --json` does and prints its
/// lines, one a step; the summary is NaNscope's alone. `changes`, by step, act each before its
/// step. Errors: those of describe_training(), and changes that are none.
Result<std::string> pytorch_training_script(const Experiment& experiment,
                                            const std::vector<LiveChange>& changes = {});

}  // namespace nanscope
