#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Settings as key=value that are worth a try where a run of this experiment stopped being finite.
/// None of them has been tried. `largest_target`: of the batch, whose square no prediction makes
/// smaller; none may help then.
std::vector<std::string> remedies(const Experiment& experiment, const FirstNonfiniteStep& first,
                                  double largest_target = 0);

/// The experiment with one of them.
Result<Experiment> with_remedy(Experiment experiment, std::string_view remedy);

}  // namespace nanscope
