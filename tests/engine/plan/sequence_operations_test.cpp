#include <gtest/gtest.h>

#include <limits>

#include "engine/plan/operations/operations.h"
#include "engine/plan/operations/sequence.h"

// What the operations of models that read sequences say of themselves.
namespace nanscope {
namespace {

constexpr int kSequences = 3, kLength = 5, kHeads = 4, kKeyHeads = 2, kHeadWidth = 8;

/// One layer of attention, from q, k and v to o.
PlanDescription attention_plan(Precision precision) {
  const PrecisionRow row = *precision_row(precision, Execution::automatic, /*cuda=*/false);
  PlanBuilder plan(row, 1);
  plan.begin_layer("block 1", "1");
  const std::int64_t rows = kSequences * kLength;
  const ValueId q = plan.add_weight("q", rows, kHeads * kHeadWidth);
  const ValueId k = plan.add_weight("k", rows, kKeyHeads * kHeadWidth);
  const ValueId v = plan.add_weight("v", rows, kKeyHeads * kHeadWidth);
  const ValueId s =
      add_attention_scores(plan, "S", add_cast_for_product(plan, q, *row.linear_input),
                           add_cast_for_product(plan, k, *row.linear_input),
                           {.batch = kSequences, .heads = kHeads, .kv_heads = kKeyHeads});
  const ValueId m = add_causal_mask(plan, "M", s, -std::numeric_limits<double>::infinity());
  const ValueId p = add_softmax(plan, "P", m);
  const ValueId o =
      add_weighted_values(plan, "o", add_cast_for_product(plan, p, *row.linear_input),
                          add_cast_for_product(plan, v, *row.linear_input), kKeyHeads);
  plan.end_layer();
  return std::move(plan).finish(o, GradientPolicy::kept);
}

TEST(SequenceOperations, AttentionCountsItsProducts) {
  const PlanDescription plan = attention_plan(Precision::fp32);
  ASSERT_EQ(plan.operations.size(), 4u);
  const PlanOperation& scores = plan.operations[0];
  // 2 T^2 D of each head; two products back.
  const double product = 2.0 * kSequences * kHeads * kLength * kLength * kHeadWidth;
  EXPECT_EQ(scores.forward.flops, product);
  EXPECT_EQ(scores.backward.flops, 2 * product);
  EXPECT_EQ(plan.operations[3].forward.flops, product);
  EXPECT_EQ(plan.operations[3].backward.flops, 2 * product);
  // The formula of Transformer layers: 4 B T^2 C.
  EXPECT_EQ(plan.forward_cost().flops, 4.0 * kSequences * kLength * kLength * kHeads * kHeadWidth);
  const std::int64_t rows = 4L * kSequences * kLength * kHeadWidth;
  const std::int64_t square = 4L * kSequences * kHeads * kLength * kLength;
  EXPECT_EQ(scores.forward.bytes_read, rows * (kHeads + kKeyHeads));
  EXPECT_EQ(scores.forward.bytes_written, square);
  EXPECT_EQ(scores.backward.bytes_written, rows * (kHeads + kKeyHeads));
  EXPECT_EQ(plan.operations[1].forward, (Cost{0, square, square}));
  EXPECT_EQ(plan.operations[2].backward, (Cost{0, 2 * square, square}));
  EXPECT_EQ(plan.value(scores.outputs[0]).shape,
            (std::vector<std::int64_t>{kSequences, kHeads, kLength, kLength}));
}

TEST(SequenceOperations, AttentionSaysWhatItComputes) {
  const PlanDescription plan = attention_plan(Precision::fp32);
  EXPECT_EQ(plan.operations[0].equation, "S1 = q1 k1^T / sqrt(8)");
  EXPECT_EQ(plan.operations[0].backward_equation,
            "dq1 = dS1 k1 / sqrt(8), dk1 = dS1^T q1 / sqrt(8)");
  EXPECT_EQ(plan.operations[0].pytorch,
            "{0}.view(-1, 5, 4, 8).transpose(1, 2) @ {1}.view(-1, 5, 2, 8).transpose(1, 2)"
            ".repeat_interleave(2, dim=1).transpose(-2, -1) / math.sqrt(8)");
  EXPECT_EQ(plan.operations[1].equation,
            "M1 = S1 where the key is no later than the query, else -inf");
  EXPECT_EQ(plan.operations[1].pytorch,
            "{0}.masked_fill(torch.ones(5, 5, dtype=torch.bool).triu(1), float(\"-inf\"))");
  EXPECT_EQ(plan.operations[2].backward_equation, "dM1 = P1 (dP1 - sum(dP1 P1))");
  EXPECT_EQ(plan.operations[3].equation, "o1 = P1 v1");
  EXPECT_EQ(plan.names(plan.operations[3].saved), (std::vector<std::string>{"P1", "v1"}));
}

TEST(SequenceOperations, WhatEntersAProductOfTf32IsRounded) {
  const PlanDescription plan = attention_plan(Precision::tf32);
  for (const PlanOperation& one : plan.operations) {
    if (one.rule != PrecisionRule::product) continue;
    ASSERT_EQ(one.scratch.size(), 1u) << one.kind;
    EXPECT_EQ(plan.value(one.scratch[0]).format->name, "tf32");
    for (const ValueId input : one.inputs) EXPECT_EQ(plan.value(input).format->name, "tf32");
  }
}

TEST(SequenceOperations, FusedAttentionCountsTheSameProductsAndKeepsNoMatrix) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, /*cuda=*/false);
  PlanBuilder plan(row, 1);
  plan.begin_layer("block 1", "1");
  const std::int64_t rows = kSequences * kLength;
  const ValueId q = plan.add_weight("q", rows, kHeads * kHeadWidth);
  const ValueId k = plan.add_weight("k", rows, kKeyHeads * kHeadWidth);
  const ValueId v = plan.add_weight("v", rows, kKeyHeads * kHeadWidth);
  const ValueId o = add_fused_attention(
      plan, "o", q, k, v, {.batch = kSequences, .heads = kHeads, .kv_heads = kKeyHeads});
  plan.end_layer();
  const PlanDescription fused = std::move(plan).finish(o, GradientPolicy::kept);
  const PlanDescription written = attention_plan(Precision::fp32);
  EXPECT_EQ(fused.forward_cost().flops, written.forward_cost().flops);
  EXPECT_EQ(fused.backward_cost().flops, written.backward_cost().flops);
  // Beside q, k, v, o and their gradients one number for each query of each head.
  const std::int64_t columns = 2 * kHeads * kHeadWidth + 2 * kKeyHeads * kHeadWidth;
  EXPECT_EQ(fused.bytes(), 4 * rows * (2 * columns + kHeads));
  EXPECT_EQ(fused.operations[0].equation, "o1 = softmax(q1 k1^T / sqrt(8), no later keys) v1");
}

