// What a run costs by its plan.
#include "engine/costs/plan_costs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/experiment/json.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

PlanCosts costs_with(std::initializer_list<std::pair<const char*, const char*>> keys) {
  Experiment experiment;
  for (const auto& [key, value] : keys) experiment = *with_key(experiment, key, value);
  const TrainingTask task = *training_task(experiment);
  const PlanDescription plan = *describe_training(experiment, task);
  const PlanCosts costs = plan_costs(experiment, plan);
  EXPECT_EQ(costs.memory.total(), plan.bytes());
  // The layers have all of it, and what they share, category by category.
  PlanMemory sum = costs.shared;
  double forward = 0, backward = 0;
  for (const PlanLayerCosts& layer : costs.layers) {
    for (const auto& [key, part] : kPlanMemoryParts) sum.*part += layer.memory.*part;
    forward += layer.forward;
    backward += layer.backward;
  }
  EXPECT_EQ(sum, costs.memory);
  EXPECT_EQ(forward, costs.forward);
  EXPECT_EQ(backward, costs.backward);
  return costs;
}

TEST(PlanCosts, OfADeepLinearNetworkFollowTheRules) {
  const PlanCosts costs = costs_with({{"model.kind", "deep_linear"},
                                      {"model.depth", "3"},
                                      {"model.width", "16"},
                                      {"batch", "8"},
                                      {"optimizer.kind", "adagrad"},
                                      {"data.kind", "teacher"}});
  const std::int64_t parameters = 3 * 16 * 16 + 16, activations = 8 * 16 * 3;
  EXPECT_EQ(costs.parameters, parameters);
  EXPECT_EQ(costs.memory.parameters, 4 * parameters);
  EXPECT_EQ(costs.memory.gradients, 4 * parameters);
  EXPECT_EQ(costs.memory.optimizer, 4 * parameters + 4);  // and the count of steps
  EXPECT_EQ(costs.rules.bytes, 4 * (3 * parameters + activations));
  EXPECT_EQ(costs.rules.flops, 6.0 * 8 * static_cast<double>(parameters));
  // The first layer needs no gradient of its input.
  EXPECT_EQ(costs.forward, 2.0 * 8 * static_cast<double>(parameters));
  EXPECT_EQ(costs.spared, 2.0 * 8 * 16 * 16);
  EXPECT_EQ(costs.step(), costs.rules.flops - costs.spared);
}

/// The first of several alike has no more than the others: what they use in turn is no layer's.
TEST(PlanCosts, OfLayersThatAreAlikeAreAlike) {
  const PlanCosts costs = costs_with({{"model.kind", "deep_linear"},
                                      {"model.depth", "4"},
                                      {"model.width", "16"},
                                      {"batch", "8"},
                                      {"optimizer.kind", "sgd"},
                                      {"data.kind", "teacher"}});
  ASSERT_GE(costs.layers.size(), 4u);
  for (std::size_t i = 2; i < 4; ++i)
    EXPECT_EQ(costs.layers[i].memory, costs.layers[1].memory) << costs.layers[i].name;
  EXPECT_EQ(costs.layers[0].memory.activation_gradients, 0);
  EXPECT_GT(costs.shared.activation_gradients, 0);
  EXPECT_THAT(plan_costs_to_json({}, costs), testing::HasSubstr("\"shared\": {"));
}

TEST(PlanCosts, OfALayerAreItsOwn) {
  const PlanCosts costs = costs_with({{"model.depth", "3"},
                                      {"model.width", "16"},
                                      {"batch", "8"},
                                      {"model.norm", "layernorm"},
                                      {"model.bias", "true"},
                                      {"data.kind", "teacher"}});
  const auto layer = std::ranges::find(costs.layers, "linear 2", &PlanLayerCosts::name);
  ASSERT_NE(layer, costs.layers.end());
  EXPECT_EQ(layer->memory.parameters, 4 * (16 * 16 + 16));
  EXPECT_EQ(layer->memory.gradients, 4 * (16 * 16 + 16));
  EXPECT_EQ(layer->memory.optimizer, 2 * 4 * (16 * 16 + 16));
  EXPECT_EQ(layer->forward, 2 * 8 * 16 * 16);
  EXPECT_EQ(layer->backward, 4 * 8 * 16 * 16);
}

// PyTorch keeps what a ReLU came to, and nothing else of it, for the way back.
TEST(PlanCosts, AReluKeepsWhatItCameToAndOneBufferIsWhatAllOfThemTake) {
  const auto activations = [](const char* activation) {
    return costs_with({{"model.depth", "6"},
                       {"model.width", "16"},
                       {"batch", "8"},
                       {"model.activation", activation},
                       {"data.kind", "teacher"}})
        .memory.activations;
  };
  constexpr std::int64_t kOne = 4 * 8 * 16, kLoss = 4 * 8 + 4;  // y and the loss itself
  for (const char* activation : {"relu", "tanh", "sigmoid"})
    EXPECT_EQ(activations(activation), 7 * kOne + kLoss) << activation;
  EXPECT_EQ(activations("gelu"), 12 * kOne + kLoss);
}

TEST(PlanCosts, CopiesOfParametersForProductsAreNoActivations) {
  const auto with = [](const char* precision) {
    return costs_with({{"model.depth", "3"},
                       {"model.width", "16"},
                       {"batch", "8"},
                       {"model.bias", "true"},
                       {"precision", precision},
                       {"execution", "native"},
                       {"data.kind", "teacher"}})
        .memory;
  };
  const PlanMemory mixed = with("mixed_bf16");
  EXPECT_EQ(with("fp32").parameter_copies, 0);
  EXPECT_EQ(with("bf16").parameter_copies, 0);
  EXPECT_EQ(2 * mixed.parameter_copies, mixed.parameters);
  EXPECT_LT(mixed.activations, with("fp32").activations);
}

TEST(PlanCosts, OptimizersKeepWhatTheirEquationsName) {
  for (const auto& [kind, states] : std::initializer_list<std::pair<const char*, int>>{
           {"sgd", 0}, {"momentum", 1}, {"adam", 2}, {"amsgrad", 3}, {"lion", 1}}) {
    const PlanCosts costs = costs_with({{"model.depth", "2"},
                                        {"model.width", "16"},
                                        {"data.kind", "teacher"},
                                        {"optimizer.kind", kind}});
    EXPECT_GE(costs.memory.optimizer, states * costs.memory.parameters) << kind;
    EXPECT_LE(costs.memory.optimizer, states * costs.memory.parameters + 8) << kind;
  }
}

TEST(PlanCosts, AccumulationAndRecomputationCostWork) {
  const auto with = [](const char* key, const char* value) {
    return costs_with({{"model.depth", "8"},
                       {"model.width", "16"},
                       {"data.kind", "teacher"},
                       {"batch", "64"},
                       {key, value}});
  };
  const PlanCosts plain = with("accumulation", "1"), four = with("accumulation", "4");
  EXPECT_EQ(four.step(), 4 * plain.step());
  EXPECT_EQ(four.memory.total(), plain.memory.total());
  const PlanCosts again = with("recompute", "4");
  EXPECT_GT(again.recomputed, 0);
  EXPECT_EQ(again.step(), plain.step());
  EXPECT_EQ(again.hardware(), plain.step() + again.recomputed);
  EXPECT_EQ(again.spared, plain.spared);
  EXPECT_LT(again.memory.activations, plain.memory.activations);
}

}  // namespace
}  // namespace nanscope
