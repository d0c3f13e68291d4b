#include "engine/network/operations/cross_entropy.h"
#include "engine/network/operations/mse.h"
#include "tests/engine/network/oracle.h"

// The losses there and back against PyTorch's functions under autograd.
namespace nanscope {
namespace {

constexpr int kSamples = 13, kOutputs = 7;

class LossTest : public testing::TestWithParam<at::ScalarType> {
 protected:
  at::ScalarType type() const { return GetParam(); }
  const NumberFormat& format() const { return oracle::format_of(type()); }
  Value loss() const { return oracle::value_with_gradient("L", at::empty({}, type()), format()); }
  /// 1e-10 in fp64: both sides take the same kernels, but for the order of a sum of 91 terms.
  double tolerance() const {
    return type() == at::kDouble ? 1e-10 : oracle::tolerance(type(), kSamples * kOutputs);
  }
};

INSTANTIATE_TEST_SUITE_P(Types, LossTest, testing::Values(at::kDouble, at::kFloat),
                         [](const auto& one) {
                           return std::string(oracle::format_of(one.param).name);
                         });

TEST_P(LossTest, MeanSquaredErrorMatchesAutograd) {
  std::vector<at::Tensor> leaves{oracle::random({kSamples, kOutputs}, type(), 1)};
  const at::Tensor target = oracle::random({kSamples, kOutputs}, type(), 2);
  const at::Tensor upstream = at::full({}, 0.25, type());
  Value y = oracle::value_with_gradient("y", leaves[0], format()), l = loss();
  Value t("T", target, format());
  MeanSquaredError mse(y, t, l, at::empty_like(target));
  oracle::run(mse, l, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [&](auto& leaf) { return at::mse_loss(leaf[0], target); }, upstream);
  oracle::expect_same_bits(l.data(), expected, "L");
  oracle::expect_same_bits(y.gradient(), leaves[0].grad(), "dy");
}

TEST_P(LossTest, CrossEntropyMatchesAutograd) {
  // Scores so far apart that exp() of them overflows fp32, which a naive softmax does not survive.
  std::vector<at::Tensor> leaves{oracle::random({kSamples, kOutputs}, type(), 1) * 60};
  const at::Tensor classes = at::arange(kSamples, at::kLong).remainder(kOutputs);
  const at::Tensor upstream = at::full({}, 0.5, type());
  Value y = oracle::value_with_gradient("y", leaves[0], format()), l = loss();
  Value t("T", at::one_hot(classes, kOutputs).to(type()), format());
  CrossEntropy entropy(y, t, l, at::empty_like(leaves[0]), at::empty_like(leaves[0]));
  oracle::run(entropy, l, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [&](auto& leaf) { return at::cross_entropy_loss(leaf[0], classes); }, upstream);
  oracle::expect_close(l.data(), expected, tolerance(), "L");
  oracle::expect_close(y.gradient(), leaves[0].grad(), tolerance(), "dy");
}

}  // namespace
}  // namespace nanscope
