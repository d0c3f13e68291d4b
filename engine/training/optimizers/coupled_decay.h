#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/add.h>

#include "engine/experiment/training.h"
#include "engine/training/optimizers/add_scaled.h"

namespace nanscope {

/// g + lambda theta, a new tensor; g itself without decay.
inline at::Tensor with_coupled_decay(const Optimizer& optimizer, const at::Tensor& theta,
                                     const at::Tensor& g) {
  const double decay = optimizer.weight_decay;
  if (decay == 0) return g;
  return holds(g, decay) ? g.add(theta, decay) : g.add(theta.mul(decay));
}

}  // namespace nanscope
