#include "app/command_line/interrupt.h"

#include <csignal>

namespace nanscope {
namespace {

sigset_t signals(std::initializer_list<int> numbers) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : numbers) sigaddset(&set, number);
  return set;
}

bool ignored() {
  struct sigaction action {};
  return sigaction(SIGINT, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// SIGUSR1 is the destructor's word that the watch is over.
void watch(const std::stop_source& stop) {
  const sigset_t interrupt = signals({SIGINT});
  const sigset_t over = signals({SIGUSR1});
  const sigset_t both = signals({SIGINT, SIGUSR1});
  int number = 0;
  if (sigwait(&both, &number) != 0 || number != SIGINT) return;
  stop.request_stop();
  // From now on this thread takes SIGINT in the system's way: it ends the program.
  pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
  sigwait(&over, &number);
}

}  // namespace

Interrupt::Interrupt() {
  if (ignored()) return;
  const sigset_t set = signals({SIGINT, SIGUSR1});
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::thread(watch, stop_);
}

Interrupt::~Interrupt() {
  if (!watcher_.joinable()) return;
  pthread_kill(watcher_.native_handle(), SIGUSR1);
  watcher_.join();
  const sigset_t set = signals({SIGINT, SIGUSR1});
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace nanscope
