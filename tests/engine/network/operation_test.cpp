#include "engine/network/operations/activation.h"
#include "engine/network/operations/batch_norm.h"
#include "engine/network/operations/cast.h"
#include "engine/network/operations/layer_norm.h"
#include "engine/network/operations/linear.h"
#include "engine/network/operations/residual.h"
#include "engine/network/operations/rms_norm.h"
#include "tests/engine/network/oracle.h"

// Every operation's forward and backward against PyTorch's functions under autograd, in fp64, fp32,
// bf16 and fp16, for one network and for three side by side.
namespace nanscope {
namespace {

using oracle::expect_close;
using oracle::random;

constexpr int kBatch = 12, kIn = 20, kOut = 28;

struct Case {
  at::ScalarType type;
  int networks;
};

class OperationTest : public testing::TestWithParam<Case> {
 protected:
  std::vector<std::int64_t> shape(std::vector<std::int64_t> last) const {
    if (GetParam().networks > 1) last.insert(last.begin(), GetParam().networks);
    return last;
  }
  at::Tensor data(std::vector<std::int64_t> last, int seed) const {
    return random(shape(std::move(last)), GetParam().type, seed);
  }
  Value value(const std::string& name, const at::Tensor& tensor) const {
    return oracle::value_with_gradient(name, tensor, format());
  }
  const NumberFormat& format() const { return oracle::format_of(GetParam().type); }
  double tolerance(double terms) const { return oracle::tolerance(GetParam().type, terms); }
};

std::string case_name(const testing::TestParamInfo<Case>& info) {
  return std::string(oracle::format_of(info.param.type).name) +
         (info.param.networks > 1 ? "_three_networks" : "");
}

INSTANTIATE_TEST_SUITE_P(Types, OperationTest,
                         testing::Values(Case{at::kDouble, 1}, Case{at::kFloat, 1},
                                         Case{at::kBFloat16, 1}, Case{at::kHalf, 1},
                                         Case{at::kDouble, 3}, Case{at::kFloat, 3},
                                         Case{at::kBFloat16, 3}),
                         case_name);

TEST_P(OperationTest, LinearMatchesAutograd) {
  for (const bool with_bias : {false, true}) {
    std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1), data({kOut, kIn}, 2), data({kOut}, 3)};
    Value x = value("x", leaves[0]), w = value("W", leaves[1]), b = value("b", leaves[2]);
    Value z = value("z", data({kBatch, kOut}, 4));
    const at::Tensor upstream = data({kBatch, kOut}, 5);
    Linear linear(x, w, with_bias ? &b : nullptr, z, GetParam().networks, format(), {});
    oracle::run(linear, z, upstream);
    const at::Tensor expected = oracle::run_autograd(
        leaves,
        [&](auto& leaf) {
          const at::Tensor product = at::matmul(leaf[0], leaf[1].transpose(-2, -1));
          return with_bias ? product + leaf[2].unsqueeze(-2) : product;
        },
        upstream);
    expect_close(z.data(), expected, tolerance(kIn), "z");
    expect_close(x.gradient(), leaves[0].grad(), tolerance(kOut), "dx");
    expect_close(w.gradient(), leaves[1].grad(), tolerance(kBatch), "dW");
    if (with_bias) expect_close(b.gradient(), leaves[2].grad(), tolerance(kBatch), "db");
  }
}

TEST_P(OperationTest, LinearLeavesOutTheGradientOfAnInputThatNeedsNone) {
  Value x("X", data({kBatch, kIn}, 1), format());
  Value w = value("W", data({kOut, kIn}, 2)), z = value("z", data({kBatch, kOut}, 4));
  Linear linear(x, w, nullptr, z, GetParam().networks, format(), {});
  oracle::run(linear, z, data({kBatch, kOut}, 5));
  EXPECT_FALSE(x.gradient().defined());
}

TEST_P(OperationTest, ActivationsMatchAutograd) {
  for (const auto& [activation, name] : Names<Activation>::all) {
    if (activation == Activation::identity) continue;  // shares its buffers: see the plan's tests
    std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1) * 2};
    const at::Tensor upstream = data({kBatch, kIn}, 2);
    Value z = value("z", leaves[0]), a = value("a", at::empty_like(leaves[0]));
    Activate operation(activation, z, a);
    oracle::run(operation, a, upstream);
    const at::Tensor expected = oracle::run_autograd(
        leaves, [&, which = activation](auto& leaf) { return oracle::apply(which, leaf[0]); },
        upstream);
    // The same kernels on the same values.
    oracle::expect_same_bits(a.data(), expected, std::string(name));
    expect_close(z.gradient(), leaves[0].grad(), tolerance(1), std::string(name));
  }
}

