#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/experiment/loss_scale.h"

// The group of an experiment that says how the network is trained.
namespace nanscope {

struct Key;

enum class OptimizerKind {
  sgd,
  momentum,
  nesterov,
  adagrad,
  rmsprop,
  adam,
  adamw,
  amsgrad,
  lion,
  lamb,
  adabelief,
  muon
};

/// An optimizer reads those of the settings that its equation has (engine/plan/optimizers).
struct Optimizer {
  OptimizerKind kind = OptimizerKind::adam;
  double lr = 1e-3;
  double momentum = 0.9;    ///< momentum, nesterov, rmsprop, muon
  double dampening = 0;     ///< momentum
  double alpha = 0.99;      ///< rmsprop
  double beta1 = 0.9;       ///< adam and its kin, lion
  double beta2 = 0.999;     ///< adam and its kin, lion
  double eps = 1e-8;        ///< all that divide
  double weight_decay = 0;  ///< decoupled (adamw, lion, lamb, muon) or added to the gradient
  bool operator==(const Optimizer&) const = default;
};

/// The settings with another kind: those that stand at the former kind's default (PyTorch's, where
/// it has the optimizer) take that of the new one.
Optimizer with_kind(Optimizer optimizer, OptimizerKind kind);

/// What a run makes small. `automatic`: cross_entropy where the targets are classes, else mse.
enum class Loss { automatic, mse, cross_entropy };

/// How the learning rate goes from step to step, times optimizer.lr (engine/plan/schedules).
enum class ScheduleKind { constant, warmup, step, linear, cosine, one_cycle };

struct Schedule {
  ScheduleKind kind = ScheduleKind::constant;
  int warmup = 0;       ///< steps of a linear rise in front of all but constant and one_cycle
  int period = 100;     ///< step: steps from one fall to the next
  double factor = 0.1;  ///< step: of a fall
  double final = 0;     ///< linear, cosine: share of the rate that is left at the end
  bool operator==(const Schedule&) const = default;
};

/// The signal at initialization does not depend on it.
struct TrainingSpec {
  Optimizer optimizer;
  Schedule schedule;
  Loss loss = Loss::automatic;
  double dropout = 0;  ///< share of each layer's activations that become 0, 0..0.95
  /// Added to the gradient of every parameter w, as by a penalty l1 sum |w| + l2 sum w^2 that the
  /// loss which is told leaves out: l1 sign(w) + 2 l2 w.
  double l1 = 0, l2 = 0;
  double clip_value = 0;  ///< the most that an element of a gradient may be; 0: any
  double clip_norm = 0;   ///< the most that the norm of all gradients may be; 0: any
  LossScale loss_scale;
  /// Segments of the model's layers, of which all but the last one's activations are dropped and
  /// computed again on the way back (Chen et al. 2016); a layer is the smallest. 0: none.
  int recompute = 0;
  int accumulation = 1;  ///< batches whose gradients a step averages, 1..1e6
  int steps = 200;       ///< training steps, 1..1e9
  int statistics = 0;    ///< steps from one look at the layers' tensors to the next; 0: none
  int evaluate = 0;      ///< steps from one look at what is held out to the next; 0: none
  bool operator==(const TrainingSpec&) const = default;
};

/// "optimizer.kind", ..., "schedule.kind", ..., "loss", "regularization.l1", ".l2", "clip.value",
/// "clip.norm", "recompute", "accumulation", "statistics", "evaluate", "steps"; "model.dropout".
std::vector<Key> training_keys();

template <>
struct Names<OptimizerKind> {
  static constexpr std::array<std::pair<OptimizerKind, std::string_view>, 12> all{
      {{OptimizerKind::sgd, "sgd"},
       {OptimizerKind::momentum, "momentum"},
       {OptimizerKind::nesterov, "nesterov"},
       {OptimizerKind::adagrad, "adagrad"},
       {OptimizerKind::rmsprop, "rmsprop"},
       {OptimizerKind::adam, "adam"},
       {OptimizerKind::adamw, "adamw"},
       {OptimizerKind::amsgrad, "amsgrad"},
       {OptimizerKind::lion, "lion"},
       {OptimizerKind::lamb, "lamb"},
       {OptimizerKind::adabelief, "adabelief"},
       {OptimizerKind::muon, "muon"}}};
};
template <>
struct Names<ScheduleKind> {
  static constexpr std::array<std::pair<ScheduleKind, std::string_view>, 6> all{
      {{ScheduleKind::constant, "constant"},
       {ScheduleKind::warmup, "warmup"},
       {ScheduleKind::step, "step"},
       {ScheduleKind::linear, "linear"},
       {ScheduleKind::cosine, "cosine"},
       {ScheduleKind::one_cycle, "one_cycle"}}};
};
template <>
struct Names<Loss> {
  static constexpr std::array<std::pair<Loss, std::string_view>, 3> all{
      {{Loss::automatic, "auto"}, {Loss::mse, "mse"}, {Loss::cross_entropy, "cross_entropy"}}};
};

}  // namespace nanscope
