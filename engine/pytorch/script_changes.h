#pragma once

#include <string>
#include <vector>

#include "engine/recipe/live_change.h"

namespace nanscope {

/// How a run's settings change on its way, as parts of its training script.
class ScriptChanges {
 public:
  /// `changes`: by step.
  ScriptChanges(const Experiment& experiment, std::vector<LiveChange> changes);

  /// What the run begins with: with the changes before its first step.
  const TrainingSpec& begin() const { return specs_.front().training; }
  /// The steps that it takes.
  std::int64_t steps() const { return goal_; }
  /// Whether something of these keys changes behind the first step.
  bool has(std::string_view group) const;
  /// Whether the setting is above 0 at some time, and whether it changes.
  bool is_ever(double TrainingSpec::*setting) const;
  bool changes(double TrainingSpec::*setting) const;

  /// Whether a step looks at what is held out; "" where none does.
  std::string looks_text() const;
  /// def learning_rate(step), "" for a constant rate.
  std::string learning_rate_text() const;
  /// In front of the loop: the names of what changes.
  std::string names_text() const;
  /// In the loop, in front of a step: what changes there.
  std::string steps_text() const;

 private:
  /// The settings from a step on, and the changes that made them of those before.
  struct Spec {
    std::int64_t step = 0;
    TrainingSpec training;
    std::vector<LiveChange> changes = {};
  };

  std::vector<Spec> specs_;
  std::int64_t goal_;
};

/// The line that makes an optimizer: "torch.optim.SGD(tensors, lr=0.1)".
std::string optimizer_line(const TrainingSpec& training);

}  // namespace nanscope
