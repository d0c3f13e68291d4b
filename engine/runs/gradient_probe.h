#pragma once

#include <chrono>
#include <vector>

#include "engine/recipe/gradient_magnitudes.h"
#include "engine/runs/gradient_counts.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Of the formats of all gradients the one whose smallest number is the largest.
const NumberFormat& narrowest_gradient(const Plan& plan);

/// How large the gradients of a run are as they stand in its buffers: between a step's backward
/// pass and what is made of them.
GradientMagnitudes count_gradients(const TrainingRun& run);
/// The same from counts that were taken on the way, one for each layer of the plan.
GradientMagnitudes counted_gradients(const TrainingRun& run,
                                     const std::vector<GradientCounts>& by_layer);

/// Counts how large a step's gradients are.
class GradientProbe final : public StepWatch {
 public:
  explicit GradientProbe(const TrainingRun& run) : run_(run) {}
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
