#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/costs/transformer/architecture.h"
#include "engine/experiment/costs.h"

// FLOPs of a transformer's matrix products, from its weights and the pairs of tokens that attend.
namespace nanscope {

struct FlopsPart {
  std::string_view name;  ///< "attention_scores", or a component's
  double forward = 0;
  double times = 0;    ///< rows that are multiplied: tokens; of attention pairs, over all layers
  double numbers = 0;  ///< with so many weights; of attention numbers of all heads, a d
};
/// Where it comes from: "2 * 4096 * 805306368", a multiply-add for each row and number.
std::string formula_of(const FlopsPart& part);

/// Of one sequence in one layer: pairs of a query and a key. A window of w tokens lets each query
/// see w keys (full), or leaves T w - w^2 / 2 (causal).
double attended_pairs(const Transformer& transformer, std::int64_t layer, std::int64_t length,
                      AttentionFlops attention);

/// Forward by component, in the order of computing.
std::vector<FlopsPart> forward_parts(const Transformer& transformer, std::int64_t batch,
                                     std::int64_t length, AttentionFlops attention);

struct StepFlops {
  std::vector<FlopsPart> parts;
  double forward = 0;
  double backward = 0;  ///< by input and by weight: twice forward; the embedding wants its gradient
  double recomputed = 0;                              ///< hardware FLOPs beyond the model's
  double attention = 0;                               ///< scores and values, forward
  double step() const { return forward + backward; }  ///< what MFU counts
  /// The hardware FLOPs of selective recomputation as Korthikanti et al. 2022 publish them:
  /// 72 B L T C^2 (1 + T / 3C + V / 12CL), with attention's three passes once more where its
  /// forward is one.
  double hardware_korthikanti() const { return step() + 3 * attention; }
  double hardware() const { return step() + recomputed; }  ///< what HFU counts
};
/// `flash`: attention that keeps no scores computes them again on the way back (Dao et al. 2022):
/// five products for the two of forward.
StepFlops step_flops(const Transformer& transformer, std::int64_t batch, std::int64_t length,
                     AttentionFlops attention, Recompute recompute, bool flash);

/// PaLM (Chowdhery et al. 2022, appendix B): FLOPs a token of a step, 6 N + 12 L a d T, with N
/// parameters.
double palm_flops_per_token(double parameters, double layers, double heads, double head_dim,
                            double length);

/// One new token behind `cached` others of each of B sequences. With latent attention the heads'
/// matrices are absorbed, so that scores and values meet the latent vectors (DeepSeek-V2, 2.1.2).
double decode_flops(const Transformer& transformer, std::int64_t batch, std::int64_t cached);

}  // namespace nanscope
