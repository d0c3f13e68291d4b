#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/live_change.h"

namespace nanscope {

/// The PyTorch script that prints the numbers of what the experiment is of: a network's pass, its
/// training run with its changes, or a chain of tensor operations. Errors: an experiment that is
/// not valid, a lab of other things.
Result<std::string> pytorch_script(const Experiment& experiment,
                                   const std::vector<LiveChange>& changes = {});

}  // namespace nanscope
