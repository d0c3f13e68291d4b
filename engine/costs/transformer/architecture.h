#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/network.h"

// The architecture of a transformer decoder as a value: all that its costs depend on. B is a batch
// of sequences, T their length, C the width, L layers, a heads of dimension d, F the MLP's width,
// V the vocabulary.
namespace nanscope {

/// Keys and values by way of a latent vector (DeepSeek-V2, Liu et al. 2024, section 2.1).
struct LatentAttention {
  std::int64_t query_rank = 0;  ///< 0: queries without a latent vector
  std::int64_t key_value_rank = 0;
  std::int64_t rope_dim = 0;   ///< of a head's query and key, turned by its position
  std::int64_t nope_dim = 0;   ///< of a head's query and key, not turned
  std::int64_t value_dim = 0;  ///< of a head's value
  bool operator==(const LatentAttention&) const = default;
};

/// Several MLPs of which a router chooses some for every token.
struct Experts {
  std::int64_t count = 0;
  std::int64_t active = 0;        ///< chosen for a token
  std::int64_t width = 0;         ///< F of one
  std::int64_t shared_width = 0;  ///< F of all those together that every token takes; 0: none
  std::int64_t dense_layers = 0;  ///< first layers, which have one MLP of Transformer::mlp_width
  std::int64_t every = 1;         ///< behind them, each n-th layer has experts
  bool router_bias = false;       ///< a number an expert, beside the router's weights
  bool bias = false;              ///< of the experts' own matrices
  bool shared_gate = false;       ///< a row that weighs the shared ones (Qwen2 MoE)
  bool operator==(const Experts&) const = default;
};

/// Attention to the last tokens only.
struct SlidingWindow {
  std::int64_t size = 0;          ///< tokens
  std::int64_t global_every = 0;  ///< each n-th layer sees all tokens; 0: none does
  bool operator==(const SlidingWindow&) const = default;
};

/// What is normalized of queries and keys: nothing, each head (d), or all heads at once (a d).
enum class QueryKeyNorm { none, head, all };

struct Transformer {
  std::int64_t layers = 0;
  std::int64_t width = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;  ///< of keys and values: fewer where several queries share one
  std::int64_t head_dim = 0;
  std::int64_t mlp_width = 0;
  std::int64_t vocabulary = 0;
  std::int64_t positions = 0;  ///< learned ones; 0: none
  std::int64_t context = 0;    ///< longest sequence that it is made for
  bool gated = false;          ///< an MLP of three matrices instead of two
  bool tied = false;           ///< the head is the embedding
  bool qkv_bias = false;
  bool output_bias = false;  ///< of the projection behind attention
  bool mlp_bias = false;
  Norm norm = Norm::rmsnorm;  ///< layernorm or rmsnorm
  bool norm_bias = false;
  std::int64_t layer_norms = 2;  ///< of the width, in each layer
  QueryKeyNorm query_key_norm = QueryKeyNorm::none;
  bool sinks = false;  ///< a number a head beside the attention scores (gpt-oss)
  std::optional<LatentAttention> latent;
  std::optional<Experts> experts;
  std::optional<SlidingWindow> window;
  bool operator==(const Transformer&) const = default;

  bool has_experts(std::int64_t layer) const {
    return experts && layer >= experts->dense_layers &&
           (layer - experts->dense_layers + 1) % experts->every == 0;
  }
  /// Whether a layer sees its window only.
  bool is_local(std::int64_t layer) const {
    return window && (window->global_every == 0 || (layer + 1) % window->global_every != 0);
  }
  /// Numbers of a head's query and key, and of its value.
  std::int64_t key_dim() const { return latent ? latent->nope_dim + latent->rope_dim : head_dim; }
  std::int64_t value_dim() const { return latent ? latent->value_dim : head_dim; }
};

/// Layers that are alike.
struct LayerKind {
  std::int64_t layer = 0;  ///< one of them
  std::int64_t count = 0;
};
/// Of the layers from `first` up to `end`.
std::vector<LayerKind> layer_kinds(const Transformer& transformer, std::int64_t first,
                                   std::int64_t end);
inline std::vector<LayerKind> layer_kinds(const Transformer& transformer) {
  return layer_kinds(transformer, 0, transformer.layers);
}

/// Whether it can be built. Errors name the field as with_architecture_key() spells it.
Result<void> check_architecture(const Transformer& transformer);

/// Sets one field from text: "layers" "24", "bias" "false". Width and heads take the heads'
/// dimension and the MLP's width along where these hung on them: d = C / a, F in proportion. A
/// window.size, experts.count or latent.key_value_rank of 0 takes that part away.
/// Errors: an unknown key, with the nearest one; a value that is not of its kind. Does not check
/// whether the whole can be built.
Result<Transformer> with_architecture_key(Transformer transformer, std::string_view key,
                                          std::string_view value);
/// The keys that it takes.
std::vector<std::string> architecture_keys();
/// The value of a key as text.
std::string architecture_text(const Transformer& transformer, std::string_view key);

template <>
struct Names<QueryKeyNorm> {
  static constexpr std::array<std::pair<QueryKeyNorm, std::string_view>, 3> all{
      {{QueryKeyNorm::none, "none"}, {QueryKeyNorm::head, "head"}, {QueryKeyNorm::all, "all"}}};
};

}  // namespace nanscope
