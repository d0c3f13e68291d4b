#pragma once

#include <ATen/core/Generator.h>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/network/plan.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_record.h"
#include "engine/runs/evaluation.h"
#include "engine/runs/layer_probe.h"
#include "engine/runs/samples.h"
#include "engine/runs/surface_probe.h"
#include "engine/training/loss_scaler.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

/// Who looks at a run while it takes a step: between the operations of its passes, and after each
/// part of the step.
class StepWatch : public OperationWatch {
 public:
  using OperationWatch::after;
  virtual void after(StepPhase phase) = 0;
};

/// What a look at a step adds to it.
struct StepLook {
  bool layers = false;         ///< the layers' statistics, at whatever step
  StepWatch* watch = nullptr;  ///< may be null
};

/// What a run is made of: networks that train side by side share the task and the table, and each
/// has its part of the buffers.
struct RunParts {
  const TrainingTask& task;
  const TableTensors& table;                    ///< undefined where samples are drawn
  std::shared_ptr<const PlanDescription> plan;  ///< of one network
  std::vector<at::Tensor> buffers;
  bool looks_at_plane = true;
};

/// Tensors that a run holds beside its plan's buffers, and what for.
struct HeldTensors {
  std::string_view what;
  std::vector<at::Tensor> tensors = {};
};

/// A run's state: parameters, optimizer state, generator, place in the data. Random draws are
/// PyTorch's: one generator with the experiment's seed gives the parameters in the plan's order,
/// then each step's samples.
class TrainingRun {
 public:
  /// Of one network. Draws the parameters. Errors: an experiment that cannot be trained
  /// (training_task()), memory that is not enough.
  static Result<std::unique_ptr<TrainingRun>> make(const Experiment& experiment);
  /// The same of parts that are there.
  TrainingRun(const Experiment& experiment, RunParts parts);

  /// Forward, loss and backward for each batch, clipping, optimizer. Keeps no memory, but for the
  /// order of a new epoch.
  RunStep step(const StepLook& look = {});
  /// From the next step on: of a spec that differs in live keys alone.
  void change(const TrainingSpec& training);
  /// The held-out rows with the parameters as they are; nothing where none are held out.
  std::optional<HeldOut> look_at_held_out();
  /// What a network, this one or another one of its shapes, makes of the plane that its samples lie
  /// in; nothing where they lie in none.
  std::optional<DecisionSurface> look_at_plane(const Plan& network);
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
  /// Samples::trained().
  TableTensors trained(std::int64_t most) const { return samples_->trained(most); }
  /// RunSummary::batches_per_epoch.
  std::int64_t batches_per_epoch() const { return samples_->batches_per_epoch(); }
  /// Whether parameters, optimizer state and running statistics are finite.
  bool is_finite() const { return nonfinite_value() == nullptr; }
  /// The first of these that is not; null where all are.
  const Value* nonfinite_value() const;
  /// The bytes of these.
  std::int64_t state_bytes() const;
  const Plan& plan() const { return *plan_; }
  /// All that it holds beside its plan's buffers between two steps, unless layers are looked at.
  std::vector<HeldTensors> beside_plan() const;
  const TrainingSpec& training() const { return training_; }
  /// What the optimizer reads and writes.
  const OptimizerBuffers& buffers() const { return buffers_; }
  /// Of each parameter's gradient, in the order of the plan's parameters, and of all.
  const at::Tensor& gradient_norms() const { return norms_; }
  const at::Tensor& gradient_norm() const { return norm_; }

 private:
  /// Of the tensors of a checkpoint.
  std::vector<std::string> kept_names() const;
  void draw_parameters(const Init& init);
  void list_buffers();
  void make_samples(const Experiment& experiment, const RunParts& parts);
  /// Forward and backward of every batch of a step, the last one seen by the probe; the mean of
  /// their losses.
  double pass_batches(const Probe& probe, StepWatch* watch);
  /// Adds the gradient of the penalty for large parameters: TrainingSpec::l1 and l2.
  void add_penalty();
  bool has_penalty() const { return training_.l1 > 0 || training_.l2 > 0; }
  /// To their emulated format, as any operation's result.
  void round_gradients();
  /// The norms; `as_seen`: of gradients that are as the step's probe saw them.
  double measure_gradients(bool as_seen);
  void clip_gradients();
  /// Makes what steps whose layers are looked at need.
  void begin_to_look();
  /// The kernels that measure all weights as they move them; null where there are none.
  const MoveKernels* weight_kernels() const;
  /// The optimizer's step of all, and the look at the weights; of one that is skipped nothing but
  /// the look.
  void move_seen_parameters(const Optimizer& optimizer, bool skipped);
  void move_counted_parameters(const Optimizer& optimizer);
  void move_ranges(const Optimizer& optimizer, bool skipped);

  TrainingSpec training_;
  OptimizerStep take_step_;
  std::unique_ptr<Plan> plan_;
  at::Generator generator_;
  std::unique_ptr<Samples> samples_;
  std::optional<LossScaler> scaler_;        ///< where the loss is scaled
  std::unique_ptr<Evaluation> evaluation_;  ///< where something is held out
  std::unique_ptr<SurfaceProbe> surface_;   ///< where samples are points of a plane
  OptimizerBuffers buffers_;
  std::optional<LayerProbe> probe_;  ///< from the first step on whose layers are looked at
  std::vector<OptimizerBuffers> seen_buffers_;  ///< then: one for each of its ranges
  const MoveKernels* kernels_ = nullptr;        ///< then: weight_kernels()
  OptimizerBuffers other_buffers_;              ///< then: of what is no weight
  std::vector<const Value*> kept_;              ///< parameters and what goes on from step to step
  at::Tensor upstream_;                         ///< dL/dL = loss scale / batches of a step
  at::Tensor norms_, norm_;                     ///< of each parameter's gradient, and of all
  at::Tensor kept_share_;                       ///< of the gradients, when they are clipped
  std::vector<at::Tensor> norm_places_;         ///< each a view of norms_
  bool counts_gradients_ = false;               ///< where layers are looked at
  std::int64_t step_ = 0;
};

/// A live change before the next step: in the run, and in the experiment as it is now.
void apply_change(const LiveChange& change, Experiment& now, TrainingRun& run);

}  // namespace nanscope
