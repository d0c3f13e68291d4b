#pragma once

#include <ATen/core/Generator.h>

#include <memory>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/network/plan.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_record.h"
#include "engine/runs/evaluation.h"
#include "engine/runs/samples.h"
#include "engine/training/loss_scaler.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

/// A run's state: parameters, optimizer state, generator, place in the data. Random draws are
/// PyTorch's: one generator with the experiment's seed gives the parameters in the plan's order,
/// then each step's samples.
class TrainingRun {
 public:
  /// Draws the parameters. Errors: an experiment that cannot be trained (training_task()), memory
  /// that is not enough.
  static Result<std::unique_ptr<TrainingRun>> make(const Experiment& experiment);

  /// Forward, loss and backward for each batch, clipping, optimizer. Keeps no memory, but for the
  /// order of a new epoch.
  RunStep step();
  /// From the next step on: of a spec that differs in live keys alone.
  void change(const TrainingSpec& training);
  /// The held-out rows with the parameters as they are; nothing where none are held out.
  std::optional<HeldOut> look_at_held_out();
  /// The next step's loss is multiplied by loss_scale.init again.
  void restart_loss_scale() {
    if (scaler_) scaler_->restart();
  }
  /// What the next step's loss is multiplied by, if by anything.
  std::optional<double> loss_scale() const {
    return scaler_ ? std::optional(scaler_->scale()) : std::nullopt;
  }
  std::int64_t steps_done() const { return step_; }
  /// Of these, how many left the parameters as they were: loss scaling found an overflow.
  std::int64_t steps_skipped() const { return scaler_ ? scaler_->skipped() : 0; }
  /// Writes its state into a checkpoint: the steps that were done, and the tensors.
  void save(Checkpoint& checkpoint) const;
  /// Takes the state of a run of the same experiment: the next step has the bits that it would have
  /// had there. Errors: tensors of another model, and such as no run leaves.
  Result<void> restore(const Checkpoint& checkpoint);
  const Plan& plan() const { return *plan_; }
  /// What the file at data.path held, where one is read.
  const std::optional<FileBytes>& data() const { return data_; }

 private:
  TrainingRun(const Experiment& experiment, const TrainingTask& task,
              std::shared_ptr<const PlanDescription> plan);

  void draw_parameters(const Init& init);
  void list_buffers();
  void make_samples(const Experiment& experiment, const TrainingTask& task);
  /// Forward and backward of every batch of a step, the last one seen by the probe; the mean of
  /// their losses.
  double pass_batches(const Probe& probe);
  double gradient_norm();
  void clip_gradients();

  TrainingSpec training_;
  OptimizerStep take_step_;
  std::unique_ptr<Plan> plan_;
  at::Generator generator_;
  std::optional<FileBytes> data_;
  std::unique_ptr<Samples> samples_;
  std::optional<LossScaler> scaler_;        ///< where the loss is scaled
  std::unique_ptr<Evaluation> evaluation_;  ///< where something is held out
  OptimizerBuffers buffers_;
  std::vector<const Value*> kept_;       ///< parameters and what the optimizer keeps
  at::Tensor upstream_;                  ///< dL/dL = loss scale / batches of a step
  at::Tensor norms_, norm_;              ///< of each parameter's gradient, and of all
  at::Tensor kept_share_;                ///< of the gradients, when they are clipped
  std::vector<at::Tensor> norm_places_;  ///< each a view of norms_
  std::int64_t step_ = 0;
};

}  // namespace nanscope
