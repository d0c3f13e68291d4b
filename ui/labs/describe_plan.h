#pragma once

#include <string>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// What the plan of a run hangs on, in words on one line: network, data, precision, optimizer.
std::string describe_plan(const Experiment& experiment);

}  // namespace nanscope
