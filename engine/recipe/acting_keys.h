#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// Whether a key that a person sets acts in the experiment's lab beside what else the experiment
/// says: another optimizer's setting, a schedule's that is not chosen, a column's name without a
/// file, another lab's look do nothing. Files and pictures may carry such keys. Errors: why it has
/// no effect, and what would act; Error::where stays empty.
Result<void> check_acts(std::string_view key, const Experiment& experiment);

}  // namespace nanscope
