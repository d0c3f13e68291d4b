#include "app/command_line/console.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "app/command_line/command.h"

namespace nanscope {
namespace {

/// Writes everything; the result is 0 or the errno of what went wrong.
int write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

}  // namespace

void prepare_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  // open() takes the lowest free number, so the streams have to be checked in order. Standard
  // output becomes a stream that cannot be written, so that a lost result is noticed.
  for (const auto& [stream, mode] : {std::pair{0, O_RDONLY}, {1, O_RDONLY}, {2, O_WRONLY}})
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) ::open("/dev/null", mode);
}

int print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return kDone;
  return report(
      work_error("standard output", "cannot be written ({}).", std::strerror(error)).value());
}

void note(std::string_view line) { write_all(STDERR_FILENO, fmt::format("{}\n", line)); }

int report(const Error& error) {
  if (error.kind == Error::Kind::cancelled) {
    note("nanscope: stopped; nothing was written.");
    return kInterrupted;
  }
  note("nanscope: " + to_string(error));
  return error.kind == Error::Kind::input ? kWrongInput : kFailed;
}

}  // namespace nanscope
