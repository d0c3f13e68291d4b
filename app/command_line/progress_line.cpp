#include "app/command_line/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "ui/text/text.h"

namespace nanscope {
namespace {

using namespace std::chrono_literals;
constexpr auto kTerminalInterval = 100ms;
constexpr auto kQuietTime = 1s;  // of work whose standard error is not a terminal
constexpr auto kLogInterval = 5s;
constexpr auto kEraseLine = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(isatty(STDERR_FILENO) == 1), next_(Clock::now() + (terminal_ ? 0s : kQuietTime)) {}

ProgressLine::~ProgressLine() {
  if (drawn_ && terminal_) std::fputs(kEraseLine, stderr);
}

void ProgressLine::show(const std::string& what, double fraction) {
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kLogInterval));
  const std::string line =
      fraction > 0 ? fmt::format("{} ({:.0f} %)", what, 100 * fraction) : what + " ...";
  fmt::print(stderr, "{}{}{}", terminal_ ? kEraseLine : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
  drawn_ = true;
}

Progress ProgressLine::callback() {
  return [this](const Message& what, double fraction) { show(message_text(what), fraction); };
}

}  // namespace nanscope
