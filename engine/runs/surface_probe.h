#pragma once

#include <memory>

#include "engine/network/plan.h"
#include "engine/plan/task.h"
#include "engine/recipe/decision_surface.h"

namespace nanscope {

/// The points of a grid through the parameters of a run, all at once, in a plan of their own.
class SurfaceProbe {
 public:
  /// Null where the samples are no points of a plane in classes, or where the plan of the grid
  /// would hold more memory than a picture is worth.
  static std::unique_ptr<SurfaceProbe> make(const Experiment& experiment, const TrainingTask& task);

  /// With the parameters of `run`.
  DecisionSurface look(const Plan& run);
  const Plan& plan() const { return plan_; }

 private:
  SurfaceProbe(std::shared_ptr<const PlanDescription> plan, DecisionSurface grid, bool are_logits);

  Plan plan_;
  DecisionSurface grid_;  ///< without what was found there
  bool are_logits_;
};

}  // namespace nanscope
