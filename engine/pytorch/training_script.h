#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// A self-contained PyTorch script that trains as `nanscope train EXP --json` does and prints its
/// lines, one a step; the summary is NaNscope's alone. Errors: those of describe_training().
Result<std::string> pytorch_training_script(const Experiment& experiment);

}  // namespace nanscope
