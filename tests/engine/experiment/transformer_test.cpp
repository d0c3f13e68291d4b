#include "engine/experiment/transformer.h"

#include <gtest/gtest.h>

namespace nanscope {
namespace {

std::string refusal(const Model& model, const TransformerSpec& transformer) {
  const Result<void> checked = check_transformer(model, transformer);
  return checked ? "" : to_string(checked.error());
}

TEST(Transformer, HeadsDivideTheWidth) {
  const Model model{.width = 20};
  EXPECT_EQ(refusal(model, {.heads = 5}), "");
  EXPECT_EQ(refusal(model, {.heads = 3}),
            "model.heads: 3 heads do not divide a model.width of 20; it takes one of 1, 2, 4, 5, "
            "10, 20.");
  EXPECT_EQ(refusal(model, {.heads = 4, .kv_heads = 2}), "");
  EXPECT_EQ(refusal(model, {.heads = 4, .kv_heads = 3}),
            "model.kv_heads: 3 do not divide the 4 model.heads; it takes one of 1, 2, 4.");
}

TEST(Transformer, RotaryPositionsTurnPairs) {
  const TransformerSpec odd{.heads = 4, .position = PositionKind::rotary};
  EXPECT_EQ(refusal({.width = 20}, odd),
            "model.heads: 4 heads are 5 wide, and model.position=rotary turns pairs; it takes one "
            "of 1, 2, 5, 10.");
  EXPECT_EQ(refusal({.width = 24}, odd), "");
}

TEST(Transformer, TakesNoNormOverTheBatch) {
  EXPECT_EQ(refusal({.width = 32, .norm = Norm::batchnorm}, {}),
            "model.norm: batchnorm mixes a token with those behind it and with other sequences; a "
            "transformer takes none, layernorm or rmsnorm.");
}

TEST(Transformer, ItsMlpIsAsLargeWithAGateAsWithout) {
  EXPECT_EQ(hidden_of({.width = 128}, {}), 512);
  EXPECT_EQ(hidden_of({.width = 96}, {.mlp = MlpKind::swiglu}), 256);
  EXPECT_EQ(hidden_of({.width = 100}, {.mlp = MlpKind::swiglu}), 272);
  EXPECT_EQ(hidden_of({.width = 100}, {.hidden = 7, .mlp = MlpKind::swiglu}), 7);
}

}  // namespace
}  // namespace nanscope
