#pragma once

#include <ATen/core/Tensor.h>

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "engine/runs/training_run.h"

namespace nanscope {

/// Checks what each part of a step wrote, in the order of the step, and tells of the first number
/// that is not finite. Knows the plan, and nothing of autopsies.
class BruteForce final : public StepWatch {
 public:
  explicit BruteForce(const TrainingRun& run) : run_(run) {}

  struct Found {
    StepPhase phase = StepPhase::forward;
    int operation = -1;
    std::string tensor;
    std::int64_t index = 0;
    double value = 0;
  };
  std::optional<Found> found;
  /// All tensors of the plan before the part that wrote it, and after it.
  std::map<std::string, at::Tensor> before_it, after_it;
  double scale = 1;  ///< of the loss, in this step

  void before(int operation, Direction direction) override {
    if (found) return;
    const PlanDescription& plan = run_.plan().description();
    if (operation == 0 && direction == Direction::forward) {
      for (const PlanParameter& parameter : plan.parameters) {
        check(StepPhase::forward, -1, parameter.value);
        for (const ValueId state : parameter.state) check(StepPhase::forward, -1, state);
      }
      for (const ValueId given : {plan.input, plan.target}) check(StepPhase::forward, -1, given);
    }
    if (direction == Direction::backward &&
        operation + 1 == static_cast<int>(plan.operations.size()))
      check(StepPhase::backward, -1, plan.value(plan.output).gradient);
    scale = run_.loss_scale().value_or(1);
    copy();
  }

  void after(int operation, Direction direction) override {
    const PlanDescription& plan = run_.plan().description();
    const PlanOperation& done = plan.operations[static_cast<std::size_t>(operation)];
    if (direction == Direction::forward) {
      for (const ValueId id : done.saved)
        if (plan.value(id).role == ValueRole::saved) check(StepPhase::forward, operation, id);
      for (const ValueId id : done.inputs)
        if (plan.value(id).role == ValueRole::running) check(StepPhase::forward, operation, id);
      for (const ValueId id : done.outputs) check(StepPhase::forward, operation, id);
    } else {
      for (const ValueId id : done.inputs)
        if (plan.value(id).gradient != kNoValue)
          check(StepPhase::backward, operation, plan.value(id).gradient);
    }
    copy();
  }

  void after(StepPhase phase) override {
    const PlanDescription& plan = run_.plan().description();
    if (phase == StepPhase::gradient_norm) {
      for (std::size_t i = 0; i < plan.parameters.size(); ++i)
        check(phase, -1,
              "norm(" + plan.value(plan.value(plan.parameters[i].value).gradient).name + ")",
              run_.gradient_norms().select(0, static_cast<std::int64_t>(i)));
      check(phase, -1, "norm", run_.gradient_norm());
    } else if (phase != StepPhase::backward) {
      for (const PlanParameter& parameter : plan.parameters) {
        if (phase != StepPhase::optimizer)
          check(phase, -1, plan.value(parameter.value).gradient);
        else
          for (const ValueId state : parameter.state) check(phase, -1, state);
        if (phase == StepPhase::optimizer) check(phase, -1, parameter.value);
      }
    }
    copy();
  }

 private:
  void check(StepPhase phase, int operation, ValueId id) {
    const Value& value = run_.plan().value(id);
    check(phase, operation, value.name(), value.data());
  }

  void check(StepPhase phase, int operation, const std::string& name, const at::Tensor& tensor) {
    if (found) return;
    const at::Tensor wide = tensor.to(at::kDouble).contiguous();
    const double* values = wide.const_data_ptr<double>();
    for (std::int64_t i = 0; i < wide.numel(); ++i) {
      if (std::isfinite(values[i])) continue;
      found = {phase, operation, name, i, values[i]};
      before_it = std::move(latest_);
      after_it = tensors();
      return;
    }
  }

  std::map<std::string, at::Tensor> tensors() const {
    std::map<std::string, at::Tensor> all;
    for (const Value& value : run_.plan().values()) all[value.name()] = value.data().clone();
    return all;
  }
  void copy() {
    if (!found) latest_ = tensors();
  }

  const TrainingRun& run_;
  std::map<std::string, at::Tensor> latest_;
};

}  // namespace nanscope
