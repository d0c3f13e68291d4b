#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// The PyTorch script that prints the numbers of what the experiment is of: a network's pass, its
/// training run, or a chain of tensor operations. Errors: an experiment that is not valid, a lab of
/// other things.
Result<std::string> pytorch_script(const Experiment& experiment);

}  // namespace nanscope
