#include "engine/runs/evaluation.h"

#include <ATen/ops/argmax.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/mean.h>

#include <utility>

namespace nanscope {

Evaluation::Evaluation(std::shared_ptr<const PlanDescription> plan, const TrainingTask& task,
                       const TableTensors& rows)
    : plan_(std::move(plan)), classes_(task.table.classes > 0) {
  plan_.input().data().copy_(rows.inputs);
  plan_.input().round_data();
  plan_.value(plan_.description().target).data().copy_(rows.targets);
}

void copy_learned(Plan& plan, const Plan& run) {
  for (const PlanParameter& parameter : plan.description().parameters)
    plan.value(parameter.value).data().copy_(run.value(parameter.value).data());
  for (std::size_t i = 0; i < plan.description().running.size(); ++i) {
    const auto [mean, variance] = plan.description().running[i];
    const RunningStatistics& of_run = run.description().running[i];
    plan.value(mean).data().copy_(run.value(of_run.mean).data());
    plan.value(variance).data().copy_(run.value(of_run.variance).data());
  }
}

HeldOut Evaluation::look(const Plan& run) {
  copy_learned(plan_, run);
  plan_.forward(nullptr);
  HeldOut seen{.loss = plan_.output().data().item<double>()};
  if (classes_) {
    const PlanDescription& plan = plan_.description();
    const Value& scores = plan_.value(plan.operations.back().inputs[0]);
    // argmax() takes a NaN for the largest score.
    const at::Tensor no_number = scores.data().isnan().any(-1);
    const at::Tensor right = at::argmax(scores.data(), -1)
                                 .eq(at::argmax(plan_.value(plan.target).data(), -1))
                                 .logical_and(no_number.logical_not());
    seen.nan_rows = no_number.sum().item<std::int64_t>();
    seen.accuracy = right.to(at::kDouble).mean().item<double>();
  }
  return seen;
}

}  // namespace nanscope
