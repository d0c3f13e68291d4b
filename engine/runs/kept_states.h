#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "engine/runs/network_runs.h"

namespace nanscope {

/// The last states of a run that were finite, and its first one if none was, from which its steps
/// can be repeated: two, so that steps are known before the one that follows. Keeping them takes a
/// hundredth of the run's time.
class KeptStates {
 public:
  using State = std::shared_ptr<const Checkpoint>;
  /// That many steps at least lie between them.
  static constexpr std::int64_t kStepsApart = 4;

  /// Of one of so many networks, which share time and memory.
  explicit KeptStates(int networks = 1) : networks_(networks) {}

  /// A run that goes on begins with a state from before, in which it is.
  void begin_with(const TrainingRun& run);
  /// Before a step, with the changes before it: keeps the run's state if its time has come. Whether
  /// it did.
  bool look(const TrainingRun& run);
  /// The older one; null where there is no memory for them.
  State oldest() const { return states_.empty() ? nullptr : states_.front(); }
  /// For good.
  void forget() {
    states_.clear();
    keeps_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  int networks_;
  std::deque<State> states_;
  Clock::time_point next_;
  bool keeps_ = true;
};

/// States from before the checkpoints that a run is known to write, each as many steps as an
/// autopsy measures the layers of (Checkpoint::before). Which these are depends on the steps alone,
/// so that a run that went on writes the same files. Of several networks each is of all of them.
class StatesBefore {
 public:
  using State = KeptStates::State;
  static constexpr std::int64_t kSteps = KeptStates::kStepsApart;

  void begin_with(State state) { states_.push_back(std::move(state)); }
  /// Before a step, with the changes before it: the first one, and those that a checkpoint wants.
  void look(const NetworkRuns& runs, bool is_wanted);
  /// Of a checkpoint after so many steps; null where there is none. Those before it are let go.
  State of(std::int64_t steps);

 private:
  std::deque<State> states_;
  bool keeps_ = true;
};

}  // namespace nanscope
