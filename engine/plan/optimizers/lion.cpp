#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kLionState{"m"};

constexpr std::string_view kLionClass = R"(
class Lion(torch.optim.Optimizer):
    """PyTorch has none."""

    def __init__(self, tensors, **settings):
        super().__init__(tensors, settings)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for theta in group["params"]:
                m = self.state[theta].setdefault("m", torch.zeros_like(theta))
                direction = (beta1 * m + (1 - beta1) * theta.grad).sign()
                theta.mul_(1 - lr * group["weight_decay"]).sub_(lr * direction)
                m.mul_(beta2).add_((1 - beta2) * theta.grad)
)";

/// The direction.
std::int64_t lion_temporaries(const Optimizer& /*optimizer*/, const SteppedParameter& one) {
  return one.bytes();
}

// Chen et al. 2023.
constexpr OptimizerText kLionTexts[] = {
    {OptimizerKind::lion, kLionState, false,
     "theta = theta - lr (sign(beta1 m + (1 - beta1) g) + lambda theta); m = beta2 m + (1 - beta2) "
     "g",
     [](const Optimizer& optimizer) {
       return fmt::format("Lion(tensors, lr={}, betas=({}, {}), weight_decay={})", optimizer.lr,
                          optimizer.beta1, optimizer.beta2, optimizer.weight_decay);
     },
     kLionClass, nullptr, nullptr, lion_temporaries},
};

}  // namespace

std::span<const OptimizerText> lion_texts() { return kLionTexts; }

}  // namespace nanscope
