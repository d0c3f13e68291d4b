#include "engine/training/optimizers/coupled_decay.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_rmsprop(const Optimizer& optimizer, const OptimizerBuffers& buffers,
                  std::int64_t /*step*/) {
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i], v = buffers.state[0][i], b = buffers.state[1][i];
    const at::Tensor g = with_coupled_decay(optimizer, theta, buffers.gradients[i]);
    v.mul_(optimizer.alpha).addcmul_(g, g, 1 - optimizer.alpha);
    const at::Tensor size = v.sqrt().add_(optimizer.eps);
    if (optimizer.momentum > 0)
      add_scaled(theta, b.mul_(optimizer.momentum).addcdiv_(g, size), -optimizer.lr);
    else
      theta.addcdiv_(g, size, -optimizer.lr);
  }
}

}  // namespace nanscope
