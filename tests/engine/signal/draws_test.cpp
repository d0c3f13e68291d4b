#include "engine/signal/draws.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "engine/plan/operations/operations.h"
#include "engine/training/initialize.h"

namespace nanscope {
namespace {

/// A plan whose layer has a bias before its weight, and two of each: no layer of the models.
PlanDescription unusual_plan(const PrecisionRow& row, std::int64_t networks) {
  PlanBuilder plan(row, networks);
  const ValueId input = plan.add_input("X", {7, 6});
  plan.begin_layer("linear 1", "1");
  const ValueId b = plan.add_parameter("b", {8}, ParameterInit::bias, 6);
  const ValueId z = add_linear(plan, "z", input, plan.add_weight("W", 8, 6), b, *row.linear_output);
  const ValueId v = plan.add_weight("V", 3, 8);
  const ValueId c = plan.add_parameter("c", {3}, ParameterInit::bias, 8);
  const ValueId h = add_linear(plan, "h", z, v, c, *row.linear_output);
  plan.end_layer();
  return std::move(plan).finish(h, GradientPolicy::shared);
}

TEST(Draws, FollowThePlansListOfParameters) {
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, false);
  for (const int networks : {1, 3}) {
    NetworkSpec network;
    network.init = {.scheme = InitScheme::xavier, .gain = 2, .bias_std = 0.5};
    network.networks = networks;
    network.seed = 11;
    DataSpec data;
    data.batch = 7;
    const PlanDescription plan = unusual_plan(row, networks);

    Draws draws;
    Watch watch({}, {});
    ASSERT_TRUE(draws.prepare_parameters(network, plan, c10::kCPU, watch));
    ASSERT_TRUE(draws.prepare_input(data, nullptr, plan));
    EXPECT_EQ(draws.bytes(), plan.draw_bytes());

    for (int n = 0; n < networks; ++n) {
      const auto of_network = [&](const at::Tensor& drawn) {
        return networks == 1 ? drawn : drawn.select(0, n);
      };
      at::Generator generator = seeded_generator(11 + static_cast<std::uint64_t>(n));
      // What torch.manual_seed and these calls in this order give; xavier has the gain 1.
      const auto normal = [&](std::vector<std::int64_t> shape, double std) {
        return at::empty(shape, at::kFloat).normal_(0, std, generator);
      };
      EXPECT_TRUE(at::equal(of_network(draws.parameters()[0]), normal({8}, 1)));
      EXPECT_TRUE(at::equal(of_network(draws.parameters()[1]), normal({8, 6}, std::sqrt(2. / 14))));
      EXPECT_TRUE(at::equal(of_network(draws.parameters()[2]), normal({3, 8}, std::sqrt(2. / 11))));
      EXPECT_TRUE(at::equal(of_network(draws.parameters()[3]), normal({3}, 1)));
      EXPECT_TRUE(at::equal(of_network(draws.input().input), normal({7, 6}, 1)));
      EXPECT_TRUE(at::equal(of_network(draws.input().upstream_gradient), normal({7, 3}, 1)));
    }
    // Another gain, the same draws; another scheme, others.
    network.init.gain = 3;
    EXPECT_FALSE(draws.begin_parameters(network, plan, c10::kCPU));
    network.init.scheme = InitScheme::kaiming;
    EXPECT_TRUE(draws.begin_parameters(network, plan, c10::kCPU));
  }
}

}  // namespace
}  // namespace nanscope
