#pragma once

#include "app/command_line/command.h"

namespace nanscope {

/// nanscope cost data: how tokens come from a file to where they are computed with, measured.
int run_cost_data(const Words& words);

}  // namespace nanscope
