#include "engine/costs/transformer/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/file.h"
#include "engine/costs/transformer/config_fields.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestConfig = std::size_t{1} << 20;

/// What most model types share: the names of Llama's config. `head_dim` is the width divided among
/// the heads where the file has none.
Transformer read_common(ConfigFields& fields) {
  Transformer one;
  one.layers = fields.whole("num_hidden_layers");
  one.width = fields.whole("hidden_size");
  one.heads = fields.whole("num_attention_heads");
  one.kv_heads = fields.whole_or("num_key_value_heads", one.heads);
  one.mlp_width = fields.whole("intermediate_size");
  one.vocabulary = fields.whole("vocab_size");
  one.context = fields.whole("max_position_embeddings");
  one.gated = true;
  one.head_dim = fields.whole_or(
      "head_dim", one.heads > 0 && one.width % one.heads == 0 ? one.width / one.heads : 0);
  if (one.head_dim == 0)
    fields.fail("num_attention_heads",
                message("hidden_size {} does not divide into {} heads.", one.width, one.heads));
  one.tied = fields.flag_or("tie_word_embeddings", false);
  return one;
}

/// Layers that see all tokens between those that see a window. What the file lists a layer has to
/// be what its model type does.
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
  one.qkv_bias = one.output_bias = one.mlp_bias = one.norm_bias = true;
  one.norm = Norm::layernorm;
  fields.refuse("add_cross_attention", "attention to an encoder is not counted");
  return one;
}

Transformer read_llama(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.qkv_bias = one.output_bias = fields.flag_or("attention_bias", false);
  one.mlp_bias = fields.flag_or("mlp_bias", false);
  return one;
}

Transformer read_mistral(ConfigFields& fields) {
  Transformer one = read_common(fields);
  if (fields.has("sliding_window")) set_window(fields, one, 0);
  return one;
}

Transformer read_mixtral(ConfigFields& fields) {
  Transformer one = read_mistral(fields);
  one.experts = Experts{.count = fields.whole("num_local_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = one.mlp_width};
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

Transformer read_qwen3_moe(ConfigFields& fields) {
  Transformer one = read_qwen3(fields);
  one.experts = Experts{.count = fields.whole("num_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = fields.whole("moe_intermediate_size"),
                        .every = fields.whole_or("decoder_sparse_step", 1)};
  fields.refuse("mlp_only_layers", "a list of dense layers is not read");
  return one;
}

Transformer read_gemma(ConfigFields& fields) {
  Transformer one = read_common(fields);
  one.head_dim = fields.whole("head_dim");
  one.tied = fields.flag_or("tie_word_embeddings", true);
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

Transformer read_deepseek(ConfigFields& fields) {
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
  one.experts = Experts{.count = fields.whole("n_routed_experts"),
                        .active = fields.whole("num_experts_per_tok"),
                        .width = width,
                        .shared_width = width * fields.whole_or("n_shared_experts", 0),
                        .dense_layers = fields.whole("first_k_dense_replace")};
  if (const std::int64_t every = fields.whole_or("moe_layer_freq", 1); every != 1)
    fields.fail("moe_layer_freq", message("{} is not understood here: only 1 is.", every));
  return one;
}

/// With a bias that balances the experts, and a further layer for training (multi-token
/// prediction), which the published 671B leave out.
Transformer read_deepseek_v3(ConfigFields& fields) {
  Transformer one = read_deepseek(fields);
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

struct ModelType {
  std::string_view name;
  Transformer (*read)(ConfigFields& fields);
};
constexpr auto kModelTypes = std::to_array<ModelType>({
    {"gpt2", read_gpt2},
    {"llama", read_llama},
    {"mistral", read_mistral},
    {"mixtral", read_mixtral},
    {"qwen2", read_qwen2},
    {"qwen3", read_qwen3},
    {"qwen3_moe", read_qwen3_moe},
    {"gemma", read_gemma},
    {"gemma2", read_gemma2},
    {"gemma3_text", read_gemma3},
    {"deepseek_v2", read_deepseek},
    {"deepseek_v3", read_deepseek_v3},
    {"gpt_oss", read_gpt_oss},
});

/// A model of pictures and text has its language model's fields in an object of their own.
const Json& text_part(const Json& config, std::vector<std::string>& notes) {
  const auto part = config.find("text_config");
  if (config.value("model_type", "") != "gemma3" || part == config.end() || !part->is_object())
    return config;
  notes.emplace_back(
      "of gemma3 the language model is counted (text_config), not what reads pictures");
  return *part;
}

Result<NamedTransformer> read_object(const Json& config) {
  std::vector<std::string> notes;
  if (!config.is_object())
    return input_error("", "this is {}, not the object of a config.json.", shown_json(config));
  if (const auto type = config.find("model_type"); type != config.end() && !type->is_string())
    return input_error("model_type", "{} is no text.", shown_json(*type));
  const Json& text = text_part(config, notes);
  const auto type = text.find("model_type");
  if (type == text.end() || !type->is_string())
    return input_error("model_type",
                       "the field is missing; a config.json of Hugging Face says there what it "
                       "describes. Known are {}.",
                       name_list(known_model_types()));
  const std::string name = type->get<std::string>();
  const auto known = std::ranges::find(kModelTypes, name, &ModelType::name);
  if (known == kModelTypes.end())
    return input_error(
        "model_type",
        "{} is not understood, and what its fields mean is not guessed. Known are {}.", name,
        name_list(known_model_types()));
  ConfigFields fields(text);
  fields.notes = std::move(notes);
  if (fields.has("quantization_config"))
    fields.notes.emplace_back(
        "quantization_config: the file's weights have fewer bits; --precision says what is "
        "counted");
  fields.refuse("is_encoder_decoder", "only decoders are counted");
  const Transformer architecture = known->read(fields);
  if (fields.error()) return tl::unexpected(*fields.error());
  if (auto good = check_architecture(architecture); !good) return tl::unexpected(good.error());
  return NamedTransformer{.name = name,
                          .title = name,
                          .source = "",
                          .architecture = architecture,
                          .notes = std::move(fields.notes)};
}

}  // namespace

Result<NamedTransformer> read_config(std::string_view text) {
  const auto json = parse_json(text);
  if (!json) return tl::unexpected(json.error());
  return read_object(*json);
}

Result<NamedTransformer> read_config_file(const std::string& path) {
  const auto text = read_file(path, kLargestConfig);
  if (!text) return tl::unexpected(text.error());
  auto model = read_config(*text);
  if (!model) return input_error(path, whole_message(model.error()));
  model->name = path;
  model->title = fmt::format("{} of {}", model->title, path);
  model->source = path;
  return model;
}

std::vector<std::string> known_model_types() {
  std::vector<std::string> names;
  for (const ModelType& type : kModelTypes) names.emplace_back(type.name);
  return names;
}

}  // namespace nanscope
