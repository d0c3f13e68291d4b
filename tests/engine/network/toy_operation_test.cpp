#include "tests/engine/plan/toy_operation.h"

#include <array>

#include "engine/network/operations/activation.h"
#include "engine/network/operations/linear.h"
#include "engine/network/plan.h"
#include "tests/engine/network/oracle.h"

// An operation that is added runs: a class, and a line in the list of kinds.
namespace nanscope {
namespace {

class Toy final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts) {
    return std::make_unique<Toy>(*parts.inputs[0], *parts.outputs[0]);
  }
  Toy(Value& input, Value& output) : input_(input), output_(output) {}

  void forward(const PassContext& context) override {
    output_.data().copy_(input_.data() * 2);
    output_.round_data();
    steps += static_cast<int>(context.step);
  }
  void backward(const PassContext& /*context*/) override {
    input_.add_gradient([&](const at::Tensor& dx) { dx.copy_(output_.gradient() * 2); });
  }

  static inline int steps = 0;  ///< what contexts said

 private:
  Value& input_;
  Value& output_;
};

TEST(ToyOperation, RunsThereAndBack) {
  constexpr auto kinds = std::to_array<OperationKind>(
      {{"linear", Linear::make}, {"relu", Activate::make}, {"toy", Toy::make}});
  const PrecisionRow row = *precision_row(Precision::fp32, Execution::automatic, false);
  Plan plan(std::make_shared<const PlanDescription>(toy_plan(row)), at::kCPU, kinds);
  std::vector<at::Tensor> leaves{oracle::random({8, 8}, at::kFloat, 1)};
  const at::Tensor x = oracle::random({4, 8}, at::kFloat, 2);
  const at::Tensor upstream = oracle::random({4, 8}, at::kFloat, 3);
  plan.input().data().copy_(x);
  plan.find(0, tap::weight)->data().copy_(leaves[0]);
  plan.forward({}, PassContext{.training = true, .generator = {}, .step = 7});
  EXPECT_EQ(Toy::steps, 7);
  plan.begin_backward(upstream);
  plan.backward({});
  const at::Tensor expected = oracle::run_autograd(
      leaves, [&](auto& leaf) { return at::relu(2 * at::matmul(x, leaf[0].t())); }, upstream);
  oracle::expect_close(plan.output().data(), expected, 1e-6, "h");
  oracle::expect_close(plan.find(0, tap::weight)->gradient(), leaves[0].grad(), 1e-6, "dW");
}

}  // namespace
}  // namespace nanscope
