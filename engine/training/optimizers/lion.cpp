#include <ATen/core/Tensor.h>

#include "engine/training/optimizers/add_scaled.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_lion(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t /*step*/) {
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i], m = buffers.state[0][i];
    const at::Tensor& g = buffers.gradients[i];
    const at::Tensor direction = m.mul(optimizer.beta1).add_(g, 1 - optimizer.beta1).sign_();
    theta.mul_(1 - optimizer.lr * optimizer.weight_decay);
    add_scaled(theta, direction, -optimizer.lr);
    m.mul_(optimizer.beta2).add_(g, 1 - optimizer.beta2);
  }
}

}  // namespace nanscope
