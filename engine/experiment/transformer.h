#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/experiment/network.h"

// What a decoder-only transformer is, beside the depth, width, norm and bias that it shares with
// other models.
namespace nanscope {

/// How a token knows its place.
enum class PositionKind { none, learned, sinusoidal, rotary };
/// What lies between the two products of a block's MLP; swiglu takes a third product for its gate.
enum class MlpKind { relu, gelu, swiglu };
/// Whether attention is one operation for each of its steps, or LibTorch's fused kernel, which
/// keeps no matrix of T x T, and drops no probabilities in training.
enum class AttentionKind { written, fused };
/// Whether a norm stands before attention and MLP and another before the head (GPT-2, Llama), or
/// behind each sum (Vaswani et al. 2017).
enum class NormPlace { pre, post };

struct TransformerSpec {
  int heads = 4;     ///< of queries; they share the width
  int kv_heads = 0;  ///< of keys and values, which divide the heads; 0: as many as those
  int length = 128;  ///< T tokens of a sequence
  int vocabulary = 256;
  int hidden = 0;  ///< units of the MLP; 0: 4 C, of swiglu 8/3 C and up to a multiple of 8
  MlpKind mlp = MlpKind::gelu;
  AttentionKind attention = AttentionKind::written;
  NormPlace norm_place = NormPlace::pre;
  PositionKind position = PositionKind::learned;
  bool tied = true;  ///< the head reads the embedding's table
  bool operator==(const TransformerSpec&) const = default;
};

constexpr int kv_heads_of(const TransformerSpec& transformer) {
  return transformer.kv_heads == 0 ? transformer.heads : transformer.kv_heads;
}
/// Units of the MLP.
constexpr std::int64_t hidden_of(const Model& model, const TransformerSpec& transformer) {
  if (transformer.hidden > 0) return transformer.hidden;
  const std::int64_t width = model.width;
  return transformer.mlp == MlpKind::swiglu ? (8 * width / 3 + 7) / 8 * 8 : 4 * width;
}

/// Errors: heads that do not divide the width, key heads that do not divide the heads, heads that
/// rotary positions cannot halve, a norm over the batch.
Result<void> check_transformer(const Model& model, const TransformerSpec& transformer);

template <>
struct Names<PositionKind> {
  static constexpr std::array<std::pair<PositionKind, std::string_view>, 4> all{
      {{PositionKind::none, "none"},
       {PositionKind::learned, "learned"},
       {PositionKind::sinusoidal, "sinusoidal"},
       {PositionKind::rotary, "rotary"}}};
};
template <>
struct Names<MlpKind> {
  static constexpr std::array<std::pair<MlpKind, std::string_view>, 3> all{
      {{MlpKind::relu, "relu"}, {MlpKind::gelu, "gelu"}, {MlpKind::swiglu, "swiglu"}}};
};
template <>
struct Names<AttentionKind> {
  static constexpr std::array<std::pair<AttentionKind, std::string_view>, 2> all{
      {{AttentionKind::written, "written"}, {AttentionKind::fused, "fused"}}};
};
template <>
struct Names<NormPlace> {
  static constexpr std::array<std::pair<NormPlace, std::string_view>, 2> all{
      {{NormPlace::pre, "pre"}, {NormPlace::post, "post"}}};
};

}  // namespace nanscope
