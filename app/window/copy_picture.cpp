#include "app/window/copy_picture.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "app/window/start_program.h"

namespace nanscope {
namespace {

/// A program that takes a picture from its standard input, and serves it in the background.
using Command = std::vector<std::string>;

std::vector<Command> commands() {
  const Command wayland{"wl-copy", "--type", "image/png"};
  const Command x11{"xclip", "-selection", "clipboard", "-t", "image/png"};
  const char* display = std::getenv("WAYLAND_DISPLAY");
  return display && *display ? std::vector{wayland, x11} : std::vector{x11, wayland};
}

/// The bytes as a file that no folder holds, to be read from its beginning; -1 if there is none.
int file_of(std::string_view bytes) {
  const int file = ::memfd_create("picture", MFD_CLOEXEC);
  while (file >= 0 && !bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count <= 0) {
      ::close(file);
      return -1;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (file >= 0) ::lseek(file, 0, SEEK_SET);
  return file;
}

/// Starts it with the file as its input, or nothing if there is no such program.
std::optional<pid_t> start(const Command& command, int input) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  const auto child = start_program(command, &files);
  posix_spawn_file_actions_destroy(&files);
  return child;
}

/// Waits until it has gone into the background; false if it fails, or takes longer than it may.
bool succeeded(pid_t child) {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < end) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ended < 0) return false;
    std::this_thread::sleep_for(10ms);
  }
  ::kill(child, SIGTERM);
  ::waitpid(child, nullptr, 0);
  return false;
}

}  // namespace

Result<void> copy_picture(const std::string& png) {
  std::string failed;
  for (const Command& command : commands()) {
    const int input = file_of(png);
    if (input < 0) return work_error("clipboard", "there is not enough memory for the picture.");
    const auto child = start(command, input);
    ::close(input);
    if (!child) continue;
    if (succeeded(*child)) return {};
    failed = command.front();
  }
  if (!failed.empty())
    return work_error("clipboard",
                      "{} could not take the picture; export it into a file with Ctrl+E.", failed);
  return work_error("clipboard",
                    "to copy a picture, install wl-copy (package wl-clipboard) or xclip; or export "
                    "it into a file with Ctrl+E.");
}

}  // namespace nanscope
