#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// The PyTorch script that prints the numbers of what the experiment's lab shows: a network's pass
/// or a chain of tensor operations; or, with `train`, of its training run. Errors: an experiment
/// that is not valid, a lab of other things.
Result<std::string> pytorch_script(const Experiment& experiment, bool train = false);

}  // namespace nanscope
