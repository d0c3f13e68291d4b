#include "engine/plan/plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "engine/plan/plan_json.h"
#include "tests/engine/plan/small_network.h"

namespace nanscope {
namespace {

PlanDescription described(const Experiment& experiment, Precision precision,
                          GradientPolicy gradients = GradientPolicy::shared, int features = 24) {
  return describe_plan(
      experiment.network, *precision_row(precision, Execution::automatic, false),
      {.batch = experiment.data.batch, .features = features, .gradients = gradients});
}

TEST(PlanDescription, CostsAreThoseOfItsMatrixProducts) {
  Experiment experiment = small_network(Activation::relu, Norm::none, false, false);
  experiment.network.model.width = 512;
  experiment.network.model.depth = 50;
  experiment.data.batch = 64;
  const PlanDescription plan =
      described(experiment, Precision::fp32, GradientPolicy::shared, /*features=*/512);
  // Forward one product a layer, backward two, but the first layer's input needs no gradient.
  EXPECT_EQ(plan.forward_cost().flops + plan.backward_cost().flops,
            2.0 * 64 * 512 * 512 * (50 + 50 + 49));
}

TEST(PlanDescription, ListsItsParametersAsPyTorchDrawsThem) {
  Experiment experiment = small_network(Activation::gelu, Norm::layernorm, true, true);
  experiment.network.model.depth = 2;
  experiment.network.networks = 3;
  const PlanDescription plan =
      described(experiment, Precision::mixed_bf16, GradientPolicy::shared, /*features=*/5);
  std::vector<std::string> names;
  std::vector<ParameterDraw> draws;
  for (const PlanParameter& parameter : plan.parameters) {
    names.push_back(plan.value(parameter.value).name);
    draws.push_back(parameter.draw);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"W_in", "b_in", "W1", "b1", "W2", "b2"}));
  using enum ParameterInit;
  EXPECT_EQ(draws, (std::vector<ParameterDraw>{{0, weight, {24, 5}, 5},
                                               {0, bias, {24}, 5},
                                               {1, weight, {24, 24}, 24},
                                               {1, bias, {24}, 24},
                                               {2, weight, {24, 24}, 24},
                                               {2, bias, {24}, 24}}));
  EXPECT_EQ(plan.parameters_of(1), (std::pair<std::size_t, std::size_t>{2, 4}));
}

TEST(PlanDescription, UniformPrecisionsNeedNoCasts) {
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::fp16})
    for (const Execution execution : {Execution::native, Execution::emulated}) {
      const PlanDescription plan =
          describe_plan(small_network(Activation::relu, Norm::layernorm, true, true).network,
                        *precision_row(precision, execution, false), {.batch = 10, .features = 24});
      for (const PlanOperation& operation : plan.operations) EXPECT_NE(operation.kind, "cast");
    }
}

TEST(PlanDescription, AnIdentityIsNoOperation) {
  Experiment experiment = small_network(Activation::identity, Norm::none, false, false);
  EXPECT_EQ(described(experiment, Precision::fp32).operations.size(), 4u);
  experiment.network.model.activation = Activation::relu;
  EXPECT_EQ(described(experiment, Precision::fp32).operations.size(), 8u);
  experiment.network.model.kind = ModelKind::deep_linear;
  EXPECT_EQ(described(experiment, Precision::fp32).operations.size(), 4u);
}

TEST(PlanDescription, NamesItsLayersAndTheirTaps) {
  Experiment experiment = small_network(Activation::gelu, Norm::layernorm, true, true);
  const PlanDescription plan =
      described(experiment, Precision::fp32, GradientPolicy::shared, /*features=*/16);
  ASSERT_EQ(plan.layers.size(), 5u);
  EXPECT_EQ(plan.layers[0].name, "input");
  EXPECT_EQ(plan.find_tap(0, tap::branch), nullptr);
  EXPECT_EQ(plan.value(plan.find_tap(0, tap::weight)->value).shape,
            (std::vector<std::int64_t>{24, 16}));
  EXPECT_EQ(plan.layers[2].name, "linear 2");
  EXPECT_EQ(plan.value(plan.find_tap(2, tap::activation)->value).name, "h2");
  EXPECT_EQ(plan.value(plan.find_tap(2, tap::branch)->value).name, "a2");
  EXPECT_EQ(plan.operations_of(2).front().equation,
            "u2 = (h1 - mean) r with r = 1 / sqrt(var + 1e-5)");
  EXPECT_EQ(plan.operations_of(2).back().equation, "h2 = h1 + a2");
  EXPECT_EQ(plan.value(plan.output).name, "h4");
}

TEST(PlanDescription, NamesAreUniqueAndValuesOfOneBufferFitIt) {
  for (const auto& [precision, name] : Names<Precision>::all)
    for (const auto& [policy, policy_name] : Names<GradientPolicy>::all) {
      const PlanDescription plan =
          described(small_network(Activation::tanh, Norm::rmsnorm, true, true), precision, policy);
      std::set<std::string> names;
      std::set<int> buffers;
      for (const PlanValue& value : plan.values) {
        EXPECT_TRUE(names.insert(value.name).second) << value.name;
        ASSERT_GE(value.buffer, 0) << value.name;
        EXPECT_EQ(value.bytes(), plan.buffers[static_cast<std::size_t>(value.buffer)]);
        buffers.insert(value.buffer);
      }
      EXPECT_EQ(buffers.size(), plan.buffers.size());
    }
}

