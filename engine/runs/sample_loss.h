#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "engine/base/result.h"
#include "engine/network/plan.h"
#include "engine/plan/task.h"
#include "engine/runs/samples.h"

namespace nanscope {

/// The parameters of a plan, one behind the other in its order: (P), in fp32, or in fp64 where one
/// of them is. Exact: other formats fit into fp32.
at::Tensor flat_parameters(const Plan& plan);

/// The loss of a run's network as a function of its parameters theta (P), fp64, on samples that
/// stay: in the run's precision, to which theta is rounded first. As in a step of the run, a batch
/// norm takes the statistics of these samples; nothing is dropped, no penalty is added, and the
/// loss is not scaled.
class SampleLoss {
 public:
  /// Errors: memory that is not enough.
  static Result<std::unique_ptr<SampleLoss>> make(const Experiment& experiment,
                                                  const TrainingTask& task,
                                                  const TableTensors& samples);

  double loss(const at::Tensor& theta);
  /// dL/dtheta (P) where loss() was last: fp64, valid until it is called again.
  const at::Tensor& gradient();
  const Plan& plan() const { return plan_; }

 private:
  SampleLoss(std::shared_ptr<const PlanDescription> plan, const TableTensors& samples);

  Plan plan_;
  at::Tensor upstream_;  ///< dL/dL = 1
  at::Tensor gradient_;
};

}  // namespace nanscope
