#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 2> kLambState{"m", "v"};

constexpr std::string_view kLambClass = R"(
class Lamb(torch.optim.Optimizer):
    """PyTorch has none. The length of a step is a share of the tensor's."""

    def __init__(self, tensors, **settings):
        super().__init__(tensors, settings)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for theta in group["params"]:
                state = self.state[theta]
                state["step"] = t = state.get("step", 0) + 1
                m = state.setdefault("m", torch.zeros_like(theta))
                v = state.setdefault("v", torch.zeros_like(theta))
                m.mul_(beta1).add_((1 - beta1) * theta.grad)
                v.mul_(beta2).add_((1 - beta2) * theta.grad ** 2)
                u = m / (1 - beta1 ** t) / ((v / (1 - beta2 ** t)).sqrt() + group["eps"])
                u += group["weight_decay"] * theta
                of_theta, of_u = theta.norm().item(), u.norm().item()
                theta.sub_(lr * (of_theta / of_u if of_theta > 0 and of_u > 0 else 1) * u)
)";

/// u, and v corrected.
std::int64_t lamb_temporaries(const Optimizer& /*optimizer*/, const SteppedParameter& one) {
  return 2 * one.bytes();
}

// You et al. 2020, algorithm 2, with phi(x) = x.
constexpr OptimizerText kLambTexts[] = {
    {OptimizerKind::lamb, kLambState, false,
     "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; u = m / (1 - beta1^t) / (sqrt(v "
     "/ (1 - beta2^t)) + eps) + lambda theta; theta = theta - lr |theta| / |u| u",
     [](const Optimizer& optimizer) {
       return fmt::format("Lamb(tensors, lr={}, betas=({}, {}), eps={}, weight_decay={})",
                          optimizer.lr, optimizer.beta1, optimizer.beta2, optimizer.eps,
                          optimizer.weight_decay);
     },
     kLambClass, nullptr, nullptr, lamb_temporaries},
};

}  // namespace

std::span<const OptimizerText> lamb_texts() { return kLambTexts; }

}  // namespace nanscope
