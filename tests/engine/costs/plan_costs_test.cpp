// What a run costs by its plan.
#include "engine/costs/plan_costs.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(again.step(), plain.step() + again.recomputed);
  EXPECT_EQ(again.spared, plain.spared);
  EXPECT_LT(again.memory.activations, plain.memory.activations);
}

}  // namespace
}  // namespace nanscope
