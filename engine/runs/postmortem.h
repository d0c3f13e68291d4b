#pragma once

#include <memory>
#include <vector>

#include "engine/recipe/autopsy.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Finds where a run stopped being finite, by repeating its steps from a state before: first to
/// find the step, then to measure the layers before it and to look into it. Leaves the run as it
/// was, once there is no more to do.
class Postmortem {
 public:
  /// `experiment` and `changes`: the run's recipe. Nothing happens yet.
  Postmortem(TrainingRun& run, const Checkpoint& from, const Experiment& experiment,
             std::vector<LiveChange> changes);

  /// Repeats one step. Whether there is more to do.
  bool advance();
  /// Once there is no more; null where every step that was repeated is finite.
  std::shared_ptr<const Autopsy> autopsy() const { return autopsy_; }

 private:
  void go_back();
  void apply_changes();
  bool look_for_step();
  bool look_into_step();
  void leave();

  TrainingRun& run_;
  Checkpoint from_, end_;
  Experiment experiment_, now_;
  std::vector<LiveChange> changes_;
  std::size_t next_change_ = 0;
  std::int64_t dead_step_ = -1;  ///< -1: not found yet
  std::vector<LayersOfStep> layers_;
  std::shared_ptr<const Autopsy> autopsy_;
};

}  // namespace nanscope
