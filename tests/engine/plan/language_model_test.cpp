#include "engine/plan/language_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

// What the plan of a transformer counts and how its parameters are drawn.
namespace nanscope {
namespace {

const Model kModel{.kind = ModelKind::mlp, .depth = 3, .width = 32, .norm = Norm::layernorm};
const TransformerSpec kTransformer{.heads = 4, .length = 16, .vocabulary = 256};
constexpr std::int64_t kBatch = 2;

PlanDescription language_plan(const Model& model, const TransformerSpec& transformer,
                              const LanguageModelOptions& options = {.batch = kBatch}) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, /*cuda=*/false);
  return describe_language_model(model, transformer, row, options);
}

std::int64_t parameters_of(const PlanDescription& plan) {
  std::int64_t count = 0;
  for (const PlanParameter& one : plan.parameters) count += plan.value(one.value).elements();
  return count;
}

TEST(LanguageModelPlan, CountsTheFormulasOfTransformers) {
  const PlanDescription plan = language_plan(kModel, kTransformer);
  const double rows = kBatch * 16, width = 32, length = 16, layers = 3, vocabulary = 256;
  const double forward = layers * (24 * rows * width * width + 4 * rows * length * width) +
                         2 * rows * width * vocabulary;
  EXPECT_EQ(plan.forward_cost().flops, forward);
  EXPECT_EQ(plan.backward_cost().flops, 2 * forward);
  // GPT-2: 12 C^2 and two norms a block, the last norm, tokens and places.
  EXPECT_EQ(parameters_of(plan), 3 * (12 * 32 * 32 + 2 * 2 * 32) + 2 * 32 + 256 * 32 + 16 * 32);
}

TEST(LanguageModelPlan, GroupedHeadsAndGatesHaveTheirOwnSizes) {
  TransformerSpec llama = kTransformer;
  llama.kv_heads = 2;
  llama.mlp = MlpKind::swiglu;
  llama.position = PositionKind::rotary;
  llama.tied = false;
  Model model = kModel;
  model.norm = Norm::rmsnorm;
  const PlanDescription plan = language_plan(model, llama);
  // 8/3 of 32 is 85.3, which becomes 88.
  EXPECT_EQ(parameters_of(plan),
            3 * (2 * 32 * 32 + 2 * 16 * 32 + 3 * 88 * 32 + 2 * 32) + 32 + 2 * 256 * 32);
}

TEST(LanguageModelPlan, WhatEndsInTheStreamIsDrawnSmaller) {
  const PlanDescription plan = language_plan(kModel, kTransformer);
  for (const PlanParameter& one : plan.parameters) {
    const std::string& symbol = plan.value(one.value).symbol;
    const bool ends = symbol == "W_o" || symbol == "W_down";
    EXPECT_EQ(one.draw.factor, ends ? 1 / std::sqrt(6.0) : 1) << symbol;
    EXPECT_EQ(one.draw.init, symbol == "E" || symbol == "P" ? ParameterInit::embedding
                             : symbol.starts_with("W")      ? ParameterInit::weight
                             : symbol.starts_with("g")      ? ParameterInit::scale
                                                            : ParameterInit::shift)
        << symbol;
  }
}

TEST(LanguageModelPlan, EveryValueHasANameOfItsOwn) {
  Model model = kModel;
  model.bias = true;
  for (const auto& [mlp, mlp_name] : Names<MlpKind>::all)
    for (const auto& [position, position_name] : Names<PositionKind>::all) {
      TransformerSpec transformer = kTransformer;
      transformer.mlp = mlp;
      transformer.position = position;
      const PlanDescription plan = language_plan(
          model, transformer, {.batch = kBatch, .gradients = GradientPolicy::kept, .dropout = 0.1});
      std::set<std::string> names;
      for (const PlanValue& one : plan.values) {
        if (one.role == ValueRole::scratch) continue;
        EXPECT_TRUE(names.insert(one.name).second)
            << one.name << ' ' << mlp_name << ' ' << position_name;
      }
    }
}

TEST(LanguageModelPlan, RecomputationDropsWhatBlocksCompute) {
  const PlanDescription plan = language_plan(kModel, kTransformer);
  const PlanDescription again =
      language_plan(kModel, kTransformer, {.batch = kBatch, .recompute = 4});
  EXPECT_LT(again.bytes(), plan.bytes());
  EXPECT_GT(again.recomputed_cost().flops, 0);
  EXPECT_EQ(again.forward_cost().flops, plan.forward_cost().flops);
}

}  // namespace
}  // namespace nanscope
