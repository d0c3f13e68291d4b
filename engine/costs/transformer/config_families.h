#pragma once

#include "engine/costs/transformer/architecture.h"
#include "engine/costs/transformer/config_fields.h"

// How each model_type of a Hugging Face config.json is read. What is wrong is kept by the fields.
namespace nanscope {

// What the families share: the names of Llama's config. Heads' dimension is the width divided among
// them where the file has none.
Transformer read_common(ConfigFields& fields, bool tied_by_default = false);
/// Layers that see all tokens between those that see a window. What the file lists a layer has to
/// be what its model type does.
void set_window(ConfigFields& fields, Transformer& one, std::int64_t global_every);

// GPT-2 and its like, with LayerNorm and biases.
Transformer read_gpt2(ConfigFields& fields);
Transformer read_gpt_neox(ConfigFields& fields);
Transformer read_opt(ConfigFields& fields);
Transformer read_starcoder2(ConfigFields& fields);

// Llama and its like, with RMSNorm and gated MLPs.
Transformer read_llama(ConfigFields& fields);
Transformer read_smollm3(ConfigFields& fields);
Transformer read_mistral(ConfigFields& fields);
Transformer read_phi3(ConfigFields& fields);  ///< and Mixtral without its experts
Transformer read_qwen2(ConfigFields& fields);
Transformer read_qwen3(ConfigFields& fields);
Transformer read_olmo2(ConfigFields& fields);
Transformer read_gemma(ConfigFields& fields);
Transformer read_gemma2(ConfigFields& fields);
Transformer read_gemma3(ConfigFields& fields);

// Those with experts.
Transformer read_mixtral(ConfigFields& fields);
Transformer read_qwen2_moe(ConfigFields& fields);
Transformer read_qwen3_moe(ConfigFields& fields);
Transformer read_deepseek(ConfigFields& fields);
Transformer read_deepseek_v3(ConfigFields& fields);
Transformer read_gpt_oss(ConfigFields& fields);

}  // namespace nanscope
