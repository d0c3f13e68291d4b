#include "app/window/start_program.h"

#include <unistd.h>

#include <csignal>

namespace nanscope {

std::optional<pid_t> start_program(std::vector<std::string> command,
                                   const posix_spawn_file_actions_t* files) {
  // The window's blocked signals (quit_signals.h) are not for it.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int code =
      posix_spawnp(&child, arguments[0], files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  return code == 0 ? std::optional(child) : std::nullopt;
}

}  // namespace nanscope
