#include "engine/costs/requests/cost_requests.h"
#include "engine/experiment/lab_settings.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

Result<RunCosts> costs_of_run(const Experiment& experiment) {
  const Result<TrainingTask> task = training_task(experiment);
  if (!task) return tl::unexpected(task.error());
  Result<PlanDescription> plan = describe_training(experiment, *task);
  if (!plan) return tl::unexpected(plan.error());
  RunCosts costs{.of = experiment,
                 .plan = *std::move(plan),
                 .costs = {},
                 .walk = {},
                 .flops = {},
                 .timeline = {}};
  costs.costs = plan_costs(experiment, costs.plan);
  costs.walk = walk_of_plan(costs.plan, experiment.training.optimizer.kind);
  costs.flops = flops_by_layer(costs.plan, costs.walk);
  costs.timeline = step_timeline(experiment, costs.plan);
  const double batches = experiment.training.accumulation;
  for (LayerFlops& layer : costs.flops) {
    layer.forward *= batches;
    layer.by_input *= batches;
    layer.by_weight *= batches;
    layer.recomputed *= batches;
  }
  return costs;
}

}  // namespace

std::unique_ptr<Job> RunCostsRequest::make_job() const {
  return one_slice([asked = experiment](JobContext&) { return costs_of_run(asked); });
}

RunCostsRequest run_costs_request(const Experiment& experiment) {
  Experiment asked = with_settings_of(LabName::costs, {}, experiment);
  asked.costs = {};
  asked.compare = {};
  asked.lab = LabName::training;
  return {asked};
}

}  // namespace nanscope
