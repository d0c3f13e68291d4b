#pragma once

#include <vector>

#include "engine/recipe/run_record.h"

namespace nanscope {

/// The steps of a run by column, as charts read them.
struct RunHistory {
  std::vector<double> steps, loss, lr, grad_norm;  ///< of every step, as RunStep has them
  /// Where the loss was scaled: by what, and whether the step was skipped. Empty elsewhere.
  std::vector<double> loss_scale;
  std::vector<bool> skipped;
  /// Of the steps that looked at the held-out rows, and of the end of the run; accuracy 0..1, empty
  /// where the targets are no classes.
  std::vector<double> looks, held_out_loss, accuracy;

  void add(const RunStep& step);
  /// After `step` steps.
  void add(double step, const HeldOut& held_out);
  HeldOut look(std::size_t at) const;
};

}  // namespace nanscope
