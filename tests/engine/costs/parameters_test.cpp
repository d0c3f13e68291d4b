// Parameters of published models, as whole numbers, and of changed architectures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/costs/transformer/config.h"
#include "engine/costs/transformer/forward_flops.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

struct Published {
  std::string name;
  std::int64_t parameters;
};
void PrintTo(const Published& one, std::ostream* out) { *out << one.name; }

Transformer model(const std::string& name) {
  const auto found = find_transformer(name);
  EXPECT_TRUE(found) << to_string(found.error());
  return found->architecture;
}

class PublishedParameters : public testing::TestWithParam<Published> {};

TEST_P(PublishedParameters, AreCountedToTheLast) {
  EXPECT_EQ(count_parameters(model(GetParam().name)).total, GetParam().parameters);
}

// Sums over the tensors that each project published (the safetensors of the named repository at
// Hugging Face, or transformers' model class built from its config.json), a tied head counted once.
INSTANTIATE_TEST_SUITE_P(Safetensors, PublishedParameters,
                         testing::ValuesIn(std::vector<Published>{
                             {"gpt2", 124'439'808},
                             {"gpt2-medium", 354'823'168},
                             {"gpt2-large", 774'030'080},
                             {"gpt2-xl", 1'557'611'200},
                             {"gpt3-175b", 174'604'259'328},  // reference/accounting.md
                             {"llama-7b", 6'738'415'616},
                             {"llama-2-7b", 6'738'415'616},
                             {"llama-2-13b", 13'015'864'320},
                             {"llama-2-70b", 68'976'648'192},
                             {"llama-3-8b", 8'030'261'248},
                             {"llama-3-70b", 70'553'706'496},
                             {"llama-3-405b", 405'853'388'800},
                             {"llama-3.2-1b", 1'235'814'400},
                             {"llama-3.2-3b", 3'212'749'824},
                             {"mistral-7b", 7'241'732'096},
                             {"mixtral-8x7b", 46'702'792'704},
                             {"mixtral-8x22b", 140'620'634'112},
                             {"qwen2.5-0.5b", 494'032'768},
                             {"qwen2.5-7b", 7'615'616'512},
                             {"qwen2.5-72b", 72'706'203'648},
                             {"qwen3-0.6b", 596'049'920},
                             {"qwen3-1.7b", 1'720'574'976},
                             {"qwen3-4b", 4'022'468'096},
                             {"qwen3-8b", 8'190'735'360},
                             {"qwen3-14b", 14'768'307'200},
                             {"qwen3-32b", 32'762'123'264},
                             {"qwen3-30b-a3b", 30'532'122'624},
                             {"qwen3-235b-a22b", 235'093'634'560},
                             {"gemma-2b", 2'506'172'416},
                             {"gemma-7b", 8'537'680'896},
                             {"gemma-2-2b", 2'614'341'888},
                             {"gemma-2-9b", 9'241'705'984},
                             {"gemma-2-27b", 27'227'128'320},
                             {"gemma-3-1b", 999'885'952},
                             {"gemma-3-4b", 3'880'263'168},
                             {"gemma-3-12b", 11'766'034'176},
                             {"gemma-3-27b", 27'009'346'304},
                             {"deepseek-v2-lite", 15'706'484'224},
                             {"deepseek-v2", 235'741'434'880},
                             {"deepseek-v3", 671'026'419'200},
                             {"gpt-oss-20b", 20'914'757'184},
                             {"gpt-oss-120b", 116'829'156'672},
                         }));

TEST(Presets, HaveTheParametersThatTransformersBuilds) {
  // tests/reference/make_transformers.py: each model's class of Hugging Face's transformers, built
  // from the same config.
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/transformers.json");
  const auto reference = nlohmann::json::parse(file);
  const auto presets = load_presets();
  ASSERT_TRUE(presets) << to_string(presets.error());
  EXPECT_EQ(reference["parameters"].size(), presets->size());
  for (const NamedTransformer& one : *presets)
    EXPECT_EQ(count_parameters(one.architecture).total, reference["parameters"][one.name])
        << one.name;
}

TEST(Config, HasTheParametersAndTheFlopsOfTransformers) {
  // The same of small models of every type, with the fields that change what there is.
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/transformers.json");
  const auto reference = nlohmann::json::parse(file);
  std::set<std::string> types;
  for (const auto& one : reference["small"]) {
    const auto read = read_config(one["config"].dump());
    ASSERT_TRUE(read) << to_string(read.error()) << one["config"];
    EXPECT_EQ(count_parameters(read->architecture).total, one["parameters"]) << one["config"];
    // What PyTorch counts of it, two sequences of 16 tokens: exact, as all sums are whole.
    double flops = 0;
    for (const FlopsPart& part : forward_parts(read->architecture, 2, 16, AttentionFlops::full))
      flops += part.forward;
    EXPECT_EQ(flops, one["forward_flops"]) << one["config"];
    types.insert(one["config"]["model_type"].get<std::string>());
  }
  const auto known = known_model_types();
  EXPECT_EQ(types, std::set<std::string>(known.begin(), known.end()));
}

TEST(ActiveParameters, AreThoseThatATokenMeets) {
  // Mixtral: two of eight experts; Jiang et al. 2024 say 13B of 47B.
  EXPECT_EQ(count_parameters(model("mixtral-8x7b")).active, 12'879'925'248);
  // DeepSeek-AI 2024 say 37B of 671B; 21B of 236B; 2.4B of 16B (V2-Lite without its embedding).
  EXPECT_NEAR(static_cast<double>(count_parameters(model("deepseek-v3")).active), 37e9, 0.6e9);
  EXPECT_NEAR(static_cast<double>(count_parameters(model("deepseek-v2")).active), 21e9, 0.5e9);
  EXPECT_NEAR(
      static_cast<double>(count_parameters(model("deepseek-v2-lite")).active_without_embedding),
      2.4e9, 0.1e9);
  // Qwen Team 2025: 3.3B of 30.5B, 22B of 235B.
  EXPECT_NEAR(static_cast<double>(count_parameters(model("qwen3-30b-a3b")).active), 3.3e9, 0.06e9);
  EXPECT_NEAR(static_cast<double>(count_parameters(model("qwen3-235b-a22b")).active), 22e9, 0.2e9);
  // OpenAI 2025: 3.6B and 5.1B, without the embedding.
  EXPECT_NEAR(static_cast<double>(count_parameters(model("gpt-oss-20b")).active_without_embedding),
              3.6e9, 0.05e9);
  EXPECT_NEAR(static_cast<double>(count_parameters(model("gpt-oss-120b")).active_without_embedding),
              5.1e9, 0.05e9);
  EXPECT_EQ(count_parameters(model("llama-3-8b")).active, 8'030'261'248);
}

TEST(Parameters, OfNanoGptAreThoseWithoutBias) {
  // reference/accounting.md: nanoGPT's transformer_sizing.ipynb.
  const auto without = with_architecture_key(model("gpt2"), "bias", "false");
  ASSERT_TRUE(without);
  EXPECT_EQ(count_parameters(*without).total, 124'337'664);
}

TEST(Parameters, ByComponentAddUp) {
  const ParameterCount count = count_parameters(model("gpt3-175b"));
  std::int64_t sum = 0;
  for (const auto& [component, parameters] : count.by_component) sum += parameters;
  EXPECT_EQ(sum, count.total);
  // The matrices of the layers: 12 C^2 L.
  EXPECT_EQ(12LL * 12288 * 12288 * 96, 173'946'175'488);
  const Transformer bare = *with_architecture_key(model("gpt3-175b"), "bias", "false");
  const ParameterCount matrices = count_parameters(bare);
  EXPECT_EQ(matrices.by_component.at(Component::attention_input) +
                matrices.by_component.at(Component::attention_output) +
                matrices.by_component.at(Component::mlp),
            173'946'175'488);
}

TEST(Parameters, WithoutTheEmbeddingKeepAHeadOfTheirOwn) {
  const ParameterCount llama = count_parameters(model("llama-3-8b"));
  EXPECT_EQ(llama.total - llama.active_without_embedding, 128256 * 4096);
  const ParameterCount gpt2 = count_parameters(model("gpt2"));
  EXPECT_EQ(gpt2.total - gpt2.active_without_embedding, (50257 + 1024) * 768);
}

TEST(Architecture, TakesWhatHangsOnTheWidthAlong) {
  Transformer one = *with_architecture_key(model("gpt2"), "width", "1536");
  EXPECT_EQ(one.mlp_width, 4 * 1536);
  EXPECT_EQ(one.head_dim, 128);
  one = *with_architecture_key(one, "heads", "24");
  EXPECT_EQ(one.head_dim, 64);
  EXPECT_EQ(one.kv_heads, 24);
  EXPECT_TRUE(check_architecture(one));
  // The last of the sizes of GPT-2 is a matter of three words.
  Transformer large = model("gpt2");
  for (const auto& [key, value] : {std::pair{"layers", "48"}, {"width", "1600"}, {"heads", "25"}})
    large = *with_architecture_key(large, key, value);
  EXPECT_EQ(large, model("gpt2-xl"));
}

TEST(Architecture, RefusesWhatCannotBeBuilt) {
  const auto refusal = [](const char* name, std::vector<std::pair<const char*, const char*>> keys) {
    Transformer one = model(name);
    for (const auto& [key, value] : keys) one = *with_architecture_key(one, key, value);
    const auto good = check_architecture(one);
    return good ? std::string("taken") : to_string(good.error());
  };
  EXPECT_THAT(refusal("gpt2", {{"heads", "7"}}),
              HasSubstr("heads: a width of 768 does not divide into 7 heads"));
  EXPECT_THAT(refusal("llama-3-8b", {{"kv_heads", "5"}}),
              HasSubstr("kv_heads: 32 heads do not divide among 5"));
  EXPECT_THAT(refusal("llama-3-8b", {{"layers", "-1"}}),
              HasSubstr("layers: -1 is not allowed; it takes 1 to"));
  EXPECT_THAT(refusal("mixtral-8x7b", {{"experts.active", "9"}}),
              HasSubstr("experts.active: 9 experts.active are more than the 8 experts.count"));
  EXPECT_THAT(refusal("gpt2", {{"layers", "10000"},
                               {"head_dim", "100000000"},
                               {"heads", "100000000"},
                               {"mlp_width", "100000000"}}),
              HasSubstr("parameters; at most 1e15"));
  const auto unknown = with_architecture_key(model("gpt2"), "layer", "3");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(to_string(unknown.error()), HasSubstr("did you mean layers?"));
  EXPECT_FALSE(with_architecture_key(model("gpt2"), "tied", "1"));
  EXPECT_FALSE(with_architecture_key(model("gpt2"), "layers", "3.5"));
}

TEST(Presets, AnUnknownNameHasItsNearest) {
  const auto found = find_transformer("llama-3-8B");
  ASSERT_FALSE(found);
  EXPECT_THAT(to_string(found.error()), HasSubstr("did you mean llama-3-8b?"));
}

TEST(Presets, EachHasANameATitleAndASource) {
  const auto presets = load_presets();
  ASSERT_TRUE(presets) << to_string(presets.error());
  std::set<std::string> names;
  for (const NamedTransformer& one : *presets) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_NE(one.title, "");
    EXPECT_NE(one.source, "");
    EXPECT_TRUE(check_architecture(one.architecture)) << one.name;
  }
}

}  // namespace
}  // namespace nanscope
