#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// A self-contained PyTorch script that runs the experiment's forward and backward pass and prints
/// the JSON of `nanscope signal EXP --json` (its layers' statistics and first_nonfinite). Written
/// to be read by a student: loops, not unrolled code.
Result<std::string> pytorch_signal_script(const Experiment& experiment);

}  // namespace nanscope
