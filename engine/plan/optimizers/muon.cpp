#include <fmt/format.h>

#include <array>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kMuonState{"v"};

// Jordan et al. 2024. Of matrices alone.
constexpr OptimizerText kMuonTexts[] = {
    {OptimizerKind::muon, kMuonState, false,
     "v = momentum v + (1 - momentum) g; O = orthogonal((1 - momentum) g + momentum v, eps); theta "
     "= "
     "theta - "
     "lr (lambda theta + sqrt(max(1, rows / columns)) O)",
     [](const Optimizer& optimizer) {
       return fmt::format("torch.optim.Muon(tensors, lr={}, momentum={}, eps={}, weight_decay={})",
                          optimizer.lr, optimizer.momentum, optimizer.eps, optimizer.weight_decay);
     }},
};

}  // namespace

std::span<const OptimizerText> muon_texts() { return kMuonTexts; }

}  // namespace nanscope
