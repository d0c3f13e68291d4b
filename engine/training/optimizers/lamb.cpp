#include <ATen/core/Tensor.h>

#include <cmath>

#include "engine/training/optimizers/add_scaled.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

at::Tensor lamb_direction(const Optimizer& optimizer, std::int64_t step, const at::Tensor& theta,
                          const at::Tensor& g, at::Tensor m, at::Tensor v) {
  const auto t = static_cast<double>(step + 1);
  const double of_m = 1 - std::pow(optimizer.beta1, t), of_v = 1 - std::pow(optimizer.beta2, t);
  m.mul_(optimizer.beta1).add_(g, 1 - optimizer.beta1);
  v.mul_(optimizer.beta2).addcmul_(g, g, 1 - optimizer.beta2);
  at::Tensor u = m.div(of_m).div_(v.div(of_v).sqrt_().add_(optimizer.eps));
  return add_scaled(u, theta, optimizer.weight_decay);
}

void step_lamb(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t step) {
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i];
    const at::Tensor u = lamb_direction(optimizer, step, theta, buffers.gradients[i],
                                        buffers.state[0][i], buffers.state[1][i]);
    const double length = theta.norm().item<double>(), of_step = u.norm().item<double>();
    const double trust = length > 0 && of_step > 0 ? length / of_step : 1;
    add_scaled(theta, u, -optimizer.lr * trust);
  }
}

}  // namespace nanscope
