#include "engine/network/plan.h"

#include <fmt/format.h>

#include "tests/engine/network/oracle.h"

// Whole plans against the same network written with PyTorch's functions under autograd.
namespace nanscope {
namespace {

using oracle::expect_close;
using oracle::random;

Experiment small(Activation activation, Norm norm, bool residual, bool bias) {
  Experiment experiment;
  experiment.network.model = {.depth = 4,
                              .width = 24,
                              .activation = activation,
                              .norm = norm,
                              .residual = residual,
                              .bias = bias};
  experiment.data.batch = 10;
  return experiment;
}

PrecisionRow native_row(Precision precision) {
  return *precision_row(precision, Execution::native, /*cuda=*/false);
}

/// A plan with random inputs and weights of variance about 1/width, run there and back.
struct RunPlan {
  RunPlan(const Experiment& experiment, const PrecisionRow& row, int features, bool keep = true)
      : plan(experiment, row, {.features = features, .keep_gradients = keep}) {
    fill(plan.input(), 1, 1);
    int seed = 100;
    for (const PlanLayer& layer : plan.layers()) {
      fill(*layer.weight, seed++, 1 / std::sqrt(layer.weight->data().size(-1)));
      if (layer.bias) fill(*layer.bias, seed++, 0.3);
    }
    upstream = random(plan.output().data().sizes().vec(), plan.output().data().scalar_type(), 2);
  }
  void run(const Probe& probe = {}) {
    plan.forward(probe);
    plan.begin_backward(upstream);
    plan.backward(probe);
  }
  static void fill(const Value& value, int seed, double scale) {
    value.data().copy_(random(value.data().sizes().vec(), at::kFloat, seed) * scale);
    value.round_data();
  }

  Plan plan;
  at::Tensor upstream;
};

at::Tensor normalize(Norm norm, const at::Tensor& h) {
  const std::vector<std::int64_t> last{h.size(-1)};
  if (norm == Norm::layernorm) return at::layer_norm(h, last, {}, {}, 1e-5);
  return norm == Norm::rmsnorm ? at::rms_norm(h, last, {}, 1e-5) : h;
}

/// The network under autograd with its leaves and what its layers hold. Mixed precisions cast where
/// torch.autocast would, but compute norms in fp32.
struct Autograd {
  std::vector<at::Tensor> weights, biases, preactivations, activations;

