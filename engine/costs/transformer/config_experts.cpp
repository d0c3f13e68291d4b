#include <fmt/format.h>

#include "engine/costs/transformer/config_families.h"

namespace nanscope {

Transformer read_mixtral(ConfigFields& fields) {
  Transformer one = read_phi3(fields);  // no window where the file has none
  one.experts = Experts{.count = fields.whole("num_local_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = one.mlp_width};
  return one;
}

Transformer read_qwen2_moe(ConfigFields& fields) {
  Transformer one = read_qwen2(fields);
  one.qkv_bias = fields.flag_or("qkv_bias", true);
  one.experts = Experts{.count = fields.whole("num_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = fields.whole("moe_intermediate_size"),
                        .shared_width = fields.whole("shared_expert_intermediate_size"),
                        .every = fields.whole_or("decoder_sparse_step", 1),
                        .shared_gate = true};
  fields.refuse("mlp_only_layers", "a list of dense layers is not read");
  return one;
}

Transformer read_qwen3_moe(ConfigFields& fields) {
  Transformer one = read_qwen3(fields);
  one.experts = Experts{.count = fields.whole("num_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = fields.whole("moe_intermediate_size"),
                        .every = fields.whole_or("decoder_sparse_step", 1)};
  fields.refuse("mlp_only_layers", "a list of dense layers is not read");
  return one;
}

namespace {

Transformer read_latent(ConfigFields& fields, std::int64_t shared_by_default) {
  Transformer one = read_common(fields);
  one.head_dim = 0;  // its own: latent
  one.kv_heads = one.heads;
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  // Null says that there is none; without the field the class takes 1536.
  const std::int64_t query_rank = fields.is_null("q_lora_rank") ? 0 : fields.whole("q_lora_rank");
  one.latent = LatentAttention{.query_rank = query_rank,
                               .key_value_rank = fields.whole("kv_lora_rank"),
                               .rope_dim = fields.whole("qk_rope_head_dim"),
                               .nope_dim = fields.whole("qk_nope_head_dim"),
                               .value_dim = fields.whole("v_head_dim")};
  const std::int64_t width = fields.whole("moe_intermediate_size");
  one.experts =
      Experts{.count = fields.whole("n_routed_experts"),
              .active = fields.whole("num_experts_per_tok"),
              .width = width,
              .shared_width = width * fields.whole_or_noted("n_shared_experts", shared_by_default,
                                                            /*of_null=*/0),
              .dense_layers = fields.whole("first_k_dense_replace")};
  if (const std::int64_t every = fields.whole_or("moe_layer_freq", 1); every != 1)
    fields.fail("moe_layer_freq", message("{} is not understood here: only 1 is.", every));
  return one;
}

}  // namespace

Transformer read_deepseek(ConfigFields& fields) { return read_latent(fields, 2); }

/// With a bias that balances the experts, and a further layer for training (multi-token
/// prediction), which the published 671B leave out.
Transformer read_deepseek_v3(ConfigFields& fields) {
  Transformer one = read_latent(fields, 1);
  if (one.experts) one.experts->router_bias = true;
  if (const std::int64_t more = fields.whole_or("num_nextn_predict_layers", 0); more > 0)
    fields.notes.push_back(fmt::format(
        "num_nextn_predict_layers {}: layers for multi-token prediction are left out, as "
        "the published count of the main model does",
        more));
  return one;
}

Transformer read_gpt_oss(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.head_dim = fields.whole("head_dim");
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", true);
  one.sinks = true;
  one.experts = Experts{.count = fields.whole("num_local_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = one.mlp_width,
                        .router_bias = true,
                        .bias = true};
  set_window(fields, one, 2);
  return one;
}

}  // namespace nanscope
