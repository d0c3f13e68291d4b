#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 2> kMoments{"m", "v"};
constexpr std::array<std::string_view, 3> kMomentsAndLargest{"m", "v", "vmax"};

/// PyTorch takes two floats, and Python's 0 is none.
std::string beta_text(double beta) { return beta == 0 ? "0.0" : fmt::format("{}", beta); }

std::string adam_line(const Optimizer& optimizer, const char* name, const char* more) {
  return fmt::format(
      "torch.optim.{}(tensors, lr={}, betas=({}, {}), eps={}, weight_decay={}{}, fused=True)", name,
      optimizer.lr, beta_text(optimizer.beta1), beta_text(optimizer.beta2), optimizer.eps,
      optimizer.weight_decay, more);
}

// Kingma & Ba 2015; decoupled decay: Loshchilov & Hutter 2019; vmax: Reddi et al. 2018.
constexpr OptimizerText kAdamTexts[] = {
    {OptimizerKind::adam, kMoments, true,
     "g = g + lambda theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; theta = "
     "theta - lr "
     "m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)",
     [](const Optimizer& optimizer) { return adam_line(optimizer, "Adam", ""); }},
    {OptimizerKind::adamw, kMoments, true,
     "theta = theta - lr lambda theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; "
     "theta "
     "= theta - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)",
     [](const Optimizer& optimizer) { return adam_line(optimizer, "AdamW", ""); }},
    {OptimizerKind::amsgrad, kMomentsAndLargest, true,
     "g = g + lambda theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; vmax = "
     "max(vmax, v); theta = theta - lr m / (1 - beta1^t) / (sqrt(vmax / (1 - beta2^t)) + eps)",
     [](const Optimizer& optimizer) { return adam_line(optimizer, "Adam", ", amsgrad=True"); }},
};

}  // namespace

std::span<const OptimizerText> adam_texts() { return kAdamTexts; }

}  // namespace nanscope
