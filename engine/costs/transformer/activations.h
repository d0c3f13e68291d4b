#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/costs/transformer/architecture.h"
#include "engine/costs/transformer/forward_flops.h"

// What a training step keeps of a transformer for its way back, by formula. What two operations
// save is counted once, as it is one tensor.
namespace nanscope {

enum class ActivationsConvention {
  /// Korthikanti et al. 2022: scores and dropout masks are kept, norms keep their input.
  korthikanti,
  /// A Llama as PyTorch runs it: no dropout, flash attention keeps a number a head instead of the
  /// scores, RMSNorm calculates on an fp32 copy.
  llama,
};

struct ActivationsRequest {
  ActivationsConvention convention = ActivationsConvention::korthikanti;
  std::int64_t length = 0;  ///< tokens of a sequence that one sees
  int bytes = 2;            ///< of an activation
  Recompute recompute = Recompute::none;
  std::int64_t tensor = 1;         ///< devices that share a layer's matrices
  bool sequence_parallel = false;  ///< which then share what lies between these, too
};

/// One kind of tensor that a layer keeps.
struct ActivationTerm {
  std::string_view name;
  double bytes = 0;     ///< a token, on all devices of tensor parallelism
  bool split = false;   ///< among them, without sequence parallelism
  bool scores = false;  ///< what selective recomputation drops
  /// Heads of keys and values: more devices than these repeat them, with sequence parallelism, too.
  std::int64_t most_parts = 0;
};

/// Of a layer, before anything is dropped.
std::vector<ActivationTerm> activation_terms(const Transformer& transformer, std::int64_t layer,
                                             const ActivationsRequest& request);

/// Bytes a token that one device keeps of a layer.
double layer_activations(const Transformer& transformer, std::int64_t layer,
                         const ActivationsRequest& request);
/// Bytes a token in front of the layers (a mask of dropout), and behind them: the last norm, the
/// head's input, logits in fp32.
double activations_before(const Transformer& transformer, const ActivationsRequest& request);
double activations_behind(const Transformer& transformer, const ActivationsRequest& request);

/// The convention that suits it.
ActivationsConvention usual_activations(const Transformer& transformer);

template <>
struct Names<ActivationsConvention> {
  static constexpr std::array<std::pair<ActivationsConvention, std::string_view>, 2> all{
      {{ActivationsConvention::korthikanti, "korthikanti"},
       {ActivationsConvention::llama, "llama"}}};
};

}  // namespace nanscope
