#include <ATen/ops/_fused_sgd.h>

#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_sgd(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step) {
  // Without momentum PyTorch knows neither velocity nor dampening.
  const bool has_velocity = !buffers.state.empty() && optimizer.momentum > 0;
  const bool nesterov = has_velocity && optimizer.kind == OptimizerKind::nesterov;
  at::_fused_sgd_(buffers.parameters, buffers.gradients,
                  has_velocity ? at::TensorList(buffers.state[0]) : at::TensorList(),
                  optimizer.weight_decay, has_velocity ? optimizer.momentum : 0, optimizer.lr,
                  has_velocity && !nesterov ? optimizer.dampening : 0, nesterov,
                  /*maximize=*/false, /*is_first_step=*/step == 0);
}

}  // namespace nanscope
