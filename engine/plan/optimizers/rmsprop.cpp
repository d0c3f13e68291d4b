#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kRmspropState{"v"};

// Hinton, lecture 6e of 2012.
constexpr OptimizerText kRmspropTexts[] = {
    {OptimizerKind::rmsprop, kRmspropState, false,
     "g = g + lambda theta; v = alpha v + (1 - alpha) g^2; theta = theta - lr g / (sqrt(v) + eps)",
     [](const Optimizer& optimizer) {
       return fmt::format("torch.optim.RMSprop(tensors, lr={}, alpha={}, eps={}, weight_decay={})",
                          optimizer.lr, optimizer.alpha, optimizer.eps, optimizer.weight_decay);
     }},
};

}  // namespace

std::span<const OptimizerText> rmsprop_texts() { return kRmspropTexts; }

}  // namespace nanscope
