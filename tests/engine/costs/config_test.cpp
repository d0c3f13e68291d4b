// Hugging Face's config.json: what is read of it, and what is refused instead of guessed.
#include "engine/costs/transformer/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

/// Llama 2 7B as its file has it.
json llama_config() {
  return {{"architectures", {"LlamaForCausalLM"}},
          {"bos_token_id", 1},
          {"hidden_act", "silu"},
          {"hidden_size", 4096},
          {"initializer_range", 0.02},
          {"intermediate_size", 11008},
          {"max_position_embeddings", 4096},
          {"model_type", "llama"},
          {"num_attention_heads", 32},
          {"num_hidden_layers", 32},
          {"num_key_value_heads", 32},
          {"rms_norm_eps", 1e-05},
          {"rope_scaling", nullptr},
          {"tie_word_embeddings", false},
          {"torch_dtype", "float16"},
          {"vocab_size", 32000}};
}

std::int64_t parameters_of(const json& config) {
  const auto model = read_config(config.dump());
  return model ? count_parameters(model->architecture).total : -1;
}

std::string refusal_of(const json& config) {
  const auto model = read_config(config.dump());
  return model ? "taken" : to_string(model.error());
}

TEST(Config, OfALlamaIsRead) {
  EXPECT_EQ(parameters_of(llama_config()), 6'738'415'616);
  json older = llama_config();  // the first Llama's files have no grouped heads
  older.erase("num_key_value_heads");
  EXPECT_EQ(parameters_of(older), 6'738'415'616);
  json biased = llama_config();
  biased["attention_bias"] = biased["mlp_bias"] = true;
  EXPECT_EQ(parameters_of(biased), 6'738'415'616 + 32LL * (4 * 4096 + 2 * 11008 + 4096));
}

TEST(Config, EveryFieldThatIsMissingIsNamed) {
  for (const char* field : {"hidden_size", "intermediate_size", "max_position_embeddings",
                            "num_attention_heads", "num_hidden_layers", "vocab_size"}) {
    json config = llama_config();
    config.erase(field);
    EXPECT_THAT(refusal_of(config), HasSubstr(std::string(field) + ": the field is missing"));
    config[field] = "many";
    EXPECT_THAT(refusal_of(config),
                HasSubstr(std::string(field) + ": \"many\" is no whole number"));
    config[field] = -1;
    EXPECT_THAT(refusal_of(config), HasSubstr(std::string(field) + ": -1 is no whole number"));
    config[field] = 2.5;
    EXPECT_THAT(refusal_of(config), HasSubstr("2.5 is no whole number"));
    config[field] = 0;
    EXPECT_NE(refusal_of(config), "taken") << field;
  }
}

TEST(Config, AnUnknownArchitectureIsNotGuessed) {
  json config = llama_config();
  config["model_type"] = "mamba2";
  EXPECT_THAT(refusal_of(config),
              AllOf(HasSubstr("model_type: mamba2 is not understood"), HasSubstr("llama")));
  config.erase("model_type");
  EXPECT_THAT(refusal_of(config), HasSubstr("model_type: the field is missing"));
  config["model_type"] = 3;
  EXPECT_THAT(refusal_of(config), HasSubstr("model_type"));
  EXPECT_THAT(refusal_of(json::array()), HasSubstr("not the object of a config.json"));
  EXPECT_FALSE(read_config("{\"model_type\": \"llama\""));
  EXPECT_FALSE(read_config(""));
}

TEST(Config, WhatIsNotCountedIsRefused) {
  json config = llama_config();
  config["is_encoder_decoder"] = true;
  EXPECT_THAT(refusal_of(config), HasSubstr("is_encoder_decoder: true is not understood"));
  config = llama_config();
  config["num_attention_heads"] = 30;
  EXPECT_THAT(refusal_of(config), HasSubstr("hidden_size 4096 does not divide into 30 heads"));
  config = llama_config();
  config["num_key_value_heads"] = 5;
  EXPECT_THAT(refusal_of(config), HasSubstr("num_key_value_heads: 32 heads do not divide among 5"));
  config = llama_config();
  config["tie_word_embeddings"] = "no";
  EXPECT_THAT(refusal_of(config),
              HasSubstr("tie_word_embeddings: \"no\" is neither true nor false"));
  config = {{"model_type", "qwen2"}};
  config.update(llama_config());
  config["model_type"] = "qwen2";
  config["use_sliding_window"] = true;
  EXPECT_THAT(refusal_of(config), HasSubstr("use_sliding_window: true is not understood"));
}

json gemma3_config() {
  // google/gemma-3-4b-it: fields that are as in its class's defaults are left out.
  return {{"architectures", {"Gemma3ForConditionalGeneration"}},
          {"model_type", "gemma3"},
          {"text_config",
           {{"hidden_size", 2560},
            {"intermediate_size", 10240},
            {"model_type", "gemma3_text"},
            {"num_hidden_layers", 34},
            {"rope_scaling", {{"factor", 8.0}, {"rope_type", "linear"}}},
            {"sliding_window", 1024}}},
          {"vision_config", {{"hidden_size", 1152}, {"model_type", "siglip_vision_model"}}}};
}

TEST(Config, DefaultsOfAClassAreSaid) {
  const auto model = read_config(gemma3_config().dump());
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->architecture, find_transformer("gemma-3-4b")->architecture);
  EXPECT_THAT(model->notes, testing::Contains(HasSubstr("text_config")));
  EXPECT_THAT(model->notes,
              testing::Contains(HasSubstr("num_attention_heads is not in the file; 8")));
}

TEST(Config, HeadsOfKeysAndValuesThatAreMissingAreThoseOfTheClass) {
  // The defaults of each configuration class in transformers 4.57.
  for (const auto& [type, kv_heads] :
       std::initializer_list<std::pair<const char*, std::int64_t>>{{"llama", 32},
                                                                   {"granite", 32},
                                                                   {"olmo2", 32},
                                                                   {"phi3", 32},
                                                                   {"mistral", 8},
                                                                   {"qwen2", 32},
                                                                   {"gemma", 16},
                                                                   {"gemma2", 4},
                                                                   {"smollm3", 4},
                                                                   {"starcoder2", 2}}) {
    json config = llama_config();
    config.update({{"model_type", type}, {"head_dim", 128}, {"sliding_window", 4096}});
    config.erase("num_key_value_heads");
    const auto model = read_config(config.dump());
    ASSERT_TRUE(model) << type << to_string(model.error());
    EXPECT_EQ(model->architecture.kv_heads, kv_heads) << type;
    const auto said = testing::Contains(HasSubstr("num_key_value_heads is not in the file"));
    const bool noted = kv_heads < 32 || std::string_view(type) == "qwen2";
    EXPECT_EQ(testing::Matches(said)(model->notes), noted) << type;
    config["num_key_value_heads"] = nullptr;  // as many as heads, says each class
    EXPECT_EQ(read_config(config.dump())->architecture.kv_heads, 32) << type;
  }
}

TEST(Config, AWindowThatIsMissingIsThatOfTheClass) {
  json config = llama_config();
  config["model_type"] = "mistral";
  const auto model = read_config(config.dump());
  ASSERT_TRUE(model) << to_string(model.error());
  ASSERT_TRUE(model->architecture.window);
  EXPECT_EQ(model->architecture.window->size, 4096);
  EXPECT_THAT(model->notes, testing::Contains(HasSubstr("sliding_window is not in the file")));
  config["sliding_window"] = nullptr;
  EXPECT_FALSE(read_config(config.dump())->architecture.window);
}

TEST(Config, SharedExpertsThatAreMissingAreThoseOfTheClass) {
  json config = llama_config();
  config.update({{"q_lora_rank", nullptr},
                 {"kv_lora_rank", 512},
                 {"qk_rope_head_dim", 64},
                 {"qk_nope_head_dim", 128},
                 {"v_head_dim", 128},
                 {"moe_intermediate_size", 1408},
                 {"n_routed_experts", 64},
                 {"num_experts_per_tok", 6},
                 {"first_k_dense_replace", 1}});
  for (const auto& [type, shared] : {std::pair{"deepseek_v2", 2}, {"deepseek_v3", 1}}) {
    config["model_type"] = type;
    const auto model = read_config(config.dump());
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->architecture.experts->shared_width, shared * 1408);
    EXPECT_THAT(model->notes, testing::Contains(HasSubstr("n_shared_experts is not in the file")));
  }
}

TEST(Config, ErrorsNameTheFieldOfTheFile) {
  json config = llama_config();
  config["hidden_size"] = 320'000'000;
  EXPECT_THAT(refusal_of(config), HasSubstr("hidden_size: 320000000 is not allowed"));
  config = llama_config();
  config["num_hidden_layers"] = 0;
  EXPECT_THAT(refusal_of(config), HasSubstr("num_hidden_layers: 0 is not allowed"));
}

TEST(Config, AnotherOrderOfWindowsIsRefused) {
  json config = llama_config();
  config["model_type"] = "gemma2";
  config["head_dim"] = 128;
  config["sliding_window"] = 4096;
  config["num_hidden_layers"] = 3;
  EXPECT_EQ(refusal_of(config), "taken");
  config["layer_types"] = {"sliding_attention", "full_attention", "sliding_attention"};
  EXPECT_EQ(refusal_of(config), "taken");
  config["layer_types"] = {"full_attention", "full_attention", "sliding_attention"};
  EXPECT_THAT(refusal_of(config), HasSubstr("layer_types: this order of windows"));
  config["layer_types"] = "all";
  EXPECT_THAT(refusal_of(config), HasSubstr("layer_types"));
}

TEST(Config, TextThatIsDamagedNeverPasses) {
  // Cut anywhere, it is no JSON any more; with any one field changed, it is read or refused.
  const std::string whole = llama_config().dump();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(read_config(whole.substr(0, length)));
  const json intact = llama_config();
  for (const auto& [key, value] : intact.items())
    for (const json& other : {json(nullptr), json(true), json("x"), json(-3), json(1e300), json(0),
                              json::array(), json::object(), json(9007199254740993)}) {
      json config = intact;
      config[key] = other;
      const auto model = read_config(config.dump());
      if (model) {
        EXPECT_TRUE(check_architecture(model->architecture));
        EXPECT_GT(count_parameters(model->architecture).total, 0);
      }
    }
}

TEST(Config, AFileThatIsNotThereIsNamed) {
  const auto model = find_transformer("/nowhere/config.json");
  ASSERT_FALSE(model);
  EXPECT_THAT(to_string(model.error()), HasSubstr("/nowhere/config.json"));
}

}  // namespace
}  // namespace nanscope
