#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/experiment/training.h"

// What each optimizer does to the parameters, by ATen's fused kernels where it has
// them; one file a family. What it
// computes is said by its OptimizerText (engine/plan/optimizers).
namespace nanscope {

/// The buffers that an optimizer reads and writes; one tensor a parameter in each list.
struct OptimizerBuffers {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  /// A list for each of OptimizerText::state. All zeros before the first step.
  std::vector<std::vector<at::Tensor>> state;
  /// For each parameter the count of steps, fp32: one tensor, listed again and again. Empty where
  /// the optimizer keeps none.
  std::vector<at::Tensor> steps;
};

/// One step, counted from 0, in the buffers.
using OptimizerStep = void (*)(const Optimizer& optimizer, const OptimizerBuffers& buffers,
                               std::int64_t step);

OptimizerStep optimizer_step(OptimizerKind kind);

void step_sgd(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
void step_adagrad(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
void step_rmsprop(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
void step_lion(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
/// u of LAMB's equation; takes the gradient into m and v.
at::Tensor lamb_direction(const Optimizer& optimizer, std::int64_t step, const at::Tensor& theta,
                          const at::Tensor& g, at::Tensor m, at::Tensor v);
void step_lamb(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
void step_adabelief(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
/// Of matrices (rows,columns) alone.
void step_muon(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);
void step_adam(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step);

}  // namespace nanscope
