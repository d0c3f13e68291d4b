#include <cmath>

#include "engine/training/optimizers/coupled_decay.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

void step_adabelief(const Optimizer& optimizer, const OptimizerBuffers& buffers,
                    std::int64_t step) {
  const auto t = static_cast<double>(step + 1);
  const double of_m = 1 - std::pow(optimizer.beta1, t), of_s = 1 - std::pow(optimizer.beta2, t);
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i], m = buffers.state[0][i], s = buffers.state[1][i];
    const at::Tensor g = with_coupled_decay(optimizer, theta, buffers.gradients[i]);
    m.mul_(optimizer.beta1).add_(g, 1 - optimizer.beta1);
    const at::Tensor surprise = g.sub(m);
    s.mul_(optimizer.beta2).addcmul_(surprise, surprise, 1 - optimizer.beta2).add_(optimizer.eps);
    theta.addcdiv_(m, s.div(of_s).sqrt_().add_(optimizer.eps), -optimizer.lr / of_m);
  }
}

}  // namespace nanscope
