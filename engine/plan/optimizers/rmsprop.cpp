#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 2> kRmspropState{"v", "b"};

/// sqrt(v) + eps; with a decay the gradient that has it, too.
std::int64_t rmsprop_temporaries(const Optimizer& optimizer, const SteppedParameter& one) {
  return (optimizer.weight_decay != 0 ? 2 : 1) * one.bytes();
}

// Hinton, lecture 6e of 2012; with the momentum of PyTorch's.
constexpr OptimizerText kRmspropTexts[] = {
    {OptimizerKind::rmsprop, kRmspropState, false,
     "g = g + lambda theta; v = alpha v + (1 - alpha) g^2; b = momentum b + g / (sqrt(v) + eps); "
     "theta = theta - lr b",
     [](const Optimizer& optimizer) {
       return fmt::format(
           "torch.optim.RMSprop(tensors, lr={}, alpha={}, eps={}, weight_decay={}, momentum={})",
           optimizer.lr, optimizer.alpha, optimizer.eps, optimizer.weight_decay,
           optimizer.momentum);
     },
     "", nullptr, nullptr, rmsprop_temporaries},
};

}  // namespace

std::span<const OptimizerText> rmsprop_texts() { return kRmspropTexts; }

}  // namespace nanscope
