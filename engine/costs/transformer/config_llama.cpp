#include "engine/costs/transformer/config_families.h"

namespace nanscope {

Transformer read_common(ConfigFields& fields, bool tied_by_default) {
  Transformer one;
  one.layers = fields.whole("num_hidden_layers");
  one.width = fields.whole("hidden_size");
  one.heads = fields.whole("num_attention_heads");
  one.kv_heads = fields.kv_heads_by_default > 0
                     ? fields.whole_or_noted("num_key_value_heads", fields.kv_heads_by_default,
                                             /*of_null=*/one.heads)
                     : fields.whole_or("num_key_value_heads", one.heads);
  one.mlp_width = fields.whole("intermediate_size");
  one.vocabulary = fields.whole("vocab_size");
  one.context = fields.whole("max_position_embeddings");
  one.gated = true;
  one.head_dim = fields.whole_or(
      "head_dim", one.heads > 0 && one.width % one.heads == 0 ? one.width / one.heads : 0);
  if (one.head_dim == 0)
    fields.fail("num_attention_heads",
                message("hidden_size {} does not divide into {} heads.", one.width, one.heads));
  one.tied = fields.flag_or("tie_word_embeddings", tied_by_default);
  return one;
}

void set_window(ConfigFields& fields, Transformer& one, std::int64_t global_every) {
  one.window = SlidingWindow{fields.whole("sliding_window"), global_every};
  const Json* types = fields.find("layer_types");
  if (!types) return;
  bool same = types->is_array() && static_cast<std::int64_t>(types->size()) == one.layers;
  for (std::int64_t layer = 0; same && layer < one.layers; ++layer)
    same = (*types)[static_cast<std::size_t>(layer)] ==
           (one.is_local(layer) ? "sliding_attention" : "full_attention");
  if (!same)
    fields.fail("layer_types",
                message("this order of windows is not understood here: each layer {} sees all "
                        "tokens, the others sliding_window.",
                        global_every));
}

Transformer read_llama(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.mlp_bias = fields.flag_or("mlp_bias", false);
  return one;
}

Transformer read_smollm3(ConfigFields& fields) {
  Transformer one = read_common(fields, /*tied_by_default=*/true);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.mlp_bias = fields.flag_or("mlp_bias", false);
  fields.refuse("use_sliding_window", "which layers have windows is not read");
  return one;
}

Transformer read_phi3(ConfigFields& fields) {
  Transformer one = read_common(fields);
  if (fields.has("sliding_window")) set_window(fields, one, 0);
  return one;
}

/// Null says that there is no window; without the field its class takes one.
Transformer read_mistral(ConfigFields& fields) {
  Transformer one = read_common(fields);
  if (fields.has("sliding_window"))
    set_window(fields, one, 0);
  else if (!fields.is_null("sliding_window"))
    one.window = SlidingWindow{fields.whole_or_noted("sliding_window", 4096), 0};
  return one;
}

Transformer read_qwen2(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.qkv_bias = true;
  fields.refuse("use_sliding_window", "which layers have windows is not read");
  return one;
}

Transformer read_qwen3(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.head_dim = fields.whole("head_dim");
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.query_key_norm = QueryKeyNorm::head;
  fields.refuse("use_sliding_window", "which layers have windows is not read");
  return one;
}

Transformer read_olmo2(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.query_key_norm = QueryKeyNorm::all;
  return one;
}

Transformer read_gemma(ConfigFields& fields) {
  Transformer one = read_common(fields, /*tied_by_default=*/true);
  one.head_dim = fields.whole("head_dim");
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  return one;
}

Transformer read_gemma2(ConfigFields& fields) {
  Transformer one = read_gemma(fields);
  one.layer_norms = 4;
  set_window(fields, one, 2);
  return one;
}

/// Its files leave out what is as in the 4B model, the defaults of Gemma3TextConfig.
Transformer read_gemma3(ConfigFields& fields) {
  Transformer one;
  one.layers = fields.whole("num_hidden_layers");
  one.width = fields.whole("hidden_size");
  one.mlp_width = fields.whole("intermediate_size");
  one.heads = fields.whole_or_noted("num_attention_heads", 8);
  one.kv_heads = fields.whole_or_noted("num_key_value_heads", 4);
  one.head_dim = fields.whole_or_noted("head_dim", 256);
  one.vocabulary = fields.whole_or_noted("vocab_size", 262'208);
  one.context = fields.whole_or_noted("max_position_embeddings", 131'072);
  one.gated = true;
  one.tied = fields.flag_or("tie_word_embeddings", true);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.layer_norms = 4;
  one.query_key_norm = QueryKeyNorm::head;
  // Both names have been in files; where neither is, each sixth layer sees all tokens.
  set_window(
      fields, one,
      fields.whole_or("sliding_window_pattern", fields.whole_or("_sliding_window_pattern", 6)));
  return one;
}

}  // namespace nanscope
