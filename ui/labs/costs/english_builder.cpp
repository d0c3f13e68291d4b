#include <array>

#include "ui/labs/costs/costs_lab.h"

namespace nanscope {
namespace {

// The builder's: each field's name and, on a rest, what it is.
constexpr auto kBuilderTexts = sorted(std::to_array<TextEntry>({
    {"costs.field.layers", "layers"},
    {"costs.field.layers.help",
     "Each has attention and an MLP, and is added to the stream of the width."},
    {"costs.field.width", "width"},
    {"costs.field.width.help",
     "Numbers of a token between the layers, C. The inner width goes along in proportion. The "
     "slider takes those that the heads divide."},
    {"costs.field.heads", "heads"},
    {"costs.field.heads.help",
     "Of queries, a. The slider takes those that divide the width and that the heads of keys and "
     "values divide."},
    {"costs.field.attention", "K and V"},
    {"costs.field.attention.help",
     "Keys and values have heads of their own, or come from a latent vector a token (DeepSeek-V2), "
     "which alone is cached."},
    {"costs.field.own_heads", "heads"},
    {"costs.field.kv_heads", "KV heads"},
    {"costs.field.kv_heads.help",
     "The heads of keys and values: as many as of queries, fewer (grouped-query attention) or one "
     "(multi-query)."},
    {"costs.field.latent", "latent"},
    {"costs.field.head_dim", "head size"},
    {"costs.field.head_dim.help",
     "Numbers of a head, d: the width by the heads, unless it is set."},
    {"costs.field.latent.key_value_rank", "rank"},
    {"costs.field.latent.key_value_rank.help",
     "Numbers of the latent vector that keys and values come from; it is what the cache holds."},
    {"costs.field.latent.query_rank", "q rank"},
    {"costs.field.latent.query_rank.help",
     "Numbers of the latent vector that queries come from; 0: queries come from the width itself."},
    {"costs.field.latent.nope_dim", "plain"},
    {"costs.field.latent.nope_dim.help",
     "Of a head's query and key, the numbers that no position turns."},
    {"costs.field.latent.rope_dim", "rotated"},
    {"costs.field.latent.rope_dim.help",
     "Of a head's query and key, the numbers that its position turns; all heads share the key's."},
    {"costs.field.latent.value_dim", "value"},
    {"costs.field.latent.value_dim.help", "Numbers of a head's value."},
    {"costs.field.gated", "MLP"},
    {"costs.field.gated.help",
     "Two matrices, or three: one of them gates the other (GLU, SwiGLU)."},
    {"costs.field.plain", "plain"},
    {"costs.field.gated_mlp", "gated"},
    {"costs.field.mlp_width", "inner"},
    {"costs.field.mlp_width.help",
     "Numbers within the MLP, F: of the layers that have no experts."},
    {"costs.field.experts", "experts"},
    {"costs.field.experts.help",
     "A layer has several MLPs, of which a router chooses some for each token."},
    {"costs.field.experts.count", "count"},
    {"costs.field.experts.count.help", "Of a layer."},
    {"costs.field.experts.active", "active"},
    {"costs.field.experts.active.help", "Experts that a token meets."},
    {"costs.field.experts.width", "inner"},
    {"costs.field.experts.width.help", "Numbers within one expert."},
    {"costs.field.experts.shared_width", "shared"},
    {"costs.field.experts.shared_width.help",
     "Numbers within the experts that every token meets; 0: there are none."},
    {"costs.field.experts.dense_layers", "dense"},
    {"costs.field.experts.dense_layers.help",
     "First layers that have one MLP in place of experts."},
    {"costs.field.experts.every", "every"},
    {"costs.field.experts.every.help", "Behind these, each n-th layer has experts."},
    {"costs.field.window", "sliding window"},
    {"costs.field.window.help", "A token looks back at the last ones only."},
    {"costs.field.window.size", "tokens"},
    {"costs.field.window.size.help", "That a token looks back at."},
    {"costs.field.window.global_every", "global"},
    {"costs.field.window.global_every.help", "Each n-th layer sees all tokens; 0: none does."},
    {"costs.field.vocabulary", "vocabulary"},
    {"costs.field.vocabulary.help",
     "Tokens that there are, V: rows of the embedding and of the head."},
    {"costs.field.tied", "head"},
    {"costs.field.tied.help", "A matrix of its own, or the embedding once more."},
    {"costs.field.untied", "untied"},
    {"costs.field.tied_head", "tied"},
    {"costs.field.position", "position"},
    {"costs.field.position.help",
     "Rotated into queries and keys, which takes no parameters, or learned, a row for each."},
    {"costs.field.rotary", "rotary"},
    {"costs.field.learned", "learned"},
    {"costs.field.positions", "rows"},
    {"costs.field.positions.help", "Learned positions: the longest sequence."},
}));
static_assert(keys_are_unique(kBuilderTexts));

}  // namespace

TextTable english_builder_texts() { return kBuilderTexts; }

}  // namespace nanscope
