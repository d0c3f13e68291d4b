#pragma once

#include <optional>

#include "engine/base/result.h"
#include "engine/plan/description.h"
#include "engine/plan/task.h"
#include "engine/precision/precision.h"

namespace nanscope {

/// What is added to a model for training it.
struct TrainingPlan {
  Loss loss = Loss::mse;     ///< not automatic
  std::int64_t outputs = 1;  ///< of the head: numbers, or classes
  OptimizerKind optimizer = OptimizerKind::adam;
};

struct PlanOptions {
  std::int64_t batch = 1;
  std::int64_t features = 0;  ///< C of the input (B,C); where it is not the width, a layer is added
  GradientPolicy gradients = GradientPolicy::shared;
  std::optional<TrainingPlan> training = {};
  double dropout = 0;  ///< share of each layer's activations that become 0 in training
  int recompute = 0;   ///< TrainingSpec::recompute
  /// Whether norms of batches keep statistics for evaluation: in runs.
  bool running = false;
};

/// The plan of a network: costs nothing but this list, however large the network.
PlanDescription describe_plan(const NetworkSpec& network, const PrecisionRow& precision,
                              const PlanOptions& options);

/// How the Signal lab's pass keeps gradients: it looks at them between operations, which a GPU's
/// captured graph does not allow.
constexpr GradientPolicy gradients_of_pass(bool cuda) {
  return cuda ? GradientPolicy::kept : GradientPolicy::shared;
}

/// The plan of the Signal lab's pass, or, with `gradients`, of one that keeps them in another way.
/// Of a valid experiment. Reads the width of the data. Device "auto" is the CPU here, where nobody
/// asks for a GPU. Errors: a precision that the device does not have, data that cannot be read.
Result<PlanDescription> describe_pass(const NetworkSpec& network, const DataSpec& data,
                                      std::optional<GradientPolicy> gradients);

/// The plan of a training step: the model, its head, the loss, the optimizer's state. `batch`:
/// rows, where they are not the experiment's. Errors: a precision that the device does not have.
Result<PlanDescription> describe_training(const Experiment& experiment, const TrainingTask& task,
                                          std::optional<std::int64_t> batch = {});

}  // namespace nanscope
