#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>

#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_adam(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step) {
  const bool amsgrad = optimizer.kind == OptimizerKind::amsgrad;
  const at::TensorList largest = amsgrad ? at::TensorList(buffers.state[2]) : at::TensorList();
  *buffers.steps[0].mutable_data_ptr<float>() = static_cast<float>(step + 1);
  const auto adam = [&](const auto& kernel) {
    kernel(buffers.parameters, buffers.gradients, buffers.state[0], buffers.state[1], largest,
           buffers.steps, optimizer.lr, optimizer.beta1, optimizer.beta2, optimizer.weight_decay,
           optimizer.eps, amsgrad, /*maximize=*/false);
  };
  if (optimizer.kind == OptimizerKind::adamw)
    adam([](const auto&... arguments) { at::_fused_adamw_(arguments...); });
  else
    adam([](const auto&... arguments) { at::_fused_adam_(arguments...); });
}

}  // namespace nanscope
