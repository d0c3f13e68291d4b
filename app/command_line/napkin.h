#pragma once

#include "app/command_line/command.h"

namespace nanscope {

/// `nanscope cost napkin`, with the words behind it.
int run_napkin(const Words& words);

}  // namespace nanscope