TEST_P(OperationTest, ActivationsPassNonfiniteValuesOn) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [activation, name] : Names<Activation>::all) {
    if (activation == Activation::identity) continue;
    at::Tensor input = at::tensor({inf, -inf, nan, -0.0}, at::kDouble).to(GetParam().type);
    Value z = value("z", input), a = value("a", at::empty_like(input));
    Activate(activation, z, a).forward({});
    const at::Tensor expected = oracle::apply(activation, input);
    EXPECT_TRUE(at::equal(a.data().isnan(), expected.isnan())) << name;
    EXPECT_TRUE(at::equal(a.data().nan_to_num(), expected.nan_to_num())) << name;
  }
}

TEST_P(OperationTest, LayerNormMatchesAutograd) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1) * 3 + 1};
  const at::Tensor upstream = data({kBatch, kIn}, 2);
  Value h = value("h", leaves[0]), u = value("u", at::empty_like(leaves[0]));
  const at::Tensor mean = data({kBatch, 1}, 3), rstd = data({kBatch, 1}, 4);
  LayerNorm norm(h, u, mean, rstd);
  oracle::run(norm, u, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return at::layer_norm(leaf[0], {kIn}, {}, {}, 1e-5); }, upstream);
  oracle::expect_same_bits(u.data(), expected, "u");
  oracle::expect_same_bits(h.gradient(), leaves[0].grad(), "dh");
}

TEST_P(OperationTest, RmsNormMatchesAutograd) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1) * 3 + 1};
  const at::Tensor upstream = data({kBatch, kIn}, 2);
  Value h = value("h", leaves[0]), u = value("u", at::empty_like(leaves[0]));
  const at::ScalarType wide = h.data().scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const auto buffer = [&](std::int64_t columns) {
    return at::empty(shape({kBatch, columns}), wide);
  };
  RmsNorm norm(h, u, buffer(1), {buffer(kIn), buffer(kIn), buffer(1)});
  oracle::run(norm, u, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return at::rms_norm(leaf[0], {kIn}, {}, 1e-5); }, upstream);
  expect_close(u.data(), expected, tolerance(1), "u");
  expect_close(h.gradient(), leaves[0].grad(), tolerance(kIn), "dh");
}

/// PyTorch's, each network by itself; without running statistics, or with (networks * C) of them.
at::Tensor batch_norm(const at::Tensor& h, const at::Tensor& mean = {},
                      const at::Tensor& variance = {}, bool training = true) {
  const at::Tensor rows = h.dim() == 2 ? h : h.transpose(0, 1).flatten(1);
  const auto given = [](const at::Tensor& one) {
    return one.defined() ? std::optional(one) : std::nullopt;
  };
  const at::Tensor u = at::batch_norm(rows, {}, {}, given(mean), given(variance), training, 0.1,
                                      1e-5, /*cudnn_enabled=*/false);
  return h.dim() == 2 ? u : u.unflatten(1, {h.size(0), h.size(2)}).transpose(0, 1);
}

TEST_P(OperationTest, BatchNormMatchesAutograd) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1) * 3 + 1};
  const at::Tensor upstream = data({kBatch, kIn}, 2);
  Value h = value("h", leaves[0]), u = value("u", at::empty_like(leaves[0]));
  const at::ScalarType wide = h.data().scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const auto buffer = [&](std::int64_t rows) { return at::empty(shape({rows, kIn}), wide); };
  BatchNorm norm(h, u, buffer(1), buffer(1), {}, {buffer(kBatch), buffer(kBatch), buffer(1)});
  oracle::run(norm, u, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return batch_norm(leaf[0]); }, upstream);
  expect_close(u.data(), expected, tolerance(kBatch), "u");
  expect_close(h.gradient(), leaves[0].grad(), tolerance(kBatch), "dh");
}

