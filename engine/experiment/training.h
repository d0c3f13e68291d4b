#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"

// The group of an experiment that says how the network is trained.
namespace nanscope {

struct Key;

enum class OptimizerKind { sgd, momentum, adam, adamw };

struct Optimizer {
  OptimizerKind kind = OptimizerKind::adam;
  double lr = 1e-3;
  bool operator==(const Optimizer&) const = default;
};

/// Carried for training; the signal at initialization does not depend on it.
struct TrainingSpec {
  Optimizer optimizer;
  int steps = 200;  ///< training steps, 1..1e9
  bool operator==(const TrainingSpec&) const = default;
};

/// "optimizer.kind", "optimizer.lr", "steps".
std::vector<Key> training_keys();

template <>
struct Names<OptimizerKind> {
  static constexpr std::array<std::pair<OptimizerKind, std::string_view>, 4> all{
      {{OptimizerKind::sgd, "sgd"},
       {OptimizerKind::momentum, "momentum"},
       {OptimizerKind::adam, "adam"},
       {OptimizerKind::adamw, "adamw"}}};
};

}  // namespace nanscope
