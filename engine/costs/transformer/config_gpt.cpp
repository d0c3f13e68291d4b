#include "engine/costs/transformer/config_families.h"

namespace nanscope {
namespace {

/// LayerNorm, an MLP of two matrices, and a bias everywhere.
void set_gpt(Transformer& one, bool bias) {
  one.norm = Norm::layernorm;
  one.norm_bias = true;
  one.gated = false;
  one.qkv_bias = one.output_bias = one.mlp_bias = bias;
}

}  // namespace

Transformer read_gpt2(ConfigFields& fields) {
  Transformer one;
  one.layers = fields.whole("n_layer");
  one.width = fields.whole("n_embd");
  one.heads = one.kv_heads = fields.whole("n_head");
  one.mlp_width = fields.whole_or("n_inner", 4 * one.width);
  one.vocabulary = fields.whole("vocab_size");
  one.positions = one.context = fields.whole("n_positions");
  one.head_dim = one.heads > 0 && one.width % one.heads == 0 ? one.width / one.heads : 0;
  if (one.head_dim == 0)
    fields.fail("n_head",
                message("n_embd {} does not divide into {} heads.", one.width, one.heads));
  one.tied = fields.flag_or("tie_word_embeddings", true);
  set_gpt(one, true);
  fields.refuse("add_cross_attention", "attention to an encoder is not counted");
  return one;
}

Transformer read_gpt_neox(ConfigFields& fields) {
  Transformer one = read_common(fields);
  set_gpt(one, true);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", true);
  return one;
}

Transformer read_opt(ConfigFields& fields) {
  Transformer one;
  one.layers = fields.whole("num_hidden_layers");
  one.width = fields.whole("hidden_size");
  one.heads = one.kv_heads = fields.whole("num_attention_heads");
  one.mlp_width = fields.whole("ffn_dim");
  one.vocabulary = fields.whole("vocab_size");
  one.context = fields.whole("max_position_embeddings");
  one.positions = one.context + 2;  // two more that no token takes
  one.head_dim = one.heads > 0 && one.width % one.heads == 0 ? one.width / one.heads : 0;
  if (one.head_dim == 0)
    fields.fail("num_attention_heads",
                message("hidden_size {} does not divide into {} heads.", one.width, one.heads));
  one.tied = fields.flag_or("tie_word_embeddings", true);
  set_gpt(one, fields.flag_or("enable_bias", true));
  if (fields.whole_or("word_embed_proj_dim", one.width) != one.width)
    fields.fail("word_embed_proj_dim",
                message("an embedding of another width than hidden_size is not understood here."));
  if (!fields.flag_or("do_layer_norm_before", true))
    fields.fail("do_layer_norm_before",
                message("false is not understood here: norms stand in front."));
  return one;
}

Transformer read_starcoder2(ConfigFields& fields) {
  Transformer one = read_common(fields, /*tied_by_default=*/true);
  set_gpt(one, fields.flag_or("use_bias", true));
  if (fields.has("sliding_window")) set_window(fields, one, 0);
  return one;
}

}  // namespace nanscope
