#include "app/window/open_folder.h"

#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <csignal>

namespace nanscope {

void open_folder(const std::string& folder) {
  // The shell leaves xdg-open to itself and ends at once, so nothing is left to wait for.
  std::string shell = "sh", option = "-c", script = "xdg-open \"$1\" >/dev/null 2>&1 &";
  std::string name = "nanscope", path = folder;
  const std::array<char*, 6> arguments{shell.data(), option.data(), script.data(),
                                       name.data(),  path.data(),   nullptr};
  // The window's blocked signals (quit_signals.h) are not for the file manager.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t child = 0;
  if (posix_spawnp(&child, "sh", nullptr, &attributes, arguments.data(), environ) == 0)
    waitpid(child, nullptr, 0);
  posix_spawnattr_destroy(&attributes);
}

}  // namespace nanscope
