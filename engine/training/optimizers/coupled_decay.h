#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/add.h>

#include "engine/experiment/training.h"

namespace nanscope {

/// g + lambda theta, a new tensor; g itself without decay.
inline at::Tensor with_coupled_decay(const Optimizer& optimizer, const at::Tensor& theta,
                                     const at::Tensor& g) {
  return optimizer.weight_decay == 0 ? g : g.add(theta, optimizer.weight_decay);
}

}  // namespace nanscope
