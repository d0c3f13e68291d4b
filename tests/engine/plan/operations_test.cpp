#include "engine/plan/operations/operations.h"

#include <gtest/gtest.h>

// What operations say of themselves: equations, costs, values, PyTorch.
namespace nanscope {
namespace {

const PrecisionRow& fp32_row() {
  static const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, false);
  return row;
}

/// One layer that reads h2, a value with a gradient, or X, which has none.
class OneLayer {
 public:
  explicit OneLayer(std::vector<std::int64_t> shape, const PrecisionRow& row = fp32_row())
      : builder_(row, 1) {
    input_ = builder_.add_input("X", shape);
    builder_.begin_layer("linear 2", "2");
    const ValueId parameter = builder_.add_weight("W", 1, 1);
    stream_ = builder_.add_result("h", shape, *row.elementwise, {parameter});
    builder_.end_layer();
    builder_.begin_layer("linear 3", "3");
  }
  PlanBuilder& builder() { return builder_; }
  ValueId input() const { return input_; }
  ValueId stream() const { return stream_; }
  /// The plan that ends in this value.
  PlanDescription finish(ValueId output) {
    builder_.end_layer();
    return std::move(builder_).finish(output, GradientPolicy::kept);
  }

 private:
  PlanBuilder builder_;
  ValueId input_, stream_;
};

TEST(OperationCost, CountsMultiplyAddsTwiceAndBytesOnce) {
  OneLayer layer({64, 512});
  const ValueId weight = layer.builder().add_weight("W", 256, 512);
  const ValueId bias = layer.builder().add_parameter("b", {256}, ParameterInit::bias, 512);
  const NumberFormat& fp32 = *find_format("fp32");
  const ValueId z = add_linear(layer.builder(), "z", layer.stream(), weight, bias, fp32);
  const ValueId h = add_activation(layer.builder(), "h", Activation::relu, z);
  const PlanDescription plan = layer.finish(h);
  const PlanOperation& linear = plan.operations[0];
  EXPECT_EQ(linear.forward.flops, 2.0 * 64 * 512 * 256);
  EXPECT_EQ(linear.backward.flops, 4.0 * 64 * 512 * 256);
  EXPECT_EQ(linear.forward.bytes_read, 4 * (64 * 512 + 256 * 512 + 256));
  EXPECT_EQ(linear.forward.bytes_written, 4 * 64 * 256);
  EXPECT_EQ(linear.backward.bytes_written, 4 * (256 * 512 + 64 * 512 + 256));
  EXPECT_EQ(plan.names(linear.saved), (std::vector<std::string>{"h2", "W3"}));
  EXPECT_EQ(linear.equation, "z3 = h2 W3^T + b3");
  EXPECT_EQ(linear.backward_equation,
            "dh2 = dz3 W3, dW3 = dz3^T h2, db3 = sum over samples of dz3");
  const PlanOperation& relu = plan.operations[1];
  EXPECT_EQ(relu.kind, "relu");
  EXPECT_EQ(relu.forward, (Cost{0, 4L * 64 * 256, 4L * 64 * 256}));
  EXPECT_EQ(relu.equation, "h3 = max(z, 0) with z = z3");
}

TEST(OperationCost, LeavesOutTheGradientOfAnInputThatNeedsNone) {
  OneLayer layer({12, 20});
  const ValueId weight = layer.builder().add_weight("W", 28, 20);
  const NumberFormat& fp32 = *find_format("fp32");
  const ValueId z = add_linear(layer.builder(), "z", layer.input(), weight, kNoValue, fp32);
  const PlanDescription plan = layer.finish(z);
  EXPECT_EQ(plan.operations[0].backward_equation, "dW3 = dz3^T X");
  EXPECT_DOUBLE_EQ(plan.operations[0].backward.flops, plan.operations[0].forward.flops);
}

TEST(Operations, NameEveryActivation) {
  for (const auto& [activation, name] : Names<Activation>::all) {
    if (activation == Activation::identity) continue;
    OneLayer layer({12, 20});
    const ValueId h = add_activation(layer.builder(), "h", activation, layer.stream());
    const PlanDescription plan = layer.finish(h);
    EXPECT_EQ(plan.operations[0].kind, name);
    const bool saves_output = activation == Activation::relu || activation == Activation::tanh ||
                              activation == Activation::sigmoid;
    EXPECT_EQ(plan.names(plan.operations[0].saved)[0], saves_output ? "h3" : "h2");
    EXPECT_EQ(plan.operations[0].formula, std::string(name) + "({0})");
    EXPECT_TRUE(plan.operations[0].backward_equation.ends_with(saves_output ? " with a = h3"
                                                                            : " with z = h2"));
  }
}

TEST(Operations, ANormSavesItsStatistics) {
  const PrecisionRow bf16 = *precision_row(Precision::bf16, Execution::native, false);
  OneLayer layer({12, 20}, bf16);
  const ValueId u = add_layer_norm(layer.builder(), "u", layer.stream());
  const ValueId v = add_rms_norm(layer.builder(), "v", u);
  const PlanDescription plan = layer.finish(v);
  const PlanOperation& first = plan.operations[0];
  EXPECT_EQ(plan.names(first.saved), (std::vector<std::string>{"h2", "mean3", "rstd3"}));
  EXPECT_EQ(plan.value(first.saved[1]).role, ValueRole::saved);
  EXPECT_EQ(plan.value(first.saved[1]).bytes(), 2 * 12);
  EXPECT_EQ(first.forward.bytes_written, 2 * (12 * 20 + 12 + 12));
  // RMSNorm computes in fp32.
  const PlanOperation& second = plan.operations[1];
  EXPECT_EQ(plan.value(second.saved[1]).bytes(), 4 * 12);
  ASSERT_EQ(second.scratch.size(), 3u);
  EXPECT_EQ(plan.value(second.scratch[0]).bytes(), 4 * 12 * 20);
}

TEST(Operations, WhatPassesAGradientOnCostsNothingBack) {
  const PrecisionRow tf32 = *precision_row(Precision::tf32, Execution::automatic, false);
  OneLayer layer({12, 20}, tf32);
  const ValueId cast = add_cast_for_product(layer.builder(), layer.stream(), *find_format("tf32"));
  EXPECT_NE(cast, layer.stream());
  const PlanDescription plan = layer.finish(cast);
  const PlanValue& h = plan.value(layer.stream());
  EXPECT_EQ(plan.value(h.gradient).buffer, plan.value(plan.value(cast).gradient).buffer);
  EXPECT_EQ(plan.operations[0].backward, Cost());
  EXPECT_EQ(plan.operations[0].equation, "h2_tf32 = tf32(h2)");
  EXPECT_EQ(plan.operations[0].pytorch, "to_tf32({0})");
}

TEST(Operations, ACastIsWrittenAsPytorchDoesIt) {
  for (const auto& [execution, written] :
       {std::pair{Execution::native, "{0}.to(torch.bfloat16)"},
        {Execution::emulated, "{0}.to(torch.bfloat16).float()"}}) {
    const PrecisionRow mixed = *precision_row(Precision::mixed_bf16, execution, false);
    OneLayer layer({12, 20}, mixed);
    const ValueId weight = layer.builder().add_weight("W", 28, 20);
    const ValueId cast = add_cast_for_product(layer.builder(), weight, *mixed.linear_input);
    EXPECT_EQ(layer.finish(cast).operations[0].pytorch, written);
  }
}

TEST(Fill, TakesOperandsAndNames) {
  const std::vector<std::string> operands{"rounded(h)", "W"}, names{"h", "W"};
  EXPECT_EQ(fill("f({0}, {0:name}.shape) @ {1}", operands, names), "f(rounded(h), h.shape) @ W");
  EXPECT_EQ(fill("", operands, names), "");
}

}  // namespace
}  // namespace nanscope
