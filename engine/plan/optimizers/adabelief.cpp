#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 2> kAdabeliefState{"m", "s"};

constexpr std::string_view kAdabeliefClass = R"(
class AdaBelief(torch.optim.Optimizer):
    """PyTorch has none. Large steps where the gradient is what its mean foretold."""

    def __init__(self, tensors, **settings):
        super().__init__(tensors, settings)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, eps, (beta1, beta2) = group["lr"], group["eps"], group["betas"]
            for theta in group["params"]:
                state = self.state[theta]
                state["step"] = t = state.get("step", 0) + 1
                m = state.setdefault("m", torch.zeros_like(theta))
                s = state.setdefault("s", torch.zeros_like(theta))
                g = theta.grad + group["weight_decay"] * theta
                m.mul_(beta1).add_((1 - beta1) * g)
                s.mul_(beta2).add_((1 - beta2) * (g - m) ** 2 + eps)
                theta.sub_(lr / (1 - beta1 ** t) * m / ((s / (1 - beta2 ** t)).sqrt() + eps))
)";

/// The gradient less m, and s corrected; with a decay the gradient that has it, too.
std::int64_t adabelief_temporaries(const Optimizer& optimizer, const SteppedParameter& one) {
  return (optimizer.weight_decay != 0 ? 3 : 2) * one.bytes();
}

// Zhuang et al. 2020.
constexpr OptimizerText kAdabeliefTexts[] = {
    {OptimizerKind::adabelief, kAdabeliefState, false,
     "g = g + lambda theta; m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) (g - m)^2 + "
     "eps; "
     "theta = theta - lr m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + eps)",
     [](const Optimizer& optimizer) {
       return fmt::format("AdaBelief(tensors, lr={}, betas=({}, {}), eps={}, weight_decay={})",
                          optimizer.lr, optimizer.beta1, optimizer.beta2, optimizer.eps,
                          optimizer.weight_decay);
     },
     kAdabeliefClass, nullptr, nullptr, adabelief_temporaries},
};

}  // namespace

std::span<const OptimizerText> adabelief_texts() { return kAdabeliefTexts; }

}  // namespace nanscope
