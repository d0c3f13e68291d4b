#pragma once

#include <memory>
#include <vector>

#include "engine/network/plan.h"
#include "engine/plan/language_model.h"
#include "engine/pytorch/language_script.h"
#include "engine/runs/byte_windows.h"
#include "engine/training/initialize.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

/// A transformer that learns a file's bytes on its plan, as the script of the run does.
class LanguageTrainer {
 public:
  /// `folder`: of the run's path.
  LanguageTrainer(const LanguageRun& run, const std::string& folder)
      : run_(run),
        plan_(std::make_shared<const PlanDescription>(describe_language_model(
            run.model, run.transformer,
            *precision_row(run.fp64 ? Precision::fp64 : Precision::fp32, Execution::automatic,
                           /*cuda=*/false),
            {.batch = run.batch, .optimizer = run.optimizer.kind}))),
        windows_(ByteFile::open(folder + run.path).value(), {0, run.trained_bytes}, run.batch,
                 run.transformer.length),
        generator_(seeded_generator(run.seed)),
        upstream_(at::ones_like(plan_.output().data())) {
    for (const PlanParameter& one : plan_.description().parameters)
      plan_.value(one.value).data().copy_(
          draw_parameter(run.init, one.draw, generator_).mul_(scale_of(run.init, one.draw.init)));
    list_buffers();
  }

  const Plan& plan() const { return plan_; }
  /// Takes one and returns its loss.
  double step(const Probe& probe = {}) {
    const PassContext context{.training = true, .generator = generator_, .step = step_};
    windows_.write_next(plan_.input(), plan_.value(plan_.description().target), generator_);
    plan_.forget_parameter_gradients();
    plan_.forward(probe, context);
    plan_.begin_backward(upstream_);
    plan_.backward(probe, context);
    optimizer_step(run_.optimizer.kind)(run_.optimizer, buffers_, step_++);
    return plan_.output().data().item<double>();
  }

 private:
  void list_buffers() {
    const PlanDescription& description = plan_.description();
    buffers_.state.resize(description.parameters.front().state.size());
    for (const PlanParameter& one : description.parameters) {
      buffers_.parameters.push_back(plan_.value(one.value).data());
      buffers_.gradients.push_back(plan_.value(one.value).gradient());
      if (description.optimizer_step != kNoValue)
        buffers_.steps.push_back(plan_.value(description.optimizer_step).data().zero_());
      for (std::size_t i = 0; i < one.state.size(); ++i)
        buffers_.state[i].push_back(plan_.value(one.state[i]).data().zero_());
    }
  }

  LanguageRun run_;
  Plan plan_;
  ByteWindows windows_;
  at::Generator generator_;
  at::Tensor upstream_;  ///< dL/dL
  OptimizerBuffers buffers_;
  std::int64_t step_ = 0;
};

}  // namespace nanscope
