#pragma once

#include <random>

#include "engine/experiment/experiment.h"
#include "engine/experiment/validate.h"
#include "engine/plan/task.h"

// Small training runs of every kind that the engine has.
namespace nanscope {

template <class T>
T any_named(std::mt19937& generator) {
  const auto& all = Names<T>::all;
  return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(generator)].first;
}

/// One that can be trained, of one network.
inline Experiment random_run(std::mt19937& generator) {
  const auto number = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(generator);
  };
  const auto one_in = [&](int many) { return number(1, many) == 1; };
  Experiment experiment;
  do {
    experiment.network.model = {.kind = any_named<ModelKind>(generator),
                                .depth = number(1, 6),
                                .width = number(8, 40),
                                .activation = any_named<Activation>(generator),
                                .norm = any_named<Norm>(generator),
                                .residual = one_in(2),
                                .bias = one_in(2)};
    experiment.network.precision = any_named<Precision>(generator);
    experiment.network.execution = one_in(3) ? Execution::emulated : Execution::automatic;
    experiment.network.init.scheme = InitScheme::kaiming;
    experiment.data.kind = one_in(2)   ? DataKind::teacher
                           : one_in(2) ? DataKind::spiral
                                       : DataKind::constant_norm;
    experiment.data.batch = number(2, 40);
    TrainingSpec& training = experiment.training;
    training = {};
    training.optimizer = with_kind({}, any_named<OptimizerKind>(generator));
    training.optimizer.lr = 1e-4;
    if (one_in(3)) training.optimizer.weight_decay = 1e-3;
    training.dropout = one_in(4) ? 0.25 : 0;
    training.l1 = one_in(6) ? 1e-4 : 0;
    training.clip_norm = one_in(4) ? 1 : 0;
    training.loss_scale.kind = any_named<LossScaleKind>(generator);
    training.recompute = one_in(3) ? number(2, 4) : 0;
    training.accumulation = one_in(3) ? number(2, 3) : 1;
  } while (!validate(experiment).empty() || !training_task(experiment));
  return experiment;
}

}  // namespace nanscope
