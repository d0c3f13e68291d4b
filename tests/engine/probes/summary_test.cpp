#include "engine/probes/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "snapshots.h"

namespace nanscope {
namespace {

using testing::geometric;
using Trend = SignalSummary::Trend;

Statistics& activation(SignalSnapshot& snapshot, int layer) {
  return snapshot.layers[layer].statistics[int(SignalTensor::activation)];
}

TEST(Summary, FindsTheFactorOfALayer) {
  const SignalSummary summary = summarize(geometric(50, 128, 0.5));
  EXPECT_EQ(summary.forward, Trend::grows);
  EXPECT_NEAR(summary.forward_factor, 128, 1e-9);
  EXPECT_EQ(summary.backward, Trend::shrinks);
  EXPECT_NEAR(summary.backward_factor, 0.5, 1e-9);
  EXPECT_FALSE(summary.overflow);
  EXPECT_FALSE(summary.dead_layer);
  EXPECT_FALSE(summary.saturated);
  EXPECT_EQ(summary.subnormal_share, 0);
}

TEST(Summary, CallsSteadyWhatChanceExplains) {
  // Two standard deviations of the slope are 2 sqrt(6 / (256 * 50)) = 4.3 % a layer.
  EXPECT_EQ(summarize(geometric(50, 1.04, 0.96)).forward, Trend::steady);
  EXPECT_EQ(summarize(geometric(50, 1.04, 0.96)).backward, Trend::steady);
  EXPECT_EQ(summarize(geometric(50, 1.05, 0.95)).forward, Trend::grows);
  EXPECT_EQ(summarize(geometric(50, 1.05, 0.95)).backward, Trend::shrinks);
  EXPECT_NEAR(summarize(geometric(50, 1.04, 0.96)).forward_factor, 1.04, 1e-9);
}

TEST(Summary, AllowsNarrowNetsMoreChance) {
  SignalSnapshot narrow = geometric(50, 1.1, 1.1);
  narrow.experiment.network.model.width = 16;
  EXPECT_EQ(summarize(narrow).forward, Trend::steady);
}

TEST(Summary, LooksOnlyAtTheLayersBeforeTheOverflow) {
  SignalSnapshot snapshot = geometric(20, 100, 1);
  for (int i = 5; i < 20; ++i) {
    activation(snapshot, i).positive_infs = 7;
    activation(snapshot, i).variance = std::numeric_limits<double>::quiet_NaN();
  }
  snapshot.first_nonfinite = FirstNonfinite{false, 5, "linear 6", SignalTensor::activation, "inf"};
  const SignalSummary summary = summarize(snapshot);
  EXPECT_NEAR(summary.forward_factor, 100, 1e-9);
  EXPECT_EQ(summary.overflow->layer, 5);
}

TEST(Summary, LooksOnlyAtTheLayersBeforeTheSignalDies) {
  SignalSnapshot snapshot = geometric(20, 0.01, 1);
  activation(snapshot, 6).subnormals = activation(snapshot, 6).count / 2;
  activation(snapshot, 6).variance *= 1000;  // what is left is the format's doing
  for (int i = 7; i < 20; ++i) {
    activation(snapshot, i).variance = 0;
    activation(snapshot, i).zeros = activation(snapshot, i).count;
  }
  const SignalSummary summary = summarize(snapshot);
  EXPECT_NEAR(summary.forward_factor, 0.01, 1e-9);
  EXPECT_EQ(summary.forward, Trend::shrinks);
  EXPECT_EQ(summary.dead_layer, 7);
  EXPECT_NEAR(summary.subnormal_share, 0.5, 1e-9);
}

TEST(Summary, KnowsOfWhatALayerDied) {
  double largest = 1;
  const auto cause = [&](Activation activation, bool preactivations, bool weights, bool input) {
    SignalSnapshot snapshot = geometric(3, 1, 1);
    snapshot.experiment.network.model.activation = activation;
    snapshot.input.second_moment = input ? 1 : 0;
    snapshot.activation_format = "fp32";
    LayerSignal& layer = snapshot.layers[0];
    layer.statistics[static_cast<std::size_t>(SignalTensor::preactivation)].absmax = largest;
    const auto kill = [&](SignalTensor tensor) {
      Statistics& statistics = layer.statistics[static_cast<std::size_t>(tensor)];
      statistics.zeros = statistics.count;
    };
    kill(SignalTensor::activation);
    if (!preactivations) kill(SignalTensor::preactivation);
    if (!weights) kill(SignalTensor::weight);
    const SignalSummary summary = summarize(snapshot);
    EXPECT_EQ(summary.dead_layer, 0);
    return summary.dead_cause;
  };
  EXPECT_EQ(cause(Activation::relu, true, true, true), DeadCause::relu);
  largest = 1e-44;  // two negative ones were left
  EXPECT_EQ(cause(Activation::relu, true, true, true), DeadCause::underflow);
  largest = 1;
  EXPECT_EQ(cause(Activation::tanh, true, true, true), DeadCause::underflow);
  EXPECT_EQ(cause(Activation::relu, false, true, true), DeadCause::underflow);
  EXPECT_EQ(cause(Activation::relu, false, false, true), DeadCause::weights);
  EXPECT_EQ(cause(Activation::relu, false, true, false), DeadCause::input);
}

TEST(Summary, CallsNoTrendWhatGoesUpAndDownAgain) {
  SignalSnapshot snapshot = geometric(9, 10, 1);
  activation(snapshot, 7) = testing::with_variance(1e4);
  activation(snapshot, 8) = testing::with_variance(10);  // as the first; the fit says 1.8x a layer
  const SignalSummary summary = summarize(snapshot);
  EXPECT_NEAR(summary.forward_factor, std::pow(10, 16.0 / 60), 1e-9);
  EXPECT_EQ(summary.forward, Trend::steady);
  EXPECT_EQ(summary.forward_run.layers, 9);
  EXPECT_NEAR(summary.forward_run.highest / summary.forward_run.lowest, 1e6, 1);
}

TEST(Summary, LooksOnlyAtTheLayersBeforeTheFormatClips) {
  SignalSnapshot snapshot = geometric(20, 100, 1);
  snapshot.activation_format = "e4m3";
  for (int i = 2; i < 20; ++i) {
    activation(snapshot, i) = testing::with_variance(448.0 * 448);
    activation(snapshot, i).absmax = 448;
    activation(snapshot, i).saturated = activation(snapshot, i).count / 2;
  }
  const SignalSummary summary = summarize(snapshot);
  EXPECT_NEAR(summary.forward_factor, 100, 1e-9);
  EXPECT_NEAR(*summary.saturated, 0.45, 1e-9);  // 18 of 20 layers, half of each
}

TEST(Summary, ComparesASingleLayerWithTheInput) {
  SignalSnapshot snapshot = geometric(1, 1, 1);
  activation(snapshot, 0) = testing::with_variance(512);
  snapshot.input.mean = 1;
  snapshot.input.second_moment = 3;  // a variance of 2
  EXPECT_NEAR(summarize(snapshot).forward_factor, 256, 1e-9);
  EXPECT_EQ(summarize(snapshot).forward, Trend::grows);
  EXPECT_EQ(summarize(snapshot).backward, Trend::steady);
}

TEST(Summary, CountsSaturatedUnitsOfBoundedActivationsOnly) {
  SignalSnapshot snapshot = geometric(4, 1, 1);
  for (int i = 0; i < 4; ++i) activation(snapshot, i).saturated = activation(snapshot, i).count / 4;
  EXPECT_FALSE(summarize(snapshot).saturated);
  snapshot.experiment.network.model.activation = Activation::tanh;
  EXPECT_NEAR(*summarize(snapshot).saturated, 0.25, 1e-9);
  snapshot.experiment.network.model.kind = ModelKind::deep_linear;  // applies no tanh
  EXPECT_FALSE(summarize(snapshot).saturated);
}

TEST(Summary, HasNothingToSayOfNoLayersOrOfNothingFinite) {
  const SignalSummary empty = summarize(SignalSnapshot());
  EXPECT_EQ(empty.forward, Trend::steady);
  EXPECT_EQ(empty.forward_factor, 1);
  SignalSnapshot broken = geometric(3, 1, 1);
  for (int i = 0; i < 3; ++i) activation(broken, i).nans = 1;
  EXPECT_EQ(summarize(broken).forward, Trend::steady);
  EXPECT_EQ(summarize(broken).forward_factor, 1);
}

}  // namespace
}  // namespace nanscope
