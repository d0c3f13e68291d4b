#include <ATen/ops/_fused_adagrad.h>

#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_adagrad(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step) {
  at::Tensor(buffers.steps[0]).fill_(static_cast<double>(step + 1));
  at::_fused_adagrad_(buffers.parameters, buffers.gradients, buffers.state[0], buffers.steps,
                      optimizer.lr, /*lr_decay=*/0, optimizer.weight_decay, optimizer.eps,
                      /*maximize=*/false);
}

}  // namespace nanscope
