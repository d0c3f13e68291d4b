#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kVelocity{"v"};

std::string sgd_pytorch(const Optimizer& optimizer) {
  return fmt::format("torch.optim.SGD(tensors, lr={}, weight_decay={}, fused=True)", optimizer.lr,
                     optimizer.weight_decay);
}

std::string momentum_pytorch(const Optimizer& optimizer) {
  if (optimizer.momentum == 0) return sgd_pytorch(optimizer);
  return fmt::format(
      "torch.optim.SGD(tensors, lr={}, momentum={}, dampening={}, weight_decay={}, fused=True)",
      optimizer.lr, optimizer.momentum, optimizer.dampening, optimizer.weight_decay);
}

std::string nesterov_pytorch(const Optimizer& optimizer) {
  if (optimizer.momentum == 0) return sgd_pytorch(optimizer);  // PyTorch refuses it
  return fmt::format(
      "torch.optim.SGD(tensors, lr={}, momentum={}, nesterov=True, weight_decay={}, fused=True)",
      optimizer.lr, optimizer.momentum, optimizer.weight_decay);
}

constexpr OptimizerText kSgdTexts[] = {
    {OptimizerKind::sgd, {}, false, "theta = theta - lr (g + lambda theta)", sgd_pytorch},
    // The first step's velocity is the gradient itself, as in PyTorch.
    {OptimizerKind::momentum, kVelocity, false,
     "v = momentum v + (1 - dampening) (g + lambda theta); theta = theta - lr v", momentum_pytorch},
    {OptimizerKind::nesterov, kVelocity, false,
     "v = momentum v + (g + lambda theta); theta = theta - lr (g + lambda theta + momentum v)",
     nesterov_pytorch},
};

}  // namespace

std::span<const OptimizerText> sgd_texts() { return kSgdTexts; }

}  // namespace nanscope
