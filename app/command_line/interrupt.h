#pragma once

#include <stop_token>
#include <thread>

namespace nanscope {

/// While it lives, the first Ctrl-C (SIGINT) asks the pass under way to stop, and a second one ends
/// the program at once. A SIGINT that the caller had ignored (nohup) stays ignored.
/// Make it before the threads that it has to cover: they inherit the blocked signal.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::thread watcher_;  ///< waits for the signal; not running where it is ignored
};

}  // namespace nanscope
