#pragma once

#include "app/command_line/command.h"

namespace nanscope {

/// Runs the program with the words after its name; the result is its exit status. Nothing is
/// thrown.
int run_command_line(const Words& words);

}  // namespace nanscope
