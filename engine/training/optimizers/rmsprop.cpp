#include "engine/training/optimizers/coupled_decay.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_rmsprop(const Optimizer& optimizer, const OptimizerBuffers& buffers,
                  std::int64_t /*step*/) {
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i], v = buffers.state[0][i];
    const at::Tensor g = with_coupled_decay(optimizer, theta, buffers.gradients[i]);
    v.mul_(optimizer.alpha).addcmul_(g, g, 1 - optimizer.alpha);
    theta.addcdiv_(g, v.sqrt().add_(optimizer.eps), -optimizer.lr);
  }
}

}  // namespace nanscope