std::set<int> buffers_of(const PlanDescription& plan, ValueRole role, bool of_parameters) {
  std::set<int> buffers;
  for (const PlanValue& value : plan.values)
    if (value.gradient != kNoValue && plan.value(value.gradient).role == role &&
        (value.role == ValueRole::parameter) == of_parameters)
      buffers.insert(plan.value(value.gradient).buffer);
  return buffers;
}

TEST(PlanDescription, GradientsShareAsThePolicySays) {
  const Experiment experiment = small_network(Activation::relu, Norm::none, false, false);
  const auto count = [&](GradientPolicy policy, bool of_parameters) {
    return buffers_of(described(experiment, Precision::fp32, policy), ValueRole::gradient,
                      of_parameters)
        .size();
  };
  EXPECT_EQ(count(GradientPolicy::shared, true), 1u);
  EXPECT_EQ(count(GradientPolicy::shared, false), 3u);  // dz, and two dh that take turns
  EXPECT_EQ(count(GradientPolicy::owned, true), 4u);
  EXPECT_EQ(count(GradientPolicy::owned, false), 3u);
  EXPECT_EQ(count(GradientPolicy::kept, true), 4u);
  EXPECT_EQ(count(GradientPolicy::kept, false), 8u);
}

TEST(PlanDescription, ASumOfGradientsSaysWhoAddsToItAndWhatThatCosts) {
  const Experiment experiment = small_network(Activation::relu, Norm::rmsnorm, true, false);
  const PlanDescription plan = described(experiment, Precision::fp32);
  int sums = 0;
  for (const PlanOperation& operation : plan.operations) {
    const bool adds = operation.backward_equation.find(" += ") != std::string::npos;
    EXPECT_EQ(operation.parts.size(), adds ? 1u : 0u) << operation.backward_equation;
    if (!adds) continue;
    ++sums;
    // Back from the branch: the norm adds to what came by the residual connection.
    EXPECT_EQ(operation.kind, "rmsnorm");
    const std::int64_t rows = 10 * 24 * 4;
    EXPECT_GE(operation.backward.bytes_read, 4 * rows);  // du, u, the sum, the contribution
    EXPECT_EQ(operation.backward.bytes_written, 2 * rows);
  }
  EXPECT_EQ(sums, 3);  // the first layer's input needs no gradient

  const PlanDescription owned = described(small_network(Activation::relu, Norm::none, false, false),
                                          Precision::fp32, GradientPolicy::owned);
  for (const PlanOperation& operation : owned.operations) {
    if (operation.kind != "linear") continue;
    EXPECT_NE(operation.backward_equation.find("+= "), std::string::npos);
  }
}

TEST(PlanDescription, EachOfSeveralNetworksHasALossOfItsOwn) {
  for (const DataKind data : {DataKind::teacher, DataKind::digits}) {
    Experiment experiment = small_network(Activation::relu, Norm::batchnorm, true, true);
    experiment.data.kind = data;
    const TrainingTask task = training_task(experiment).value();
    const PlanDescription one = describe_training(experiment, task).value();
    experiment.network.networks = 3;
    const PlanDescription three = describe_training(experiment, task).value();
    EXPECT_EQ(three.value(three.output).shape, (std::vector<std::int64_t>{3}));
    // Each network's part of a buffer begins at a multiple of 64 bytes.
    for (std::size_t i = 0; i < one.buffers.size(); ++i)
      EXPECT_EQ(three.buffers[i], 3 * ((one.buffers[i] + 63) / 64 * 64));
    EXPECT_EQ(three.forward_cost().flops, 3 * one.forward_cost().flops);
    EXPECT_EQ(three.operations.back().equation, one.operations.back().equation);
    EXPECT_EQ(three.operations.back().backward_equation, one.operations.back().backward_equation);
    for (std::size_t i = 0; i < one.values.size(); ++i)
      EXPECT_EQ(three.values[i].buffer, one.values[i].buffer) << one.values[i].name;
  }
}

TEST(PlanJson, HasEveryFieldAndBytesThatAddUp) {
  const PlanDescription plan = described(
      small_network(Activation::gelu, Norm::layernorm, true, true), Precision::mixed_bf16);
  const auto json = nlohmann::json::parse(plan_to_json(Experiment(), plan, 2));
  EXPECT_EQ(json["schema"], "nanscope.plan/1");
  const auto& operation = json["operations"][1];
  EXPECT_EQ(operation["index"], 1);
  EXPECT_EQ(operation["layer"], "linear 1");
  for (const char* key : {"kind", "inputs", "outputs", "saved", "equation", "backward_equation"})
    EXPECT_TRUE(operation.contains(key)) << key;
  for (const char* direction : {"forward", "backward"})
    for (const char* key : {"flops", "bytes_read", "bytes_written"})
      EXPECT_TRUE(operation[direction][key].is_number_integer()) << key;
  std::map<int, std::int64_t> buffers;
  for (const auto& value : json["values"]) {
    for (const char* key : {"name", "role", "shape", "format"}) EXPECT_TRUE(value.contains(key));
    buffers[value["buffer"].get<int>()] = value["bytes"].get<std::int64_t>();
  }
  std::int64_t total = 0;
  for (const auto& [buffer, bytes] : buffers) total += bytes;
  EXPECT_EQ(total, plan.bytes());
  EXPECT_EQ(json["total"]["bytes"], plan.bytes());
}

}  // namespace
}  // namespace nanscope
