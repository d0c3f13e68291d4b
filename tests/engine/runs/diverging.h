#pragma once

#include <cmath>
#include <random>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// Small runs that like to diverge.
class Diverging {
 public:
  explicit Diverging(unsigned seed) : random_(seed) {}

  Experiment next() {
    Experiment experiment;
    experiment.lab = LabName::training;
    NetworkSpec& network = experiment.network;
    network.seed = random_();
    network.model = {.depth = whole(1, 5),
                     .width = whole(8, 12),
                     .activation = one_of<Activation>(),
                     .norm = chance(0.3) ? one_of<Norm>() : Norm::none,
                     .residual = chance(0.3),
                     .bias = chance(0.4)};
    network.init.scheme = chance(0.5) ? InitScheme::normal : one_of<InitScheme>();
    network.init.gain = std::pow(10, real(-1, chance(0.3) ? 6 : 1));
    constexpr Precision kPrecisions[] = {Precision::fp32, Precision::bf16, Precision::fp16,
                                         Precision::e4m3, Precision::mixed_fp16};
    network.precision = kPrecisions[whole(0, 4)];
    experiment.data.kind = chance(0.5) ? DataKind::teacher : DataKind::spiral;
    experiment.data.batch = whole(3, 9);
    TrainingSpec& training = experiment.training;
    training.optimizer = with_kind({}, one_of<OptimizerKind>());
    training.optimizer.lr = std::pow(10, real(-2, 6));
    if (chance(0.4)) training.optimizer.weight_decay = real(0, 1);
    if (chance(0.2)) training.optimizer.eps = 0;
    if (training.optimizer.kind == OptimizerKind::muon) network.model.bias = false;
    if (chance(0.2)) training.dropout = real(0.1, 0.9);
    if (chance(0.2)) training.clip_norm = real(0.1, 10);
    if (chance(0.1)) training.l1 = std::pow(10, real(-2, 6));
    if (chance(0.1)) training.l2 = std::pow(10, real(-2, 6));
    if (chance(0.2)) training.accumulation = 2;
    if (chance(0.2)) training.recompute = whole(2, 4);
    if (network.precision == Precision::mixed_fp16 && chance(0.5))
      training.loss_scale.kind = LossScaleKind::dynamic;
    training.steps = 12;
    return experiment;
  }

 private:
  int whole(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
  double real(double from, double to) { return std::uniform_real_distribution(from, to)(random_); }
  bool chance(double share) { return real(0, 1) < share; }
  template <class E>
  E one_of() {
    const auto& all = Names<E>::all;
    return all[static_cast<std::size_t>(whole(0, static_cast<int>(all.size()) - 1))].first;
  }

  std::mt19937 random_;
};

}  // namespace nanscope
