#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nanscope {

/// The words of a command line.
using Words = std::vector<std::string>;

/// Exit statuses: a contract with scripts.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         ///< the work failed: memory, device, a file not written
inline constexpr int kWrongInput = 2;     ///< what was asked for is wrong
inline constexpr int kInterrupted = 130;  ///< Ctrl-C, as shells report it

/// One command of the program.
struct Command {
  std::string_view name;
  std::string_view summary;  ///< one line of `nanscope --help`
  /// Runs the command with the words that follow its name; the result is the exit status.
  int (*run)(const Words& words);
};

/// Every command, in the order of the help text. A new command is a new file and a line there.
std::span<const Command> commands();

}  // namespace nanscope
