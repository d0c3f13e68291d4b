#include "app/window/quit_signals.h"

#include <csignal>
#include <utility>

namespace nanscope {
namespace {

/// SIGUSR2 is the destructor's word that the watch is over.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGUSR2}) sigaddset(&set, number);
  return set;
}

}  // namespace

QuitSignals::QuitSignals(std::function<void()> wake) {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::thread([this, set, wake = std::move(wake)] {
    int number = 0;
    while (sigwait(&set, &number) == 0 && number != SIGUSR2) {
      came_ = true;
      wake();
    }
  });
}

QuitSignals::~QuitSignals() {
  pthread_kill(watcher_.native_handle(), SIGUSR2);
  watcher_.join();
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace nanscope
