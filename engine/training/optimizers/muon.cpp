#include <ATen/ops/addmm.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <cmath>

#include "engine/training/optimizers/optimizers.h"

namespace nanscope {
namespace {

/// A matrix with the singular vectors of this one and singular values near 1: five steps of Newton
/// and Schulz, in bf16, as torch.optim.Muon has them.
at::Tensor orthogonal(const at::Tensor& matrix, double eps) {
  constexpr double kA = 3.4445, kB = -4.775, kC = 2.0315;
  at::Tensor x = matrix.to(at::kBFloat16, /*non_blocking=*/false, /*copy=*/true);
  const bool tall = x.size(0) > x.size(1);
  if (tall) x = x.t();
  x.div_(x.norm().clamp_min(eps));
  for (int i = 0; i < 5; ++i) {
    const at::Tensor gram = at::mm(x, x.t());
    x = at::addmm(x, at::addmm(gram, gram, gram, kB, kC), x, kA);
  }
  return tall ? x.t() : x;
}

}  // namespace

void step_muon(const Optimizer& optimizer, const OptimizerBuffers& buffers, std::int64_t /*step*/) {
  for (std::size_t i = 0; i < buffers.parameters.size(); ++i) {
    at::Tensor theta = buffers.parameters[i], v = buffers.state[0][i];
    const at::Tensor& g = buffers.gradients[i];
    v.lerp_(g, 1 - optimizer.momentum);
    const at::Tensor direction = orthogonal(g.lerp(v, optimizer.momentum), optimizer.eps);
    const double shape = static_cast<double>(theta.size(0)) / static_cast<double>(theta.size(1));
    theta.mul_(1 - optimizer.lr * optimizer.weight_decay)
        .add_(direction, -optimizer.lr * std::sqrt(std::max(1.0, shape)));
  }
}

}  // namespace nanscope
