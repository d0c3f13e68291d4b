#include "engine/network/operations/dropout.h"

#include "engine/training/initialize.h"
#include "tests/engine/network/oracle.h"

// Dropout there and back against PyTorch's function under autograd, whose masks it draws.
namespace nanscope {
namespace {

constexpr int kRows = 19, kColumns = 33;

class DropoutTest : public testing::TestWithParam<at::ScalarType> {
 protected:
  const NumberFormat& format() const { return oracle::format_of(GetParam()); }
  at::Tensor random(int seed) const { return oracle::random({kRows, kColumns}, GetParam(), seed); }
};

INSTANTIATE_TEST_SUITE_P(Types, DropoutTest,
                         testing::Values(at::kDouble, at::kFloat, at::kBFloat16),
                         [](const auto& one) {
                           return std::string(oracle::format_of(one.param).name);
                         });

TEST_P(DropoutTest, DrawsPyTorchsMasksAndMatchesAutograd) {
  std::vector<at::Tensor> leaves{random(1)};
  const at::Tensor upstream = random(2);
  Value a = oracle::value_with_gradient("a", leaves[0], format());
  Value h = oracle::value_with_gradient("h", at::empty_like(leaves[0]), format());
  Dropout dropout(a, h, at::empty_like(leaves[0]), 0.3);
  const PassContext context{.training = true, .generator = seeded_generator(7)};
  dropout.forward(context);
  h.gradient().copy_(upstream);
  dropout.backward(context);

  at::manual_seed(7);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return at::dropout(leaf[0], 0.3, /*train=*/true); }, upstream);
  oracle::expect_same_bits(h.data(), expected, "h");
  oracle::expect_same_bits(a.gradient(), leaves[0].grad(), "da");
  EXPECT_NEAR(h.data().eq(0).sum().item<double>() / (kRows * kColumns), 0.3, 0.1);
}

TEST_P(DropoutTest, EvaluationKeepsEverything) {
  Value a = oracle::value_with_gradient("a", random(1), format());
  Value h = oracle::value_with_gradient("h", at::empty_like(a.data()), format());
  Dropout(a, h, at::empty_like(a.data()), 0.3).forward({});
  oracle::expect_same_bits(h.data(), a.data(), "h");
}

}  // namespace
}  // namespace nanscope