TEST(SequenceOperations, ANormThatLearnsHasItsParametersInEquationAndCost) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, /*cuda=*/false);
  PlanBuilder plan(row, 1);
  plan.begin_layer("block 2", "2");
  const ValueId h = plan.add_weight("h", 6, 16);
  const ValueId g = plan.add_parameter("g", {16}, ParameterInit::scale, 16);
  const ValueId b = plan.add_parameter("b", {16}, ParameterInit::shift, 16);
  const ValueId u = add_layer_norm(plan, "u", h, {.scale = g, .shift = b});
  const ValueId scale = plan.add_parameter("s", {16}, ParameterInit::scale, 16);
  const ValueId v = add_rms_norm(plan, "v", u, scale);
  plan.end_layer();
  const PlanDescription described = std::move(plan).finish(v, GradientPolicy::kept);
  const PlanOperation& layer = described.operations[0];
  EXPECT_EQ(layer.equation, "u2 = (h2 - mean) r g2 + b2 with r = 1 / sqrt(var + 1e-5)");
  EXPECT_EQ(
      layer.backward_equation,
      "dh2 = r (dn - mean(dn) - n mean(dn n)) with dn = du2 g2, dg2 = sum over rows of du2 n, "
      "db2 = sum over rows of du2");
  EXPECT_EQ(layer.pytorch, "F.layer_norm({0}, {0:name}.shape[-1:], {1}, {2}, eps=1e-5)");
  EXPECT_EQ(layer.forward.bytes_read, 4 * (6 * 16 + 2 * 16));
  EXPECT_EQ(layer.backward.bytes_written, 4 * (6 * 16 + 2 * 16));
  const PlanOperation& rms = described.operations[1];
  EXPECT_EQ(rms.equation, "v2 = u2 r s2 with r = 1 / sqrt(mean(u2^2) + 1e-5)");
  EXPECT_EQ(rms.forward.bytes_read, 4 * (6 * 16 + 16));
}

TEST(SequenceOperations, AnEmbeddingReadsOneRowAToken) {
  const PrecisionRow row = *precision_row(Precision::bf16, Execution::native, /*cuda=*/false);
  PlanBuilder plan(row, 1);
  const ValueId tokens = plan.add_input("X", {2, 5}, *find_format("fp32"));
  plan.begin_layer("embedding", "_in");
  const ValueId table = plan.add_parameter("E", {256, 8}, ParameterInit::embedding, 8);
  const ValueId e = add_embedding(plan, "e", tokens, table);
  const ValueId places = plan.add_parameter("P", {5, 8}, ParameterInit::embedding, 8);
  const ValueId h = add_position(plan, "h", e, places);
  plan.end_layer();
  const PlanDescription described = std::move(plan).finish(h, GradientPolicy::kept);
  // Tokens are counted in fp32, whatever the precision.
  EXPECT_EQ(described.operations[0].forward.bytes_read, 4 * 10 + 2 * 10 * 8);
  EXPECT_EQ(described.operations[0].backward.bytes_written, 2 * 256 * 8);
  EXPECT_EQ(described.operations[0].equation, "e_in = E_in[X]");
  EXPECT_EQ(described.operations[1].equation, "h_in = e_in + P_in[t]");
  EXPECT_EQ(described.operations[1].backward.bytes_written, 2 * 5 * 8);
  const auto gradient_buffer = [&](ValueId id) {
    return described.value(described.value(id).gradient).buffer;
  };
  EXPECT_EQ(gradient_buffer(e), gradient_buffer(h));
}

}  // namespace
}  // namespace nanscope
