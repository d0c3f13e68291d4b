#include "engine/signal/thread_choice.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <thread>

namespace nanscope {
namespace {

ThreadChoice beside(int other_threads) {
  ThreadChoice choice(OtherWork([other_threads] { return other_threads; }));
  choice.look();
  return choice;
}

Experiment layers_of(int width, int batch) {
  Experiment experiment;
  experiment.network.model.depth = 3;
  experiment.network.model.width = width;
  experiment.data.batch = batch;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

Plan plan_of(const Experiment& experiment) {
  return Plan(std::make_shared<const PlanDescription>(describe_plan(
      experiment.network, *precision_row(experiment.network.precision, Execution::automatic, false),
      {.batch = experiment.data.batch, .features = experiment.network.model.width})));
}

/// Two threads, whatever the machine has.
class TwoThreads : public testing::Test {
 protected:
  const c10::InferenceMode without_autograd_;
  const ThreadLimit limit_{2};
};
using ThreadChoiceTest = TwoThreads;

TEST_F(ThreadChoiceTest, ASmallPassTakesOneThread) {
  EXPECT_EQ(beside(0).choose(plan_of(layers_of(64, 64))), 1);
}

TEST_F(ThreadChoiceTest, AloneALargerPassTakesAll) {
  EXPECT_EQ(beside(0).choose(plan_of(layers_of(256, 128))),
            std::thread::hardware_concurrency() > 1 ? 2 : 1);
}

TEST_F(ThreadChoiceTest, BesideOtherProgramsItTakesOneWhereTheBitsAllowIt) {
  const Plan plan = plan_of(layers_of(256, 128));
  const bool same = same_bits(products_of(plan, plan.layers() - 1), 1, 2);
  EXPECT_EQ(beside(1000).choose(plan), same ? 1 : 2);
}

TEST_F(ThreadChoiceTest, WhatTakesLongerThanATurnOfTheSchedulerKeepsItsThreads) {
  EXPECT_EQ(beside(1000).choose(plan_of(layers_of(1024, 256))), 2);
}

TEST_F(ThreadChoiceTest, TheChoiceLeavesEveryBitOfAPass) {
  // Of these, some are summed in parts by two threads (MKL: long rows, few of them).
  for (const auto& [width, batch] :
       {std::pair{256, 128}, {300, 77}, {512, 64}, {600, 8}, {900, 64}, {1000, 17}}) {
    const Experiment experiment = layers_of(width, batch);
    const auto pass = [&](int threads) {
      const ThreadLimit limit(threads);
      Plan plan = plan_of(experiment);
      at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
      plan.input().data().normal_(0, 1, generator);
      for (int layer = 0; layer < plan.layers(); ++layer)
        plan.find(layer, tap::weight)->data().normal_(0, 0.06, generator);
      const at::Tensor upstream = at::ones_like(plan.output().data());
      std::vector<at::Tensor> seen;
      const Probe keep = [&](int, const PlanTap&, Direction, const at::Tensor& x) {
        seen.push_back(x.clone());
      };
      plan.forward(keep);
      plan.begin_backward(upstream);
      plan.backward(keep);
      return seen;
    };
    const int chosen = beside(1000).choose(plan_of(experiment));
    const std::vector<at::Tensor> alone = pass(2), busy = pass(chosen);
    ASSERT_EQ(alone.size(), busy.size());
    for (std::size_t i = 0; i < alone.size(); ++i)
      EXPECT_TRUE(alone[i].equal(busy[i])) << width << " x " << batch << ", tensor " << i;
  }
}

TEST_F(ThreadChoiceTest, TheLimitEndsWithItsScope) {
  const ThreadLimit two(2);
  {
    const ThreadLimit one(1);
    EXPECT_EQ(at::get_num_threads(), 1);
  }
  EXPECT_EQ(at::get_num_threads(), 2);
}

}  // namespace
}  // namespace nanscope
