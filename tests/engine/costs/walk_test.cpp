#include "engine/costs/requests/walk.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/costs/requests/cost_requests.h"
#include "engine/experiment/json.h"

// One step, operation by operation.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::shared_ptr<const RunCosts> costs_of(
    std::initializer_list<std::pair<const char*, const char*>> keys) {
  Experiment experiment;
  for (const auto& [key, value] : keys) experiment = *with_key(experiment, key, value);
  JobContext context({}, {});
  const auto result = run_job(*run_costs_request(experiment).make_job(), context);
  EXPECT_TRUE(result) << to_string(result.error());
  return result->as<RunCosts>();
}

/// x = 1, 2, 3 and w = 1, 1, 1 make 6; 5 is wanted. The gradient is (6 - 5) x.
TEST(Walk, OfTheExampleIsWhatOneCalculatesOnPaper) {
  const auto walk = walk_of_example({1, 2, 3}, {1, 1, 1}, 5);
  ASSERT_TRUE(walk);
  ASSERT_EQ(walk->size(), 5u);
  EXPECT_THAT((*walk)[0].writes.numbers, ElementsAre(6));
  EXPECT_EQ((*walk)[0].arithmetic, "1 * 1 + 2 * 1 + 3 * 1 = 6");
  EXPECT_THAT((*walk)[1].writes.numbers, ElementsAre(0.5));
  EXPECT_THAT((*walk)[2].writes.numbers, ElementsAre(1));
  EXPECT_TRUE((*walk)[3].spared);
  EXPECT_EQ((*walk)[3].flops, 0);
  EXPECT_THAT((*walk)[4].writes.numbers, ElementsAre(1, 2, 3));
  EXPECT_EQ((*walk)[4].flops, 6);
  const auto other = walk_of_example({2, -1}, {0.5, 4}, 1);
  EXPECT_THAT((*other)[4].writes.numbers, ElementsAre(-8, 4));  // y = -3, dy = -4
  EXPECT_THAT(to_string(walk_of_example({1, 2}, {1}, 5).error()),
              HasSubstr("costs.w: has 1 numbers, and costs.x has 2"));
}

TEST(Walk, SumsUpToThePlansFlops) {
  for (const char* recompute : {"0", "3"})
    for (const char* networks : {"1", "2"}) {
      const auto run = costs_of({{"model.depth", "6"},
                                 {"model.width", "16"},
                                 {"model.bias", "true"},
                                 {"model.norm", "layernorm"},
                                 {"data.kind", "digits"},
                                 {"accumulation", "2"},
                                 {"networks", networks},
                                 {"recompute", recompute}});
      double forward = 0, backward = 0, recomputed = 0;
      for (const LayerFlops& layer : run->flops) {
        forward += layer.forward;
        backward += layer.by_input + layer.by_weight;
        recomputed += layer.recomputed;
      }
      EXPECT_EQ(forward, run->costs.forward);
      EXPECT_EQ(backward, run->costs.backward);
      EXPECT_EQ(recomputed, run->costs.recomputed);
      EXPECT_EQ(recomputed > 0, std::string(recompute) != "0");
    }
}

/// All of it is computed in fp64, and so its bytes are counted.
TEST(Walk, OfAnExampleCountsTheBytesOfFp64) {
  const auto walk = walk_of_example({1, 2, 3}, {0.5, -1, 2}, 1);
  ASSERT_TRUE(walk);
  for (const WalkStep& step : *walk) {
    if (step.spared) continue;
    std::int64_t numbers = 1;
    for (const std::int64_t size : step.writes.shape) numbers *= size;
    for (const WalkTensor& one : step.reads) numbers += std::ssize(one.numbers);
    EXPECT_EQ(step.bytes, 8 * numbers) << step.equation;
  }
}

TEST(Walk, GoesForwardThenBackThenToTheOptimizer) {
  const auto run = costs_of({{"model.kind", "deep_linear"},
                             {"model.depth", "2"},
                             {"model.width", "8"},
                             {"batch", "4"},
                             {"data.kind", "teacher"},
                             {"optimizer.kind", "sgd"}});
  const std::vector<WalkStep>& walk = run->walk;
  EXPECT_EQ(walk.front().equation, "h1 = X W1^T");
  EXPECT_TRUE(std::ranges::is_sorted(walk, [](const WalkStep& a, const WalkStep& b) {
    const auto rank = [](const WalkStep& one) {
      return one.way == WalkWay::forward || one.way == WalkWay::loss ? 0
             : one.way == WalkWay::optimizer                         ? 2
                                                                     : 1;
    };
    return rank(a) < rank(b);
  }));
  // Of the first layer dX is not computed; of the second both products are.
  const auto step_of = [&](const char* name) {
    return std::ranges::find_if(walk, [&](const WalkStep& one) {
      return one.way == WalkWay::backward && one.writes.name == name;
    });
  };
  ASSERT_NE(step_of("dX"), walk.end());
  EXPECT_TRUE(step_of("dX")->spared);
  EXPECT_EQ(step_of("dW1")->flops, 2.0 * 8 * 4 * 8);
  EXPECT_TRUE(step_of("dW1")->reads[0].transposed);
  EXPECT_EQ(walk.back().way, WalkWay::optimizer);
  for (const WalkStep& one : walk) EXPECT_GE(one.bytes, 0) << one.equation;
}

}  // namespace
}  // namespace nanscope
