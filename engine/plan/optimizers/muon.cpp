#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/costs/flops.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

constexpr std::array<std::string_view, 1> kMuonState{"v"};

/// Five steps of Newton and Schulz over X (m,n), m <= n: A = X X^T, A A, and (b A + c A A) X.
double newton_schulz_flops(double rows, double columns) {
  constexpr double kSteps = 5;
  const double m = std::min(rows, columns), n = std::max(rows, columns);
  return kSteps * (matmul_flops(m, n, m) + matmul_flops(m, m, m) + matmul_flops(m, m, n));
}

/// The matrix with its momentum; then X (m,n) before and after, A (m,m) and b A + c A A in bf16.
std::int64_t newton_schulz_temporaries(const Optimizer& /*optimizer*/,
                                       const SteppedParameter& one) {
  constexpr std::int64_t kBf16 = 2;
  const std::int64_t m = std::min(one.rows, one.columns);
  return one.bytes() + 2 * kBf16 * (one.elements() + m * m);
}

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
     },
     "", nullptr, newton_schulz_flops, newton_schulz_temporaries},
};

}  // namespace

std::span<const OptimizerText> muon_texts() { return kMuonTexts; }

}  // namespace nanscope
