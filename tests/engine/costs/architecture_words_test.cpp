// Words that change an architecture, and what of them cannot be.
#include "engine/costs/transformer/architecture_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/costs/transformer/config.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

Transformer model(const char* name) { return find_transformer(name)->architecture; }

/// Which field is said to be wrong.
std::string refused(const char* name, const std::string& words) {
  const auto changed = with_architecture_words(model(name), architecture_words(words));
  EXPECT_FALSE(changed) << words;
  return changed ? "" : changed.error().where;
}

TEST(ArchitectureWords, WhatDoesNotDivideIsNamedByWhatWasGiven) {
  for (const char* name : {"llama-3-8b", "qwen3-8b", "gemma-2-9b"}) {
    EXPECT_EQ(refused(name, "heads=33"), "heads") << name;
    EXPECT_EQ(refused(name, "layers=4 heads=33 tied=true"), "heads") << name;
    EXPECT_EQ(refused(name, "kv_heads=3"), "kv_heads") << name;
  }
  EXPECT_EQ(refused("gpt2", "width=800"), "width");
  EXPECT_EQ(refused("gpt2", "layers=0"), "layers");
  EXPECT_EQ(refused("gpt2", "explode"), "explode");
  EXPECT_TRUE(with_architecture_words(model("gpt2"), {"width=800", "heads=10"}));
}

/// The number that is refused is that of the field that is named beside it.
TEST(ArchitectureWords, MoreThanAnotherFieldAllowsNamesBoth) {
  const auto why = [](const char* name, const char* words) {
    const auto changed = with_architecture_words(model(name), architecture_words(words));
    return changed ? std::string("taken") : to_string(changed.error());
  };
  EXPECT_THAT(why("llama-3-8b", "heads=7"),
              HasSubstr("heads: 8 kv_heads are more than the 7 heads; take fewer kv_heads"));
  EXPECT_THAT(why("llama-3-8b", "kv_heads=33"),
              HasSubstr("kv_heads: 33 kv_heads are more than the 32 heads"));
  EXPECT_THAT(why("mixtral-8x7b", "experts.count=1"),
              HasSubstr("experts.count: 2 experts.active are more than the 1 experts.count"));
  EXPECT_THAT(why("deepseek-v3", "layers=2"),
              HasSubstr("layers: 3 experts.dense_layers are more than the 2 layers"));
}

TEST(ArchitectureWords, APartIsTakenAwayByItsFirstNumber) {
  const auto plain = with_architecture_words(model("mixtral-8x7b"), {"experts.count=0"});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->experts);
  const auto heads = with_architecture_words(model("deepseek-v3"), {"latent.key_value_rank=0"});
  ASSERT_TRUE(heads);
  EXPECT_FALSE(heads->latent);
  EXPECT_GT(heads->head_dim, 0);
  const auto windowless = with_architecture_words(model("mistral-7b"), {"window.size=0"});
  ASSERT_TRUE(windowless);
  EXPECT_FALSE(windowless->window);
}

TEST(ArchitectureWords, OneThatChangesNothingIsLeftOut) {
  const Transformer llama = model("llama-3-8b");
  const auto with = [&](const char* text, const char* key, const char* value) {
    return with_architecture_word(llama, text, key, value);
  };
  EXPECT_EQ(with("", "layers", "40"), "layers=40");
  EXPECT_EQ(with("layers=40", "layers", "41"), "layers=41");
  EXPECT_EQ(with("layers=40", "layers", "32"), "");
  // Sizes stand before what hangs on them, in whatever order they were chosen.
  EXPECT_EQ(with("mlp_width=8192", "width", "2048"), "width=2048 mlp_width=8192");
  EXPECT_EQ(
      with_architecture_words(llama, architecture_words("width=2048 mlp_width=8192"))->mlp_width,
      8192);
}

}  // namespace
}  // namespace nanscope
