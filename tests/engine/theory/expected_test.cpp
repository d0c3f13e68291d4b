// Expected values, exact at infinite width.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "engine/experiment/experiment.h"
#include "engine/theory/layer_moments.h"
#include "engine/theory/prediction.h"
#include "engine/theory/weights.h"

namespace nanscope {
namespace {

Experiment experiment_of(Activation activation, InitScheme scheme, int depth = 50,
                         int width = 512) {
  Experiment experiment;
  experiment.network.model.activation = activation;
  experiment.network.model.depth = depth;
  experiment.network.model.width = width;
  experiment.network.init.scheme = scheme;
  return experiment;
}

std::vector<LayerPrediction> predict(const Experiment& experiment) {
  InputMoments input;
  input.features = experiment.network.model.width;
  return predict_signal(experiment.network, experiment.data, input);
}

// Products of up to 50 factors, each rounded to 53 bits or computed with 64.
constexpr double kRounding = 1e-13;
void expect_ratio(double value, double expected) { EXPECT_NEAR(value / expected, 1, kRounding); }

TEST(Expected, NaiveLinearNetworkMultipliesVarianceByWidth) {
  const auto layers = predict(experiment_of(Activation::identity, InitScheme::normal));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    expect_ratio(layers[i].activation_variance.expected, std::pow(512.0, i + 1.0));
    expect_ratio(layers[i].activation_grad_variance.expected, std::pow(512.0, 49.0 - i));
  }
}

TEST(Expected, InverseSquareRootKeepsALinearNetworkAtOne) {
  for (const LayerPrediction& layer :
       predict(experiment_of(Activation::identity, InitScheme::inv_sqrt))) {
    expect_ratio(layer.preactivation_variance.expected, 1);
    expect_ratio(layer.activation_variance.expected, 1);
    expect_ratio(layer.activation_grad_variance.expected, 1);
    expect_ratio(layer.weight_grad_variance.expected, 64);  // a sum over the batch
  }
}

TEST(Expected, AnAbsoluteCutMovesAwayWithTheWidth) {
  Init init;
  init.scheme = InitScheme::truncated;
  EXPECT_EQ(cut_in_deviations(init, 1024), 3);
  init.cut_reading = CutReading::absolute;
  EXPECT_EQ(cut_in_deviations(init, 1024), 96);
  EXPECT_NEAR(share_beyond(1), 0.3173105078629141, 1e-15);  // 2 (1 - Phi(1)), from tables
  EXPECT_EQ(share_beyond(96), 0);                           // below the smallest double
}

TEST(Expected, ReluHalvesAndKaimingKeeps) {
  const auto half = predict(experiment_of(Activation::relu, InitScheme::inv_sqrt));
  const auto kept = predict(experiment_of(Activation::relu, InitScheme::kaiming));
  for (std::size_t i = 0; i < half.size(); ++i) {
    expect_ratio(half[i].preactivation_variance.expected, std::pow(0.5, i));
    // Var relu(z) = q (1/2 - 1/(2 pi))
    expect_ratio(half[i].activation_variance.expected, std::pow(0.5, i) * (0.5 - 0.5 / M_PI));
    expect_ratio(half[i].activation_grad_variance.expected, std::pow(0.5, 49.0 - i));
    expect_ratio(kept[i].preactivation_variance.expected, 2);
    expect_ratio(kept[i].activation_grad_variance.expected, 1);
  }
}

TEST(Expected, OrthogonalKeepsALinearNetworkAndAnInputLayer) {
  Experiment experiment = experiment_of(Activation::identity, InitScheme::orthogonal, 10, 64);
  InputMoments input;
  input.features = 16;
  const auto layers = predict_signal(experiment.network, experiment.data, input);
  ASSERT_EQ(layers.size(), 11U);  // the input layer is 64 x 16: |W x|^2 = |x|^2 over 64 units
  for (const LayerPrediction& layer : layers)
    expect_ratio(layer.activation_variance.expected, 16.0 / 64);
}

TEST(Expected, BiasAddsItsVariance) {
  Experiment experiment = experiment_of(Activation::identity, InitScheme::inv_sqrt, 3);
  experiment.network.model.bias = true;
  experiment.network.init.bias_std = 0.5;
  const auto layers = predict(experiment);
  for (int i = 0; i < 3; ++i) expect_ratio(layers[i].activation_variance.expected, 1.25 + 0.25 * i);
}

TEST(Expected, ResidualsDoubleAndNormsReset) {
  Experiment experiment = experiment_of(Activation::identity, InitScheme::inv_sqrt, 10);
  experiment.network.model.residual = true;
  const auto doubled = predict(experiment);
  for (int i = 0; i < 10; ++i)
    expect_ratio(doubled[i].activation_variance.expected, std::pow(2.0, i + 1));
  experiment.network.model.norm = Norm::rmsnorm;
  const auto reset = predict(experiment);
  for (int i = 0; i < 10; ++i)  // each branch adds 1, but for the norm's eps
    EXPECT_NEAR(reset[i].activation_variance.expected, i + 2, (i + 1) * 1.1e-5);
}

TEST(Expected, WeightVarianceOfEveryScheme) {
  const auto variance = [](InitScheme scheme) {
    return weight_variance({.scheme = scheme, .gain = 3}, 100, 50);
  };
  expect_ratio(variance(InitScheme::normal), 9);
  expect_ratio(variance(InitScheme::inv_sqrt), 9 / 100.0);
  expect_ratio(variance(InitScheme::xavier), 9 * 2 / 150.0);
  expect_ratio(variance(InitScheme::kaiming), 9 * 2 / 100.0);
  expect_ratio(variance(InitScheme::orthogonal), 9 / 100.0);
  // A normal variable cut at +-3 standard deviations keeps 0.97333692466... of its variance.
  EXPECT_NEAR(variance(InitScheme::truncated), 9 * 0.9733369246625415 / 100, 1e-14);
}

TEST(Expected, AnAbsoluteCutOfThreeCutsNothing) {
  Init init{.scheme = InitScheme::truncated};
  init.cut_reading = CutReading::absolute;
  EXPECT_DOUBLE_EQ(weight_variance(init, 1024, 1024), 1.0 / 1024);
}

TEST(Expected, ATightCutLeavesAUniformVariable) {
  // Within +-c of the middle a normal density is flat: variance c^2 / 3 (1 - 2 c^2 / 15 + O(c^4)).
  EXPECT_NEAR(truncated_normal_variance(0.1) / (0.01 / 3), 1 - 0.02 / 15, 1e-5);
}

TEST(Moments, AgreeWithMpmath) {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/theory.csv");
  ASSERT_TRUE(file) << "tests/reference/theory.csv is missing";
  std::string line;
  std::getline(file, line);
  int rows = 0;
  for (; std::getline(file, line); ++rows) {
    std::istringstream fields(line);
    std::string name, sigma, mean, variance, slope_square;
    std::getline(fields, name, ',');
    std::getline(fields, sigma, ',');
    std::getline(fields, mean, ',');
    std::getline(fields, variance, ',');
    std::getline(fields, slope_square, ',');
    LayerMomentsTable table(*value_of<Activation>(name));
    const double s = std::stod(sigma);
    const LayerMoments moments = table.at(s);
    SCOPED_TRACE(line);
    // The quadrature promises 1e-9 of the values it adds: of sigma, for the mean.
    EXPECT_NEAR(to_double(moments.mean), std::stod(mean), 1e-9 * s);
    EXPECT_NEAR(to_double(moments.variance) / std::stod(variance), 1, 1e-9);
    EXPECT_NEAR(to_double(moments.slope_square) / std::stod(slope_square), 1, 1e-9);
  }
  EXPECT_EQ(rows, 24);
}

TEST(Moments, PowerLawsTakeOverSmoothly) {
  for (const Activation activation :
       {Activation::gelu, Activation::silu, Activation::tanh, Activation::sigmoid}) {
    LayerMomentsTable table(activation);
    SCOPED_TRACE(name_of(activation));
    const auto ratio = [&](double sigma) {
      const double step = 1.01;
      return to_double(table.at(sigma * step).variance / table.at(sigma).variance);
    };
    // Across the two ends of the quadrature the variance follows the power that it has there.
    const bool bounded = activation == Activation::tanh || activation == Activation::sigmoid;
    EXPECT_NEAR(ratio(0.995e-8), 1.01 * 1.01, 1e-7);
    EXPECT_NEAR(ratio(0.995e6), bounded ? 1 : 1.01 * 1.01, 1e-6);
  }
}

}  // namespace
}  // namespace nanscope
