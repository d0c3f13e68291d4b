#include "engine/theory/critical_gain.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/experiment/experiment.h"
#include "engine/theory/prediction.h"

namespace nanscope {
namespace {

TEST(CriticalGain, IsThatOfTheTextbooks) {
  NetworkSpec network;
  network.model.width = 512;
  EXPECT_DOUBLE_EQ(critical_gain(network).value(), std::sqrt(2.0 / 512));  // relu, N(0, 1)
  network.init.scheme = InitScheme::kaiming;
  EXPECT_DOUBLE_EQ(critical_gain(network).value(), 1);
  network.init.scheme = InitScheme::xavier;
  EXPECT_DOUBLE_EQ(critical_gain(network).value(), std::sqrt(2.0));
  network.model.activation = Activation::tanh;
  EXPECT_DOUBLE_EQ(critical_gain(network).value(), 1);
  network.init.scheme = InitScheme::orthogonal;
  network.model.kind = ModelKind::deep_linear;
  EXPECT_DOUBLE_EQ(critical_gain(network).value(), 1);
}

/// At it the predicted variance is the same in every layer, for every scheme.
TEST(CriticalGain, KeepsThePredictedVariance) {
  InputMoments input;
  input.features = 64;
  for (const auto& [scheme, name] : Names<InitScheme>::all)
    for (const Activation activation :
         {Activation::identity, Activation::relu, Activation::leaky_relu}) {
      Experiment experiment;
      experiment.network.model.width = 64;
      experiment.network.model.depth = 40;
      experiment.network.model.activation = activation;
      experiment.network.init.scheme = scheme;
      experiment.network.init.cut = 1.5;
      experiment.network.init.gain = critical_gain(experiment.network).value();
      const auto layers = predict_signal(experiment.network, experiment.data, input);
      const double first = layers.front().preactivation_variance.expected;
      // Rounding only: some 1e-16 a layer.
      EXPECT_NEAR(layers.back().preactivation_variance.expected / first, 1, 1e-12) << name;
      EXPECT_NEAR(layers.front().activation_grad_variance.expected /
                      layers.back().activation_grad_variance.expected,
                  1, 1e-12)
          << name;
    }
}

TEST(CriticalGain, IsNotKnownWhereNoGainKeepsTheSignal) {
  const auto of = [](auto change) {
    NetworkSpec network;
    change(network);
    return critical_gain(network);
  };
  EXPECT_TRUE(of([](NetworkSpec&) {}));
  EXPECT_FALSE(of([](NetworkSpec& n) { n.model.norm = Norm::layernorm; }));
  EXPECT_FALSE(of([](NetworkSpec& n) { n.model.residual = true; }));
  EXPECT_FALSE(of([](NetworkSpec& n) { n.model.activation = Activation::gelu; }));
  EXPECT_FALSE(of([](NetworkSpec& n) { n.model.activation = Activation::sigmoid; }));
  EXPECT_FALSE(of([](NetworkSpec& n) {
    n.model.bias = true;
    n.init.bias_std = 0.1;
  }));
  EXPECT_TRUE(of([](NetworkSpec& n) { n.model.bias = true; }));  // all of them 0
}

}  // namespace
}  // namespace nanscope
