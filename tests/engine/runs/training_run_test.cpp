#include "engine/runs/training_run.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "engine/experiment/json.h"
#include "tests/engine/network/counting_allocator.h"

namespace nanscope {
namespace {

Experiment small_run(OptimizerKind kind) {
  Experiment experiment;
  experiment.network.model = {.depth = 2, .width = 12, .bias = true};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 8;
  experiment.training.optimizer.kind = kind;
  return experiment;
}

std::unique_ptr<TrainingRun> make_run(const Experiment& experiment) {
  auto run = TrainingRun::make(experiment);
  EXPECT_TRUE(run) << (run ? "" : to_string(run.error()));
  return run ? *std::move(run) : nullptr;
}

TEST(TrainingRun, LearnsALinearTeacher) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(OptimizerKind::adam);
  experiment.network.model = {.kind = ModelKind::deep_linear, .depth = 1, .width = 8};
  experiment.training.optimizer.lr = 0.03;
  const auto run = make_run(experiment);
  const RunStep first = run->step();
  RunStep last;
  for (int i = 0; i < 600; ++i) last = run->step();
  // y = x w has the variance 0 + 1 + 4 + ... + 49 = 140.
  EXPECT_GT(first.loss, 20);
  EXPECT_LT(last.loss, 1e-2);
  EXPECT_EQ(last.step, 600);
}

TEST(TrainingRun, TheSameExperimentGivesTheSameBits) {
  const c10::InferenceMode without_autograd;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const auto one = make_run(small_run(kind)), other = make_run(small_run(kind));
    for (int i = 0; i < 20; ++i) ASSERT_EQ(one->step(), other->step()) << name;
    Experiment reseeded = small_run(kind);
    reseeded.network.seed = 2;
    EXPECT_NE(make_run(reseeded)->step().loss, make_run(small_run(kind))->step().loss);
  }
}

TEST(TrainingRun, AStepLeavesNoMemoryBehind) {
  const c10::InferenceMode without_autograd;
  CountingAllocator allocator;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const auto run = make_run(small_run(kind));
    run->step();
    const std::int64_t held = allocator.held();
    for (int i = 0; i < 5; ++i) run->step();
    EXPECT_EQ(allocator.held(), held) << name;
  }
}

TEST(TrainingRun, ItsPlanListsWhatTheOptimizerKeeps) {
  const auto bytes = [](OptimizerKind kind, ValueRole role) {
    const Experiment e = small_run(kind);
    return describe_training(e, *training_task(e))->bytes_by_role()[role];
  };
  const std::int64_t parameters = bytes(OptimizerKind::sgd, ValueRole::parameter);
  EXPECT_EQ(parameters, 4 * (2 * (12 * 12 + 12) + 12 + 1));
  EXPECT_EQ(bytes(OptimizerKind::sgd, ValueRole::optimizer_state), 0);
  EXPECT_EQ(bytes(OptimizerKind::nesterov, ValueRole::optimizer_state), parameters);
  constexpr std::int64_t kCount = 4;  // of the steps
  EXPECT_EQ(bytes(OptimizerKind::adamw, ValueRole::optimizer_state), 2 * parameters + kCount);
  EXPECT_EQ(bytes(OptimizerKind::amsgrad, ValueRole::optimizer_state), 3 * parameters + kCount);
}

TEST(TrainingRun, WhatCannotBeTrainedSaysWhy) {
  const auto refused = [](const char* key, const char* value) {
    const auto experiment = with_key(small_run(OptimizerKind::sgd), key, value);
    const auto run = TrainingRun::make(*experiment);
    return run ? std::string("it trains") : to_string(run.error());
  };
  EXPECT_THAT(refused("loss", "cross_entropy"),
              testing::AllOf(testing::HasSubstr("loss: "), testing::HasSubstr("wants classes")));
  EXPECT_THAT(refused("networks", "3"), testing::HasSubstr("networks: 3"));
  EXPECT_THAT(refused("device", "cuda"), testing::HasSubstr("device: cuda"));
  EXPECT_EQ(refused("loss", "mse"), "it trains");
}

}  // namespace
}  // namespace nanscope
