#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace nanscope {

/// While it lives, SIGINT and SIGTERM close the window instead of ending the program. Make it
/// before the threads that it has to cover: they inherit the blocked signals.
class QuitSignals {
 public:
  /// `wake` is called from another thread when a signal has come.
  explicit QuitSignals(std::function<void()> wake);
  ~QuitSignals();
  QuitSignals(const QuitSignals&) = delete;
  QuitSignals& operator=(const QuitSignals&) = delete;

  bool came() const { return came_; }

 private:
  std::atomic<bool> came_ = false;
  std::thread watcher_;
};

}  // namespace nanscope