  Autograd(const Experiment& experiment, const PrecisionRow& row, const Plan& plan,
           const at::Tensor& upstream) {
    const auto leaf = [](const Value& value) {
      return value.data().detach().clone().requires_grad_();
    };
    const at::ScalarType factor = storage_type(*row.linear_input, false);
    const at::ScalarType norm_type = storage_type(*row.norm_output, false);
    at::Tensor h = plan.input().data().clone();
    for (const PlanLayer& layer : plan.layers()) {
      const bool first = layer.name == "input";
      weights.push_back(leaf(*layer.weight));
      at::Tensor u = first || experiment.network.model.norm == Norm::none
                         ? h
                         : normalize(experiment.network.model.norm, h.to(norm_type));
      std::optional<at::Tensor> bias;
      if (layer.bias) {
        biases.push_back(leaf(*layer.bias));
        bias = biases.back().to(factor);
      }
      const at::Tensor z = at::linear(u.to(factor), weights.back().to(factor), bias);
      z.retain_grad();
      preactivations.push_back(z);
      const at::Tensor a = oracle::apply(effective_activation(experiment.network.model), z);
      h = experiment.network.model.residual && !first ? h + a : a;
      h.retain_grad();
      activations.push_back(h);
    }
    h.backward(upstream);
  }
};

void expect_plan_matches_autograd(const Experiment& experiment, Precision precision, int features,
                                  double tolerance) {
  const PrecisionRow row = native_row(precision);
  RunPlan run(experiment, row, features);
  run.run();
  const Autograd expected(experiment, row, run.plan, run.upstream);
  std::size_t bias = 0;
  for (std::size_t i = 0; i < run.plan.layers().size(); ++i) {
    const PlanLayer& layer = run.plan.layers()[i];
    const std::string where = fmt::format(
        "{} {} residual {} bias {} {} {}: ", name_of(precision),
        name_of(experiment.network.model.activation), experiment.network.model.residual,
        experiment.network.model.bias, name_of(experiment.network.model.norm), layer.name);
    expect_close(layer.preactivation->data(), expected.preactivations[i], tolerance, where + "z");
    expect_close(layer.activation->data(), expected.activations[i], tolerance, where + "h");
    expect_close(layer.activation->gradient(), expected.activations[i].grad(), tolerance,
                 where + "dh");
    expect_close(layer.weight->gradient(), expected.weights[i].grad(), tolerance, where + "dW");
    if (layer.bias)
      expect_close(layer.bias->gradient(), expected.biases[bias++].grad(), tolerance, where + "db");
  }
}

class PlanTest : public testing::TestWithParam<Precision> {
 protected:
  /// Relative to the largest value. Four layers multiply the error of one, which for 24 terms is a
  /// few epsilons (see oracle::tolerance); 16-bit values are rounded at other points of the sum.
  double tolerance() const {
    switch (GetParam()) {
      case Precision::fp64:
        return 1e-13;
      case Precision::fp32:
        return 1e-5;
      case Precision::fp16:
      case Precision::mixed_fp16:
        return 8 * find_format("fp16")->epsilon;
      default:
        return 8 * find_format("bf16")->epsilon;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Precisions, PlanTest,
                         testing::Values(Precision::fp64, Precision::fp32, Precision::bf16,
                                         Precision::fp16, Precision::mixed_bf16,
                                         Precision::mixed_fp16),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST_P(PlanTest, MatchesAutogradForEveryModel) {
  for (const auto& [activation, activation_name] : Names<Activation>::all)
    for (const auto& [norm, norm_name] : Names<Norm>::all)
      for (const bool residual : {false, true})
        for (const bool bias : {false, true})
          expect_plan_matches_autograd(small(activation, norm, residual, bias), GetParam(), 24,
                                       tolerance());
}

TEST_P(PlanTest, MatchesAutogradWithAnInputLayer) {
  for (const bool residual : {false, true})
    expect_plan_matches_autograd(small(Activation::gelu, Norm::layernorm, residual, true),
                                 GetParam(), 16, tolerance());
}

TEST_P(PlanTest, NetworksSideBySideEqualNetworksAlone) {
  for (const Norm norm : {Norm::none, Norm::layernorm, Norm::rmsnorm}) {
    Experiment one = small(Activation::silu, norm, true, true), three = one;
    three.network.networks = 3;
    RunPlan together(three, native_row(GetParam()), 24);
    together.run();
    for (int n = 0; n < 3; ++n) {
      RunPlan alone(one, native_row(GetParam()), 24);
      const auto& values = together.plan.values();
      for (std::size_t i = 0; i < values.size(); ++i)
        alone.plan.values()[i].data().copy_(values[i].data()[n]);
      alone.upstream = together.upstream[n];
      alone.run();
      for (std::size_t i = 0; i < values.size(); ++i) {
        // The same products, perhaps summed in another order by the batched kernel.
        expect_close(values[i].data()[n], alone.plan.values()[i].data(), tolerance(),
                     values[i].name());
        if (values[i].needs_gradient())
          expect_close(values[i].gradient()[n], alone.plan.values()[i].gradient(), tolerance(),
                       "d" + values[i].name());
      }
    }
  }
}

TEST_P(PlanTest, SharedGradientBuffersHoldTheSameValuesInTheProbes) {
  const Experiment experiment = small(Activation::gelu, Norm::layernorm, true, false);
  RunPlan kept(experiment, native_row(GetParam()), 24, /*keep=*/true);
  RunPlan shared(experiment, native_row(GetParam()), 24, /*keep=*/false);
  kept.run();
  int probed = 0;
  shared.run([&](int layer, SignalTensor which, const at::Tensor& values) {
    const PlanLayer& expected = kept.plan.layers()[layer];
    const at::Tensor of[] = {expected.weight->data(), expected.preactivation->data(),
                             expected.activation->data(), expected.activation->gradient(),
                             expected.weight->gradient()};
    oracle::expect_same_bits(values, of[static_cast<int>(which)], std::string(name_of(which)));
    ++probed;
  });
  EXPECT_EQ(probed, 4 * kTensorCount);
  EXPECT_LT(shared.plan.bytes(), kept.plan.bytes());
}

TEST_P(PlanTest, ASecondPassGivesTheSameBits) {
  RunPlan run(small(Activation::tanh, Norm::rmsnorm, true, true), native_row(GetParam()), 24);
  run.run();
  std::vector<at::Tensor> before;
  for (const Value& value : run.plan.values())
    if (value.needs_gradient()) before.push_back(value.gradient().clone());
  run.run();
  std::size_t i = 0;
  for (const Value& value : run.plan.values())
    if (value.needs_gradient())
      oracle::expect_same_bits(value.gradient(), before[i++], value.name());
}

TEST(Plan, IdentityCopiesNothing) {
  RunPlan run(small(Activation::identity, Norm::none, false, false), native_row(Precision::fp32),
              24);
  const PlanLayer& layer = run.plan.layers()[1];
  EXPECT_TRUE(layer.preactivation->data().is_same(layer.activation->data()));
}

TEST(Plan, AnOutlineTellsTheBytesWithoutAllocating) {
  Experiment experiment = small(Activation::relu, Norm::none, false, false);
  const PrecisionRow row = native_row(Precision::fp32);
  const Plan plan(experiment, row, {.features = 24});
  EXPECT_EQ(Plan(experiment, row, {.features = 24, .device = at::kMeta}).bytes(), plan.bytes());
  // 4 weights, one weight gradient; X, 4 z, 4 h, one dz and two dh of 10 x 24.
  EXPECT_EQ(plan.bytes(), 4 * (5 * 24 * 24 + 12 * 10 * 24));
  experiment.network.model.depth = 200;
  experiment.network.model.width = 4096;
  const std::int64_t large = Plan(experiment, row, {.features = 4096, .device = at::kMeta}).bytes();
  EXPECT_GT(large, std::int64_t{200} * 4096 * 4096 * 4);
}

TEST(Plan, CostsAreThoseOfItsMatrixProducts) {
  Experiment experiment = small(Activation::relu, Norm::none, false, false);
  experiment.network.model.width = 512;
  experiment.network.model.depth = 50;
  experiment.data.batch = 64;
  const Plan plan(experiment, native_row(Precision::fp32), {.features = 512, .device = at::kMeta});
  // Forward one product a layer, backward two, but the first layer's input needs no gradient.
  EXPECT_EQ(plan.cost().flops, 2.0 * 64 * 512 * 512 * (50 + 50 + 49));
}

TEST(Plan, UniformPrecisionsNeedNoCasts) {
  for (const Precision precision : {Precision::fp32, Precision::bf16, Precision::fp16})
    for (const Execution execution : {Execution::native, Execution::emulated}) {
      const Plan plan(small(Activation::relu, Norm::layernorm, true, true),
                      *precision_row(precision, execution, false), {.features = 24});
      for (const auto& operation : plan.operations()) EXPECT_NE(operation->kind(), "cast");
    }
}

TEST(Plan, Tf32RoundsWhatEntersAMatrixProductAndNothingElse) {
  Experiment experiment = small(Activation::relu, Norm::none, true, true);
  experiment.network.model.depth = 2;
  RunPlan run(experiment, *precision_row(Precision::tf32, Execution::automatic, false), 24);
  run.run();
  const NumberFormat& tf32 = *find_format("tf32");
  const auto rounded = [&](const at::Tensor& tensor) {
    at::Tensor copy = tensor.clone();
    round_to_format(copy, tf32);
    return copy;
  };
  const PlanLayer& one = run.plan.layers()[0];
  const PlanLayer& two = run.plan.layers()[1];
  const at::Tensor h1 = one.activation->data(), w2 = two.weight->data();
  EXPECT_FALSE(at::equal(rounded(w2), w2));
  const at::Tensor z2 = at::addmm(two.bias->data(), rounded(h1), rounded(w2).t());
  oracle::expect_same_bits(two.preactivation->data(), z2, "z2");
  const at::Tensor dz2 = at::threshold_backward(run.upstream, z2, 0);
  const at::Tensor delta = rounded(dz2);
  oracle::expect_same_bits(two.weight->gradient(), at::mm(delta.t(), rounded(h1)), "dW2");
  oracle::expect_same_bits(two.bias->gradient(), dz2.sum(0), "db2");
  oracle::expect_same_bits(one.activation->gradient(), run.upstream + at::mm(delta, rounded(w2)),
                           "dh1");
}

TEST(Plan, MixedPrecisionKeepsWeightsAndTheirGradientsInFp32) {
  for (const Execution execution : {Execution::native, Execution::emulated}) {
    const Plan plan(small(Activation::relu, Norm::layernorm, true, false),
                    *precision_row(Precision::mixed_bf16, execution, false),
                    {.features = 24, .keep_gradients = true});
    const PlanLayer& layer = plan.layers()[1];
    EXPECT_EQ(layer.weight->format().name, "fp32");
    EXPECT_EQ(layer.weight->gradient_format().name, "fp32");
    EXPECT_EQ(layer.weight->gradient().scalar_type(), at::kFloat);
    EXPECT_EQ(layer.activation->format().name, "bf16");
    EXPECT_EQ(layer.activation->gradient_format().name, "bf16");
  }
}

}  // namespace
}  // namespace nanscope
