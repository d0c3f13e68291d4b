// The pieces of the random walks: their laws at both ends, their noise, their speed of change.
#include "engine/theory/signal_paths.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "engine/theory/even_noise.h"
#include "engine/theory/layer_law.h"
#include "engine/theory/prediction.h"

namespace nanscope {
namespace {

// The table holds floats, and at its ends an activation is linear or relu to 1e-3.
constexpr double kEnd = 2e-3;

TEST(LayerLaw, IsThatOfHalfTheIdentityAroundZero) {
  for (const Activation activation : {Activation::gelu, Activation::silu}) {
    const LayerLaw law = LayerLawTable(activation, 100, 0).at(-1000);
    // The mean of N squares has the relative variance 2 / N.
    EXPECT_NEAR(law.deviation, std::sqrt(std::log1p(2.0 / 100)), kEnd);
    EXPECT_NEAR(law.gain, std::log(0.25) - 0.5 * std::log1p(2.0 / 100), kEnd);
    EXPECT_NEAR(law.slope, std::log(0.25), kEnd);
    EXPECT_NEAR(law.rest, 0, 0.01);  // a slope that is constant to 1e-3 varies by its square root
    EXPECT_NEAR(law.mean, 0, kEnd);
  }
}

TEST(LayerLaw, IsThatOfReluFarOut) {
  for (const Activation activation : {Activation::gelu, Activation::silu}) {
    const LayerLaw law = LayerLawTable(activation, 100, 0).at(1000);
    // relu: E[z^4] / 2 over (E[z^2] / 2)^2 is 6, E[1^2] / (1/2)^2 is 2, E[act]^2 / E[act^2] 1 / pi.
    EXPECT_NEAR(law.deviation, std::sqrt(std::log1p(5.0 / 100)), 2 * kEnd);
    EXPECT_NEAR(law.gain, std::log(0.5) - 0.5 * std::log1p(5.0 / 100), 2 * kEnd);
    EXPECT_NEAR(law.slope, std::log(0.5) - 0.5 * std::log1p(3.0 / 100), 2 * kEnd);
    EXPECT_NEAR(law.along * law.along + law.rest * law.rest, std::log1p(3.0 / 100), 2 * kEnd);
    EXPECT_NEAR(law.mean, 1 / std::sqrt(std::numbers::pi), 2 * kEnd);
  }
}

TEST(LayerLaw, AnOrthogonalWeightLeavesNoNoiseToALinearActivation) {
  EXPECT_NEAR(LayerLawTable(Activation::silu, 100, 1).at(-1000).deviation, 0, 0.01);
}

TEST(EvenNoise, HasMeanZeroAndVarianceOneAndSharesWhatIsAsked) {
  EvenNoise<128, 16> noise(7);
  double sum = 0, square = 0, product = 0;
  constexpr int kDraws = 50;
  for (int draw = 0; draw < kDraws; ++draw) {
    noise.draw(0.6);
    for (int network = 0; network < 128; ++network) {
      const auto samples = noise.of(network);
      for (const float x : samples) {
        sum += x;
        square += double{x} * x;
      }
      product += double{samples[0]} * samples[9];
    }
  }
  EXPECT_NEAR(sum / (kDraws * 128 * 16), 0, 1e-5);     // exact but for rounding
  EXPECT_NEAR(square / (kDraws * 128 * 16), 1, 0.01);  // the parts' chance product: 1/sqrt(6400)
  EXPECT_NEAR(product / (kDraws * 128), 0.6, 0.05);    // 6400 products of variance 1.4: 0.015
}

std::vector<LayerPrediction> bands_of_fading(double gain) {
  NetworkSpec network;
  network.model = {.depth = 30, .width = 64, .activation = Activation::gelu};
  network.init = {.scheme = InitScheme::kaiming, .gain = gain};
  return predict_signal(network, {}, {.features = 64});
}

TEST(PathBands, HoldThePeaksOfNetworksThatLiveAndOfThoseThatFade) {
  const auto bands = bands_of_fading(1);
  const Band& last = bands.back().activation_variance;
  // 30 halvings are e^-21; a network that lives keeps a variance of about 0.1.
  EXPECT_LT(last.low, 1e-7);
  EXPECT_GT(last.high, 1e-3);
}

TEST(PathBands, MoveSmoothlyWithTheGain) {
  double before = std::log(bands_of_fading(1).back().activation_variance.low);
  for (double gain = 1.002; gain < 1.02; gain += 0.002) {
    const auto bands = bands_of_fading(gain);
    const double now = std::log(bands.back().activation_variance.low);
    // A gain of 0.2 % more is 0.4 % more variance in each of 30 layers, and at most twice that
    // where the activation bends: 0.24. New walks every time would jump by the quantile's error,
    // about 1.
    EXPECT_NEAR(now, before, 0.3) << gain;
    EXPECT_GT(now, before) << gain;
    before = now;
  }
}

}  // namespace
}  // namespace nanscope
