#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kAdagradState{"s"};

// Duchi, Hazan & Singer 2011.
constexpr OptimizerText kAdagradTexts[] = {
    {OptimizerKind::adagrad, kAdagradState, true,
     "g = g + lambda theta; s = s + g^2; theta = theta - lr g / (sqrt(s) + eps)",
     [](const Optimizer& optimizer) {
       return fmt::format(
           "torch.optim.Adagrad(tensors, lr={}, eps={}, weight_decay={}, fused=True)", optimizer.lr,
           optimizer.eps, optimizer.weight_decay);
     }},
};

}  // namespace

std::span<const OptimizerText> adagrad_texts() { return kAdagradTexts; }

}  // namespace nanscope
