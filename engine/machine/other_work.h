#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

// What else wants the processor's cores.
namespace nanscope {

/// Threads of other programs that run or wait for a core at this moment; 0 where the kernel does
/// not say.
int other_runnable_threads();

/// The fourth field of /proc/loadavg, "2/345": threads of the whole machine that run or want to.
int runnable_threads(std::string_view loadavg);

/// Looks now and then and keeps what it saw for half a second. Its answer is the lower median: a
/// program that works without a pause is counted, one that wakes for a moment is not.
class OtherWork {
 public:
  using Clock = std::chrono::steady_clock;

  explicit OtherWork(std::function<int()> count = other_runnable_threads)
      : count_(std::move(count)) {}

  /// A look costs up to 0.2 ms: one that follows another at once is left out.
  void look(Clock::time_point now = Clock::now());
  /// Threads of other programs that want a core all the time.
  int threads() const;

 private:
  struct Sight {
    Clock::time_point when;
    int threads = 0;
  };

  std::function<int()> count_;
  std::vector<Sight> seen_;
};

}  // namespace nanscope
