#pragma once

#include <chrono>
#include <deque>

#include "engine/runs/training_run.h"

namespace nanscope {

/// The last states of a run that were finite, and its first one if none was, from which its steps
/// can be repeated: two, so that steps are known before the one that follows. Keeping them takes a
/// hundredth of the run's time.
class KeptStates {
 public:
  /// That many steps at least lie between them.
  static constexpr std::int64_t kStepsApart = 4;

  /// Of one of so many networks, which share time and memory.
  explicit KeptStates(int networks = 1) : networks_(networks) {}

  /// Before a step, with the changes before it: keeps the run's state if its time has come.
  void look(const TrainingRun& run);
  /// The older one; null where there is no memory for them.
  const Checkpoint* oldest() const { return states_.empty() ? nullptr : &states_.front(); }
  /// For good.
  void forget() {
    states_.clear();
    keeps_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  int networks_;
  std::deque<Checkpoint> states_;
  Clock::time_point next_;
  bool keeps_ = true;
};

}  // namespace nanscope
