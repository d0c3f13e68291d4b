#pragma once

#include <vector>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// The experiment being edited, with its past and its future. A plain value. What is looked at
/// (Experiment::view) is no step of its own, and undo leaves it as it is, but where a step changed
/// it as well, as the opening of a file does.
class History {
 public:
  explicit History(const Experiment& first) : current_(first) {}

  const Experiment& current() const { return current_; }

  /// Makes `next` the current experiment; false if it is the current one already. Edits that share
  /// a `gesture` (the id of the control being dragged or typed into; 0 for none) are one step.
  bool edit(const Experiment& next, unsigned gesture = 0);
  bool in_gesture() const { return gesture_ != 0; }
  /// Replaces the current experiment without a step of its own: what is looked at has changed, not
  /// what is looked at with it.
  void amend(const Experiment& next) { current_ = next; }
  /// The control was let go: the next edit begins a new step.
  void end_gesture();

  bool can_undo() const { return !past_.empty(); }
  bool can_redo() const { return !future_.empty(); }
  bool undo();
  bool redo();

 private:
  struct Step {
    Experiment experiment;
    bool with_view = false;  ///< the step changed the view as well
  };
  /// Makes the last of `from` current, and puts what was current into `to`.
  void step(std::vector<Step>& from, std::vector<Step>& to);

  Experiment current_;
  std::vector<Step> past_;
  std::vector<Step> future_;
  unsigned gesture_ = 0;
};

}  // namespace nanscope
