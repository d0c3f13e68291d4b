// FLOPs of transformers against published figures and formulas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/costs/napkin/formula.h"
#include "engine/costs/transformer/config.h"
#include "engine/costs/transformer/forward_flops.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

using testing::DoubleEq;

Transformer flops_model(const std::string& name) { return find_transformer(name)->architecture; }

/// GPT-2's kind, of these sizes.
Transformer gpt(std::int64_t layers, std::int64_t width, std::int64_t heads,
                std::int64_t vocabulary) {
  Transformer one = flops_model("gpt2");
  one.layers = layers;
  one.width = width;
  one.heads = one.kv_heads = heads;
  one.head_dim = width / heads;
  one.mlp_width = 4 * width;
  one.vocabulary = vocabulary;
  return one;
}

StepFlops flops_of(const Transformer& one, std::int64_t batch, std::int64_t length,
                   Recompute recompute = Recompute::none) {
  return step_flops(one, batch, length, AttentionFlops::full, recompute, /*flash=*/false);
}

TEST(TransformerFlops, OfNanoGptAreThoseOfItsNotebook) {
  // reference/accounting.md: nanoGPT's transformer_sizing.ipynb, T = 1024.
  const StepFlops flops = flops_of(flops_model("gpt2"), 1, 1024);
  EXPECT_EQ(flops.forward, 291'648'307'200.0);
  EXPECT_EQ(flops.step(), 874'944'921'600.0);
  // 100 sequences in 0.755 s on an A100.
  EXPECT_NEAR(100 * flops.step() / 0.755 / 312e12, 0.3714, 5e-5);
}

TEST(TransformerFlops, OfEachPartAreItsFormula) {
  for (const char* name : {"gpt2", "gemma-2-9b", "mixtral-8x7b", "deepseek-v3", "gpt-oss-20b"})
    for (const FlopsPart& part : forward_parts(flops_model(name), 3, 1000, AttentionFlops::causal))
      EXPECT_DOUBLE_EQ(evaluate(formula_of(part), {}), part.forward) << name << " " << part.name;
  // Gemma 2 takes turns: 21 layers of each kind, of 4096 tokens and of all 8192.
  const auto parts = forward_parts(flops_model("gemma-2-9b"), 1, 8192, AttentionFlops::full);
  const auto scores = std::ranges::find(parts, "attention_scores", &FlopsPart::name);
  ASSERT_NE(scores, parts.end());
  EXPECT_EQ(scores->times, 21.0 * 8192 * (4096 + 8192));
  EXPECT_EQ(scores->numbers, 16 * 256);
}

TEST(TransformerFlops, AreThoseOfTheLayersFormula) {
  // 24 B T C^2 + 4 B T^2 C a layer, 2 B T C V of the head; attention's share T / (6 C + T).
  const double B = 3, T = 512, C = 256, L = 5, V = 1000;
  const StepFlops flops = flops_of(gpt(5, 256, 8, 1000), 3, 512);
  EXPECT_EQ(flops.forward, L * (24 * B * T * C * C + 4 * B * T * T * C) + 2 * B * T * C * V);
  const double layers = flops.forward - 2 * B * T * C * V;
  EXPECT_DOUBLE_EQ(flops.attention / layers, T / (6 * C + T));
}

TEST(TransformerFlops, OfAStepAreThoseOfKorthikanti) {
  // Korthikanti et al. 2022: 72 B L T C^2 (1 + T / 6C + V / 12CL) for the four models of table 3.
  struct Size {
    double layers, width, heads;
  };
  for (const Size& size :
       {Size{48, 6144, 64}, {96, 12288, 96}, {105, 20480, 128}, {128, 25600, 160}}) {
    const double B = 4, T = 2048, V = 51200, C = size.width, L = size.layers;
    const Transformer one =
        gpt(static_cast<std::int64_t>(L), static_cast<std::int64_t>(C),
            static_cast<std::int64_t>(size.heads), static_cast<std::int64_t>(V));
    EXPECT_THAT(flops_of(one, 4, 2048).step(),
                DoubleEq(72 * B * L * T * C * C * (1 + T / (6 * C) + V / (12 * C * L))));
    // Narayanan et al. 2021, equation 3, with everything computed again:
    // 96 B T L C^2 (1 + T / 6C + V / 16 L C).
    EXPECT_THAT(flops_of(one, 4, 2048, Recompute::full).hardware(),
                DoubleEq(96 * B * T * L * C * C * (1 + T / (6 * C) + V / (16 * L * C))));
    // Selective: attention's two products once more, 4 B T^2 C a layer.
    EXPECT_THAT(flops_of(one, 4, 2048, Recompute::selective).recomputed,
                DoubleEq(4 * B * T * T * C * L));
  }
}

TEST(TransformerFlops, GiveTheUtilisationsOfKorthikanti) {
  // Korthikanti et al. 2022, table 5: A100 at 312e12, T = 2048, V = 51200, seconds a step with
  // selective recomputation, MFU and HFU. Seconds have three or four digits.
  struct Row {
    std::int64_t width, layers, heads, batch;
    double devices, seconds, mfu, hfu;
  };
  for (const Row& row : {Row{6144, 48, 64, 4, 8, 1.10, 0.415, 0.437},
                         {12288, 96, 96, 64, 64, 13.75, 0.514, 0.528},
                         {20480, 105, 128, 280, 280, 37.83, 0.560, 0.570},
                         {25600, 128, 160, 512, 512, 71.49, 0.563, 0.570}}) {
    const StepFlops flops = flops_of(gpt(row.layers, row.width, row.heads, 51200), row.batch, 2048,
                                     Recompute::selective);
    const double most = row.devices * 312e12 * row.seconds;
    EXPECT_NEAR(flops.step() / most, row.mfu, 0.005 * row.mfu);
    EXPECT_NEAR(flops.hardware_korthikanti() / most, row.hfu, 0.005 * row.hfu);
    EXPECT_LT(flops.hardware(), flops.hardware_korthikanti());
  }
}

TEST(TransformerFlops, AndParametersAreThoseOfNarayanan) {
  // Narayanan et al. 2021, table 1 (V = 51200, T = 2048): billions of parameters, and the seconds
  // that the 1T model's step of 3072 sequences takes at 163e12 FLOP/s on each of 3072 GPUs.
  struct Row {
    std::int64_t width, heads, layers;
    double billions;
  };
  for (const Row& row : {Row{2304, 24, 24, 1.7},
                         {3072, 32, 30, 3.6},
                         {4096, 32, 36, 7.5},
                         {6144, 48, 40, 18.4},
                         {8192, 64, 48, 39.1},
                         {10240, 80, 60, 76.1},
                         {12288, 96, 80, 145.6},
                         {16384, 128, 96, 310.1},
                         {20480, 128, 105, 529.6},
                         {25600, 160, 128, 1008.0}}) {
    Transformer one = gpt(row.layers, row.width, row.heads, 51200);
    one.positions = 2048;
    EXPECT_NEAR(static_cast<double>(count_parameters(one).total) / 1e9, row.billions, 0.05);
  }
}

TEST(TransformerFlops, OfFlashAttentionBackAreFiveProducts) {
  const Transformer one = flops_model("gpt2");
  const StepFlops flops =
      step_flops(one, 1, 1024, AttentionFlops::full, Recompute::none, /*flash=*/true);
  // 3.5 times forward with what the kernel computes again, 3 without (reference/accounting.md).
  EXPECT_DOUBLE_EQ(3 * flops.attention + flops.recomputed, 3.5 * flops.attention);
}

TEST(TransformerFlops, CausalAttentionIsHalfAndAWindowLess) {
  const Transformer mistral = flops_model("mistral-7b");  // a window of 4096
  EXPECT_EQ(attended_pairs(mistral, 0, 2048, AttentionFlops::full), 2048.0 * 2048);
  EXPECT_EQ(attended_pairs(mistral, 0, 2048, AttentionFlops::causal), 2048.0 * 2048 / 2);
  EXPECT_EQ(attended_pairs(mistral, 0, 16384, AttentionFlops::full), 16384.0 * 4096);
  EXPECT_EQ(attended_pairs(mistral, 0, 16384, AttentionFlops::causal),
            16384.0 * 4096 - 4096.0 * 4096 / 2);
  // Gemma 2 takes turns; Gemma 3 sees everything in each sixth layer (Gemma Team 2024, 2025).
  const Transformer gemma2 = flops_model("gemma-2-9b"), gemma3 = flops_model("gemma-3-27b");
  EXPECT_TRUE(gemma2.is_local(0));
  EXPECT_FALSE(gemma2.is_local(1));
  for (int layer = 0; layer < 12; ++layer) EXPECT_EQ(gemma3.is_local(layer), layer % 6 != 5);
}

TEST(TransformerFlops, OfExpertsAreOfThoseThatATokenTakes) {
  // What a token's matrices cost is 2 FLOPs an active parameter; the embedding is looked up.
  for (const char* name : {"mixtral-8x7b", "deepseek-v3", "qwen3-30b-a3b"}) {
    const Transformer one = flops_model(name);
    const ParameterCount count = count_parameters(one);
    const StepFlops flops = flops_of(one, 1, 1);
    const double matrices = flops.forward - flops.attention;
    // Norms and the router's bias are no matrices: some millionths.
    EXPECT_NEAR(matrices / (2 * static_cast<double>(count.active_without_embedding)), 1, 2e-3)
        << name;
    EXPECT_LE(matrices, 2 * static_cast<double>(count.active_without_embedding));
  }
}

TEST(TransformerFlops, OfPaLmGiveItsUtilisation) {
  // Chowdhery et al. 2022, table 3: 540.35e9 parameters, 238.3e3 tokens/s on 6144 TPU v4.
  EXPECT_NEAR(238.3e3 * palm_flops_per_token(540.35e9, 118, 48, 256, 2048) / (6144 * 275e12),
              0.4623, 5e-5);
}

TEST(TransformerFlops, OfOneTokenWithACache) {
  // 24 B C^2 + 4 B T C a layer (reference/accounting.md), and the head.
  const double B = 2, T = 700, C = 256, L = 5, V = 1000;
  EXPECT_EQ(decode_flops(gpt(5, 256, 8, 1000), 2, 700),
            B * (L * (24 * C * C + 4 * T * C) + 2 * C * V));
}

TEST(TransformerFlops, OfLatentAttentionMeetTheLatentVectorInGenerating) {
  const Transformer one = flops_model("deepseek-v3");
  const double more = decode_flops(one, 1, 2000) - decode_flops(one, 1, 1000);
  // 128 heads, scores over 512 + 64 numbers and values over 512, in 61 layers.
  EXPECT_EQ(more, 1000.0 * 61 * 128 * 2 * (512 + 64 + 512));
}

}  // namespace
}  // namespace nanscope
