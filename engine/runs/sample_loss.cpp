#include "engine/runs/sample_loss.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones_like.h>

#include <algorithm>
#include <utility>

#include "engine/machine/memory.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

/// Of a pass that draws nothing.
PassContext in_training() {
  PassContext context;
  context.training = true;
  return context;
}

std::int64_t count_parameters(const Plan& plan) {
  std::int64_t count = 0;
  for (const PlanParameter& parameter : plan.description().parameters)
    count += plan.value(parameter.value).data().numel();
  return count;
}

/// Calls `each` with a parameter's value and its part of a flat tensor, in the value's shape.
template <class Each>
void for_each_part(const Plan& plan, const at::Tensor& flat, const Each& each) {
  std::int64_t first = 0;
  for (const PlanParameter& parameter : plan.description().parameters) {
    const Value& value = plan.value(parameter.value);
    const std::int64_t count = value.data().numel();
    each(value, flat.narrow(0, first, count).view(value.data().sizes()));
    first += count;
  }
}

}  // namespace

at::Tensor flat_parameters(const Plan& plan) {
  const bool wide =
      std::ranges::any_of(plan.description().parameters, [&](const PlanParameter& parameter) {
        return plan.value(parameter.value).data().scalar_type() == at::kDouble;
      });
  const at::Tensor flat = at::empty({count_parameters(plan)}, wide ? at::kDouble : at::kFloat);
  for_each_part(plan, flat, [](const Value& value, at::Tensor part) { part.copy_(value.data()); });
  return flat;
}

Result<std::unique_ptr<SampleLoss>> SampleLoss::make(const Experiment& experiment,
                                                     const TrainingTask& task,
                                                     const TableTensors& samples) {
  Experiment without = experiment;
  without.training.dropout = 0;
  without.training.recompute = 0;
  without.training.optimizer.kind = OptimizerKind::sgd;  // which keeps nothing
  const std::int64_t rows = samples.inputs.size(0);
  auto plan = describe_training(without, task, rows);
  if (!plan) return tl::unexpected(plan.error());
  if (const auto enough = check_memory(experiment.network, static_cast<int>(rows), plan->bytes(),
                                       available_memory());
      !enough)
    return tl::unexpected(enough.error());
  return std::unique_ptr<SampleLoss>(
      new SampleLoss(std::make_shared<const PlanDescription>(*std::move(plan)), samples));
}

SampleLoss::SampleLoss(std::shared_ptr<const PlanDescription> plan, const TableTensors& samples)
    : plan_(std::move(plan)),
      upstream_(at::ones_like(plan_.output().data())),
      gradient_(at::empty({count_parameters(plan_)}, at::kDouble)) {
  plan_.input().data().copy_(samples.inputs);
  plan_.input().round_data();
  plan_.value(plan_.description().target).data().copy_(samples.targets);
}

double SampleLoss::loss(const at::Tensor& theta) {
  for_each_part(plan_, theta, [](const Value& value, const at::Tensor& part) {
    value.data().copy_(part);
    value.round_data();
  });
  plan_.forward(nullptr, in_training());
  return plan_.output().data().item<double>();
}

const at::Tensor& SampleLoss::gradient() {
  plan_.forget_parameter_gradients();
  plan_.begin_backward(upstream_);
  plan_.backward(nullptr, in_training());
  for_each_part(plan_, gradient_,
                [](const Value& value, at::Tensor part) { part.copy_(value.gradient()); });
  return gradient_;
}

}  // namespace nanscope
