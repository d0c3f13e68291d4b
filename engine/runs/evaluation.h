#pragma once

#include <memory>

#include "engine/network/plan.h"
#include "engine/plan/task.h"
#include "engine/recipe/run_record.h"
#include "engine/runs/samples.h"

namespace nanscope {

/// What a run has learned, parameters and running statistics, into a plan of the same network.
void copy_learned(Plan& plan, const Plan& run);

/// The held-out rows through the parameters of a run, all at once, in a plan of their own.
class Evaluation {
 public:
  /// `rows`: those held out.
  Evaluation(std::shared_ptr<const PlanDescription> plan, const TrainingTask& task,
             const TableTensors& rows);

  /// With the parameters of `run`.
  HeldOut look(const Plan& run);
  const Plan& plan() const { return plan_; }

 private:
  Plan plan_;
  bool classes_;
};

}  // namespace nanscope
