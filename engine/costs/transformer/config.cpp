#include "engine/costs/transformer/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/text_file.h"
#include "engine/costs/transformer/config_families.h"

namespace nanscope {
namespace {

constexpr std::size_t kLargestConfig = std::size_t{1} << 20;

struct ModelType {
  std::string_view name;
  Transformer (*read)(ConfigFields& fields);
  /// num_key_value_heads of its class in transformers; 0: as many as heads.
  std::int64_t kv_heads = 0;
};
constexpr auto kModelTypes = std::to_array<ModelType>({
    {"gpt2", read_gpt2},
    {"gpt_neox", read_gpt_neox},
    {"opt", read_opt},
    {"starcoder2", read_starcoder2, 2},
    {"llama", read_llama},
    {"granite", read_llama},
    {"smollm3", read_smollm3, 4},
    {"olmo2", read_olmo2},
    {"phi3", read_phi3},
    {"mistral", read_mistral, 8},
    {"mixtral", read_mixtral, 8},
    {"qwen2", read_qwen2, 32},
    {"qwen2_moe", read_qwen2_moe, 16},
    {"qwen3", read_qwen3, 32},
    {"qwen3_moe", read_qwen3_moe, 4},
    {"gemma", read_gemma, 16},
    {"gemma2", read_gemma2, 4},
    {"gemma3_text", read_gemma3},
    {"deepseek_v2", read_deepseek},
    {"deepseek_v3", read_deepseek_v3},
    {"gpt_oss", read_gpt_oss, 8},
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

/// What an architecture's keys are called in files; the first one is meant where none is there.
struct FieldNames {
  std::string_view key;
  std::array<std::string_view, 3> fields;
};
constexpr auto kFieldNames = std::to_array<FieldNames>({
    {"layers", {"num_hidden_layers", "n_layer"}},
    {"width", {"hidden_size", "n_embd"}},
    {"heads", {"num_attention_heads", "n_head"}},
    {"kv_heads", {"num_key_value_heads"}},
    {"mlp_width", {"intermediate_size", "ffn_dim", "n_inner"}},
    {"vocabulary", {"vocab_size"}},
    {"positions", {"max_position_embeddings", "n_positions"}},
    {"context", {"max_position_embeddings", "n_positions"}},
    {"window.size", {"sliding_window"}},
    {"window.global_every", {"sliding_window_pattern", "_sliding_window_pattern"}},
    {"experts.count", {"num_local_experts", "num_experts", "n_routed_experts"}},
    {"experts.active", {"num_experts_per_tok"}},
    {"experts.width", {"moe_intermediate_size", "intermediate_size"}},
    {"experts.shared_width", {"shared_expert_intermediate_size", "n_shared_experts"}},
    {"experts.dense_layers", {"first_k_dense_replace"}},
    {"experts.every", {"decoder_sparse_step"}},
    {"latent.query_rank", {"q_lora_rank"}},
    {"latent.key_value_rank", {"kv_lora_rank"}},
    {"latent.rope_dim", {"qk_rope_head_dim"}},
    {"latent.nope_dim", {"qk_nope_head_dim"}},
    {"latent.value_dim", {"v_head_dim"}},
});

/// The error with its key as the file calls it.
Error by_field(Error error, const ConfigFields& fields) {
  const auto names = std::ranges::find(kFieldNames, error.where, &FieldNames::key);
  if (names == kFieldNames.end()) return error;
  const auto there = std::ranges::find_if(
      names->fields, [&](std::string_view name) { return !name.empty() && fields.has(name); });
  error.where = there == names->fields.end() ? names->fields.front() : *there;
  return error;
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
  fields.kv_heads_by_default = known->kv_heads;
  if (fields.has("quantization_config"))
    fields.notes.emplace_back(
        "quantization_config: the file's weights have fewer bits; --precision says what is "
        "counted");
  fields.refuse("is_encoder_decoder", "only decoders are counted");
  const Transformer architecture = known->read(fields);
  if (fields.error()) return tl::unexpected(*fields.error());
  if (auto good = check_architecture(architecture); !good)
    return tl::unexpected(by_field(good.error(), fields));
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
  const auto text = read_text_file(path, kLargestConfig);
  if (!text) return tl::unexpected(text.error());
  auto model = read_config(*text);
  if (!model) return input_error(path, whole_message(model.error()));
  model->name = path;
  model->title = fmt::format("{} of {}", model->title, path);
  model->source = path;
  return model;
}

bool is_config_file(const std::string& path) {
  if (!path.ends_with(".json")) return false;
  const auto text = read_text_file(path, kLargestConfig);
  if (!text) return false;
  const auto json = parse_json(*text);
  return json && json->is_object() && json->contains("model_type") && !json->contains("schema");
}

std::vector<std::string> known_model_types() {
  std::vector<std::string> names;
  for (const ModelType& type : kModelTypes) names.emplace_back(type.name);
  return names;
}

}  // namespace nanscope
