#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/data.h"
#include "engine/experiment/network.h"

namespace nanscope {

/// A self-contained PyTorch script that runs a network's forward and backward pass and prints the
/// JSON of `nanscope signal EXP --json` (its layers' statistics and first_nonfinite), with
/// `experiment_json` as its experiment. Written to be read by a student: loops, not unrolled code.
/// Errors: a precision that a CPU does not have.
Result<std::string> pytorch_signal_script(const NetworkSpec& network, const DataSpec& data,
                                          const std::string& experiment_json);

}  // namespace nanscope
