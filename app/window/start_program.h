#pragma once

#include <spawn.h>

#include <optional>
#include <string>
#include <vector>

namespace nanscope {

/// Starts a program of PATH beside the window: its name and its arguments, and what its files are
/// (null: those of the window). Nothing if there is no such program. The caller waits for it.
std::optional<pid_t> start_program(std::vector<std::string> command,
                                   const posix_spawn_file_actions_t* files = nullptr);

}  // namespace nanscope
