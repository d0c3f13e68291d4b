#pragma once

#include <string>
#include <vector>

#include "engine/recipe/run_record.h"

namespace nanscope {

/// Settings as key=value that are worth a try where a run of this experiment stopped being finite.
/// None of them has been tried.
std::vector<std::string> remedies(const Experiment& experiment, const FirstNonfiniteStep& first);

}  // namespace nanscope
