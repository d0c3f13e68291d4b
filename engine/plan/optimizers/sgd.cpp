#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kVelocity{"v"};

/// How the line ends.
enum class Kernel { fused, plain };

template <Kernel kKernel>
std::string line_of(const Optimizer& optimizer) {
  const char* fused = kKernel == Kernel::fused ? ", fused=True" : "";
  const bool nesterov = optimizer.kind == OptimizerKind::nesterov;
  // PyTorch refuses Nesterov's without momentum.
  const std::string momentum =
      optimizer.kind == OptimizerKind::sgd || optimizer.momentum == 0 ? ""
      : nesterov
          ? fmt::format(", momentum={}, nesterov=True", optimizer.momentum)
          : fmt::format(", momentum={}, dampening={}", optimizer.momentum, optimizer.dampening);
  return fmt::format("torch.optim.SGD(tensors, lr={}{}, weight_decay={}{})", optimizer.lr, momentum,
                     optimizer.weight_decay, fused);
}

constexpr auto kFused = line_of<Kernel::fused>, kPlain = line_of<Kernel::plain>;

constexpr OptimizerText kSgdTexts[] = {
    {OptimizerKind::sgd, {}, false, "theta = theta - lr (g + lambda theta)", kFused, "", kPlain},
    // The first step's velocity is the gradient itself, as in PyTorch.
    {OptimizerKind::momentum, kVelocity, false,
     "v = momentum v + (1 - dampening) (g + lambda theta); theta = theta - lr v", kFused, "",
     kPlain},
    {OptimizerKind::nesterov, kVelocity, false,
     "v = momentum v + (g + lambda theta); theta = theta - lr (g + lambda theta + momentum v)",
     kFused, "", kPlain},
};

}  // namespace

std::span<const OptimizerText> sgd_texts() { return kSgdTexts; }

}  // namespace nanscope