TEST_P(OperationTest, BatchNormKeepsRunningStatisticsForEvaluation) {
  const at::ScalarType wide = GetParam().type == at::kDouble ? at::kDouble : at::kFloat;
  if (GetParam().type != wide) return;  // of wide rows
  const auto buffer = [&](std::int64_t rows) { return at::empty(shape({rows, kIn}), wide); };
  const at::Tensor mean = at::zeros(shape({kIn}), wide), variance = at::ones(shape({kIn}), wide);
  const at::Tensor all_means = at::zeros({mean.numel()}, wide),
                   all_variances = at::ones_like(all_means);
  Value h = value("h", data({kBatch, kIn}, 1)), u = value("u", at::empty_like(h.data()));
  BatchNorm norm(h, u, buffer(1), buffer(1), {mean, variance},
                 {buffer(kBatch), buffer(kBatch), buffer(1)});
  for (int step = 0; step < 3; ++step) {
    h.data().copy_(data({kBatch, kIn}, 10 + step) * 2 + step);
    norm.forward({.training = true, .generator = {}, .step = step});
    const at::Tensor expected = batch_norm(h.data(), all_means, all_variances);
    expect_close(u.data(), expected, tolerance(kBatch), "u");
  }
  expect_close(mean.flatten(), all_means, tolerance(kBatch), "running mean");
  expect_close(variance.flatten(), all_variances, tolerance(kBatch), "running variance");
  norm.forward({});
  expect_close(u.data(), batch_norm(h.data(), all_means, all_variances, false), tolerance(kBatch),
               "u in evaluation");
}

TEST_P(OperationTest, ResidualMatchesAutograd) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1), data({kBatch, kIn}, 2)};
  const at::Tensor upstream = data({kBatch, kIn}, 3);
  Value h = value("h", leaves[0]), out = value("h'", at::empty_like(leaves[0]));
  Value a("a", leaves[1], format());
  a.set_gradient(out.gradient(), format());
  Residual residual(h, a, out);
  oracle::run(residual, out, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return leaf[0] + leaf[1]; }, upstream);
  oracle::expect_same_bits(out.data(), expected, "h'");
  oracle::expect_same_bits(h.gradient(), leaves[0].grad(), "dh");
  oracle::expect_same_bits(a.gradient(), leaves[1].grad(), "da");
}

TEST_P(OperationTest, CastMatchesAutograd) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1)};
  const at::Tensor upstream = random(shape({kBatch, kIn}), at::kBFloat16, 2);
  Value x = value("x", leaves[0]);
  Value y = oracle::value_with_gradient("y", at::empty_like(upstream), *find_format("bf16"));
  Cast cast(x, y);
  oracle::run(cast, y, upstream);
  const at::Tensor expected = oracle::run_autograd(
      leaves, [](auto& leaf) { return leaf[0].to(at::kBFloat16); }, upstream);
  oracle::expect_same_bits(y.data(), expected, "y");
  oracle::expect_same_bits(x.gradient(), leaves[0].grad(), "dx");
}

TEST_P(OperationTest, SeveralReadersOfAValueAddTheirGradients) {
  std::vector<at::Tensor> leaves{data({kBatch, kIn}, 1)};
  const at::Tensor upstream = data({kBatch, kIn}, 2);
  Value z = value("z", leaves[0]);
  Value a = value("a", at::empty_like(leaves[0])), s = value("s", at::empty_like(leaves[0]));
  Activate tanh(Activation::tanh, z, a), silu(Activation::silu, z, s);
  z.forget_gradient();
  oracle::run(tanh, a, upstream);
  oracle::run(silu, s, upstream);
  oracle::run_autograd(
      leaves, [](auto& leaf) { return at::tanh(leaf[0]) + at::silu(leaf[0]); }, upstream);
  expect_close(z.gradient(), leaves[0].grad(), tolerance(2), "dz");
  z.forget_gradient();  // and the next pass starts from nothing
  oracle::run(tanh, a, upstream);
  const at::Tensor once = at::tanh_backward(upstream, at::tanh(leaves[0].detach()));
  expect_close(z.gradient(), once, tolerance(1), "dz of a second pass");
}

TEST(Linear, RowsOfOneNetworkAreNotNetworks) {
  // (B,T,C) of one network is for its model to lay out as rows; it is never read as B networks.
  const NumberFormat& fp32 = *find_format("fp32");
  Value x("x", at::zeros({2, kBatch, kIn}), fp32), w("W", at::zeros({2, kOut, kIn}), fp32);
  Value z("z", at::zeros({2, kBatch, kOut}), fp32);
  EXPECT_NO_THROW(Linear(x, w, nullptr, z, 2, fp32, {}));
  EXPECT_THROW(Linear(x, w, nullptr, z, 1, fp32, {}), c10::Error);
}

}  // namespace
}  // namespace nanscope
