#pragma once

#include <chrono>

#include "engine/recipe/gradient_magnitudes.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Counts how large a step's gradients are, between its backward pass and what is made of them.
class GradientProbe final : public StepWatch {
 public:
  /// Before the step.
  explicit GradientProbe(const TrainingRun& run);
  void before(int, Direction) override {}
  void after(int, Direction) override {}
  void after(StepPhase phase) override;

  /// After the step.
  const GradientMagnitudes& magnitudes() const { return magnitudes_; }
  /// The time that counting took.
  std::chrono::steady_clock::duration taken() const { return taken_; }

 private:
  const TrainingRun& run_;
  GradientMagnitudes magnitudes_;
  std::chrono::steady_clock::duration taken_{};
};

}  // namespace nanscope
