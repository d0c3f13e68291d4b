#pragma once

#include <chrono>

#include "engine/job/job.h"

namespace nanscope {

/// Shows on standard error how far a pass is: one line that is rewritten on a terminal and erased
/// at the end; elsewhere a line now and then, and only if the work takes more than a second.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& what, double fraction);
  /// For the engine; valid while this object lives.
  Progress callback();

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point next_;  ///< not before then
};

}  // namespace nanscope
