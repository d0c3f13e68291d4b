#include "app/window/open_folder.h"

#include <spawn.h>
#include <sys/wait.h>

#include <array>

namespace nanscope {

void open_folder(const std::string& folder) {
  // The shell leaves xdg-open to itself and ends at once, so nothing is left to wait for.
  std::string shell = "sh", option = "-c", script = "xdg-open \"$1\" >/dev/null 2>&1 &";
  std::string name = "nanscope", path = folder;
  const std::array<char*, 6> arguments{shell.data(), option.data(), script.data(),
                                       name.data(),  path.data(),   nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "sh", nullptr, nullptr, arguments.data(), environ) == 0)
    waitpid(child, nullptr, 0);
}

}  // namespace nanscope
