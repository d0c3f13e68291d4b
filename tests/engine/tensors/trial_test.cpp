#include "engine/tensors/trial.h"

#include "chains.h"
#include "engine/tensors/evaluator.h"
#include "every_operation.h"

// Expressions that are tried rather than shown.
namespace nanscope {
namespace {

class TrialTest : public ChainTest {
 protected:
  /// On the meta device, where nothing is computed.
  TensorChain without_values(const std::string& expression) {
    return run_on(expression, c10::kMeta);
  }
  TensorChain with_values(const std::string& expression) { return run_on(expression, c10::kCPU); }

  Overloads overloads_;

 private:
  TensorChain run_on(const std::string& expression, c10::DeviceType device) {
    TensorChain chain;
    request_.expression = expression;
    const std::optional<Program> program = read_chain(expression, request_, chain);
    Executor executor(overloads_, device, std::int64_t{1} << 40);
    Evaluator(executor, chain, request_, {}, CellsWanted::no).run(*program);
    return chain;
  }
};

/// Operations whose shape, or whether they are refused, depends on values.
bool reads_values(std::string_view name) {
  constexpr std::array kNames{"index_select",  "gather",  "take",
                              "masked_select", "item",    "tolist",
                              "floor_divide_", "unique",  "unique_consecutive",
                              "nonzero",       "argwhere"};
  return std::ranges::find(kNames, name) != kNames.end();
}

TEST_F(TrialTest, EveryOperationIsTriedWithoutItsValues) {
  for (const TensorOperation& operation : operations()) {
    const OperationExample example = example_of(operation);
    const std::string numbers = literal_tensor(std::vector<double>(16, 1), example);
    const std::string expression =
        fmt::format("x = {0}\ny = {0}\n{1}", numbers, example.expression);
    const TensorChain tried = without_values(expression), computed = with_values(expression);
    EXPECT_EQ(tried.error.has_value(), reads_values(operation.name)) << example.expression;
    if (tried.error) continue;
    ASSERT_EQ(tried.steps.size(), computed.steps.size()) << example.expression;
    for (std::size_t i = 0; i < computed.steps.size(); ++i) {
      EXPECT_EQ(tried.steps[i].shape, computed.steps[i].shape) << example.expression;
      EXPECT_EQ(tried.steps[i].stride, computed.steps[i].stride) << example.expression;
      EXPECT_EQ(tried.steps[i].dtype, computed.steps[i].dtype) << example.expression;
    }
  }
}

TEST_F(TrialTest, WhatIsTriedIsLaidOutAsWhatIsComputed) {
  const std::string inputs =
      "x = zeros(3,4).t()\ny = zeros(2,1,1,dtype=float64)\nm = zeros(2,4,3).transpose(0,2) > 0\n";
  for (const char* operation : {"x.abs()",
                                "x.relu()",
                                "x.isnan()",
                                "x.isinf()",
                                "x.logical_not()",
                                "x.logical_and(y)",
                                "x.logical_or(m.transpose(0,2))",
                                "x.floor_divide(y)",
                                "x.long().floor_divide(2)",
                                "x.long().floor_divide(2.5)",
                                "where(m.transpose(0,2), x, y)",
                                "where(x > 0, x, 2)",
                                "x.var()",
                                "x.var(0)",
                                "x.std((0,1), keepdim=True)",
                                "x.half().std(-1)",
                                "x.bool().max()",
                                "x.min()",
                                "x.half().trace()",
                                "x[0].dot(x[1])",
                                "x.flip(0)",
                                "x.flip((0,-1))",
                                "x.roll(1)",
                                "x.roll(1,0)",
                                "x.roll((1,2),(0,1))",
                                "x[:0].roll(1,0)",
                                "randperm(4)",
                                "x.rot90()",
                                "x.logsumexp(0)"}) {
    const TensorChain tried = without_values(inputs + operation);
    const TensorChain computed = with_values(inputs + operation);
    ASSERT_FALSE(tried.error) << operation << ": " << tried.error->message();
    ASSERT_FALSE(computed.error) << operation << ": " << computed.error->message();
    EXPECT_EQ(tried.steps.back().shape, computed.steps.back().shape) << operation;
    EXPECT_EQ(tried.steps.back().stride, computed.steps.back().stride) << operation;
    EXPECT_EQ(tried.steps.back().dtype, computed.steps.back().dtype) << operation;
  }
}

TEST_F(TrialTest, WhatIsRefusedIsRefusedInTheSameWords) {
  for (const char* expression : {"zeros(3,4).var(2)",
                                 "zeros(3,4).std((0,0))",
                                 "zeros(0).max()",
                                 "zeros(0,3).min()",
                                 "zeros(2,2,2).trace()",
                                 "zeros(3).dot(zeros(4))",
                                 "zeros(2,2).dot(zeros(2))",
                                 "zeros(3,4).flip(2)",
                                 "zeros(3,4).flip((0,0))",
                                 "zeros(3,4).roll(1,2)",
                                 "zeros(3,4).roll((1,2),0)",
                                 "zeros(3,4).logical_and(zeros(3))",
                                 "randperm(-1)",
                                 "where(zeros(3) > 0, zeros(3), zeros(4))",
                                 "zeros(3,4).rot90(1,(0,2))",
                                 "zeros(3,4).logsumexp(2)",
                                 "zeros(3).floor_divide(zeros(2))",
                                 "zeros(3,4)[[0,3]]",
                                 "zeros(3,4)[[-4]]",
                                 "x = zeros(3,4)\nx[:,[4]] = 1"}) {
    const TensorChain tried = without_values(expression), computed = with_values(expression);
    ASSERT_TRUE(tried.error && computed.error) << expression;
    EXPECT_EQ(tried.error->message(), computed.error->message()) << expression;
  }
}

}  // namespace
}  // namespace nanscope
