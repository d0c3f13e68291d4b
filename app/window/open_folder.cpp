#include "app/window/open_folder.h"

#include <sys/wait.h>

#include "app/window/start_program.h"

namespace nanscope {

void open_folder(const std::string& folder) {
  // The shell leaves xdg-open to itself and ends at once, so nothing is left to wait for.
  const auto shell =
      start_program({"sh", "-c", "xdg-open \"$1\" >/dev/null 2>&1 &", "nanscope", folder});
  if (shell) waitpid(*shell, nullptr, 0);
}

}  // namespace nanscope
