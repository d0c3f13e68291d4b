#include "engine/network/plan.h"

#include <fmt/format.h>

#include "tests/engine/network/oracle.h"
#include "tests/engine/plan/small_network.h"

// Whole plans against the same network written with PyTorch's functions under autograd.
namespace nanscope {
namespace {

using oracle::expect_close;
using oracle::random;

PrecisionRow native_row(Precision precision) {
  return *precision_row(precision, Execution::native, /*cuda=*/false);
}

std::shared_ptr<const PlanDescription> described(const Experiment& experiment,
                                                 const PrecisionRow& row, int features,
                                                 GradientPolicy gradients) {
  return std::make_shared<const PlanDescription>(describe_plan(
      experiment.network, row,
      {.batch = experiment.data.batch, .features = features, .gradients = gradients}));
}

/// What a layer's taps name.
struct LayerValues {
  std::string name;
  const Value* weight;
  const Value* bias;
  const Value* preactivation;
  const Value* activation;
};

LayerValues layer_values(const Plan& plan, int layer) {
  return {plan.description().layers[static_cast<std::size_t>(layer)].name,
          plan.find(layer, tap::weight), plan.find(layer, tap::bias),
          plan.find(layer, tap::preactivation), plan.find(layer, tap::activation)};
}

std::vector<LayerValues> all_layers(const Plan& plan) {
  std::vector<LayerValues> layers;
  for (int layer = 0; layer < plan.layers(); ++layer) layers.push_back(layer_values(plan, layer));
  return layers;
}

/// A plan with random inputs and weights of variance about 1/width, run there and back.
struct RunPlan {
  RunPlan(const Experiment& experiment, const PrecisionRow& row, int features,
          GradientPolicy gradients = GradientPolicy::kept)
      : plan(described(experiment, row, features, gradients)) {
    fill(plan.input(), 1, 1);
    int seed = 100;
    for (const LayerValues& layer : all_layers(plan)) {
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

/// Whether the buffer holds this value when the pass is over.
bool is_kept(const Plan& plan, std::size_t value) {
  return plan.description().values[value].role != ValueRole::scratch;
}

at::Tensor normalize(Norm norm, const at::Tensor& h) {
  const std::vector<std::int64_t> last{h.size(-1)};
  if (norm == Norm::layernorm) return at::layer_norm(h, last, {}, {}, 1e-5);
  if (norm == Norm::batchnorm)
    return at::batch_norm(h, {}, {}, {}, {}, /*training=*/true, 0.1, 1e-5, /*cudnn=*/false);
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
    const at::ScalarType factor = own_type(stored_as(*row.linear_input, false));
    const at::ScalarType norm_type = own_type(stored_as(*row.norm_output, false));
    at::Tensor h = plan.input().data().clone();
    for (const LayerValues& layer : all_layers(plan)) {
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
  for (std::size_t i = 0; i < expected.weights.size(); ++i) {
    const LayerValues layer = layer_values(run.plan, static_cast<int>(i));
    const std::string where = fmt::format(
        "{} {} residual {} bias {} {} {}: ", name_of(precision),
        name_of(experiment.network.model.activation), experiment.network.model.residual,
        experiment.network.model.bias, name_of(experiment.network.model.norm), layer.name);
    expect_close(layer.preactivation->data(), expected.preactivations[i], tolerance, where + "z");
    expect_close(layer.activation->data(), expected.activations[i], tolerance, where + "h");
    expect_close(layer.activation->gradient(), expected.activations[i].grad(), tolerance,
                 where + "dh");
    expect_close(layer.weight->gradient(), expected.weights[i].grad(), tolerance, where + "dW");
    // What is added to all of a batch changes nothing behind a norm over it: db is a sum that
    // cancels.
    const bool cancels = experiment.network.model.norm == Norm::batchnorm;
    const at::Tensor terms = expected.preactivations[i].grad().to(at::kDouble).abs().sum(0);
    if (layer.bias)
      expect_close(layer.bias->gradient(), expected.biases[bias++].grad(), tolerance, where + "db",
                   cancels ? terms.max().item<double>() : 0);
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
        for (const bool bias : {false, true}) {
          Experiment experiment = small_network(activation, norm, residual, bias);
          // A feature that few of a batch have is divided by next to nothing, roundings with it.
          if (norm == Norm::batchnorm) experiment.data.batch = 64;
          // Of so many elements some lie where a rounding takes them over the kink, and a term with
          // them: PyTorch's norm is rounded as h r - m r.
          const bool kinked =
              activation == Activation::relu || activation == Activation::leaky_relu;
          if (norm == Norm::batchnorm && kinked && tolerance() > 1e-4) continue;
          expect_plan_matches_autograd(experiment, GetParam(), 24, tolerance());
        }
}

TEST_P(PlanTest, MatchesAutogradWithAnInputLayer) {
  for (const bool residual : {false, true})
    expect_plan_matches_autograd(small_network(Activation::gelu, Norm::layernorm, residual, true),
                                 GetParam(), 16, tolerance());
}

TEST_P(PlanTest, NetworksSideBySideEqualNetworksAlone) {
  for (const Norm norm : {Norm::none, Norm::layernorm, Norm::rmsnorm, Norm::batchnorm}) {
    Experiment one = small_network(Activation::silu, norm, true, true), three = one;
    three.network.networks = 3;
    RunPlan together(three, native_row(GetParam()), 24);
    together.run();
    for (int n = 0; n < 3; ++n) {
      RunPlan alone(one, native_row(GetParam()), 24);
      const auto& values = together.plan.values();
      for (std::size_t i = 0; i < values.size(); ++i)
        if (is_kept(together.plan, i)) alone.plan.values()[i].data().copy_(values[i].data()[n]);
      alone.upstream = together.upstream[n];
      alone.run();
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (!is_kept(together.plan, i)) continue;
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
  const Experiment experiment = small_network(Activation::gelu, Norm::layernorm, true, false);
  RunPlan kept(experiment, native_row(GetParam()), 24, GradientPolicy::kept);
  RunPlan shared(experiment, native_row(GetParam()), 24, GradientPolicy::shared);
  kept.run();
  int probed = 0;
  shared.run([&](int layer, const PlanTap& tap, Direction direction, const at::Tensor& values) {
    const Value& expected = *kept.plan.find(layer, tap.name);
    const bool there = direction == Direction::forward;
    oracle::expect_same_bits(values, there ? expected.data() : expected.gradient(), tap.name);
    ++probed;
  });
  // Weight, pre-activation, branch and activation, and the gradients of all of them.
  EXPECT_EQ(probed, 4 * 2 * 4);
  EXPECT_LT(shared.plan.bytes(), kept.plan.bytes());
}

TEST_P(PlanTest, ASecondPassGivesTheSameBits) {
  RunPlan run(small_network(Activation::tanh, Norm::rmsnorm, true, true), native_row(GetParam()),
              24);
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
  RunPlan run(small_network(Activation::identity, Norm::none, false, false),
              native_row(Precision::fp32), 24);
  const LayerValues layer = layer_values(run.plan, 1);
  EXPECT_TRUE(layer.preactivation->data().is_same(layer.activation->data()));
}

TEST(Plan, ADescriptionTellsTheBytesWithoutAllocating) {
  Experiment experiment = small_network(Activation::relu, Norm::none, false, false);
  const PrecisionRow row = native_row(Precision::fp32);
  const auto plan = described(experiment, row, 24, GradientPolicy::shared);
  EXPECT_EQ(Plan(plan).bytes(), plan->bytes());
  // 4 weights, one weight gradient; X, 4 z, 4 h, one dz and two dh of 10 x 24.
  EXPECT_EQ(plan->bytes(), 4 * (5 * 24 * 24 + 12 * 10 * 24));
  experiment.network.model.depth = 200;
  experiment.network.model.width = 4096;
  const std::int64_t large =
      describe_plan(
          experiment.network, row,
          {.batch = experiment.data.batch, .features = 4096, .gradients = GradientPolicy::shared})
          .bytes();
  EXPECT_GT(large, std::int64_t{200} * 4096 * 4096 * 4);
}

TEST(Plan, ParametersThatOwnTheirGradientsAccumulateThem) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::mixed_bf16}) {
    const Experiment experiment = small_network(Activation::gelu, Norm::layernorm, true, true);
    const PrecisionRow row = *precision_row(precision, Execution::automatic, false);
    RunPlan kept(experiment, row, 24), owned(experiment, row, 24, GradientPolicy::owned);
    kept.run();
    owned.run();
    const auto expect_gradients = [&](double times) {
      for (int layer = 0; layer < 4; ++layer)
        for (const std::string_view name : {tap::weight, tap::bias})
          expect_close(owned.plan.find(layer, name)->gradient(),
                       kept.plan.find(layer, name)->gradient() * times, 1e-6, std::string(name));
    };
    expect_gradients(1);
    owned.run();
    expect_gradients(2);
    owned.plan.forget_parameter_gradients();
    owned.run();
    expect_gradients(1);
  }
}

TEST(Plan, RefusesAnOperationThatNothingRuns) {
  PlanDescription plan =
      describe_plan(small_network(Activation::relu, Norm::none, false, false).network,
                    native_row(Precision::fp32), {.batch = 10, .features = 24});
  plan.operations[1].kind = "toy";
  EXPECT_THROW(Plan(std::make_shared<const PlanDescription>(plan)), c10::Error);
}

TEST(Plan, Tf32RoundsWhatEntersAMatrixProductAndNothingElse) {
  Experiment experiment = small_network(Activation::relu, Norm::none, true, true);
  experiment.network.model.depth = 2;
  RunPlan run(experiment, *precision_row(Precision::tf32, Execution::automatic, false), 24);
  run.run();
  const NumberFormat& tf32 = *find_format("tf32");
  const auto rounded = [&](const at::Tensor& tensor) {
    at::Tensor copy = tensor.clone();
    round_to_format(copy, tf32);
    return copy;
  };
  const LayerValues one = layer_values(run.plan, 0), two = layer_values(run.plan, 1);
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
    const Plan plan(described(small_network(Activation::relu, Norm::layernorm, true, false),
                              *precision_row(Precision::mixed_bf16, execution, false), 24,
                              GradientPolicy::kept));
    const LayerValues layer = layer_values(plan, 1);
    EXPECT_EQ(layer.weight->format().name, "fp32");
    EXPECT_EQ(layer.weight->gradient_format().name, "fp32");
    EXPECT_EQ(layer.weight->gradient().scalar_type(), at::kFloat);
    EXPECT_EQ(layer.activation->format().name, "bf16");
    EXPECT_EQ(layer.activation->gradient_format().name, "bf16");
  }
}

}  // namespace
}  // namespace nanscope
