// Every corner of the controls: no NaN, and bands in order.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/experiment/experiment.h"
#include "engine/theory/prediction.h"

namespace nanscope {
namespace {

void expect_sound(const Band& band) {
  EXPECT_FALSE(std::isnan(band.expected));
  EXPECT_EQ(band.missing.has_value(), std::isnan(band.low));
  EXPECT_EQ(band.missing.has_value(), std::isnan(band.high));
  if (band.missing) return;
  EXPECT_GE(band.low, 0);
  EXPECT_LE(band.low, band.high);
}

void expect_sound(const std::vector<LayerPrediction>& layers) {
  for (const LayerPrediction& layer : layers) {
    expect_sound(layer.preactivation_variance);
    expect_sound(layer.activation_variance);
    expect_sound(layer.activation_grad_variance);
    expect_sound(layer.weight_grad_variance);
  }
}

class Extremes : public testing::TestWithParam<Activation> {};

TEST_P(Extremes, GiveNumbers) {
  Experiment experiment;
  experiment.network.model.activation = GetParam();
  experiment.data.kind = DataKind::file;
  for (const auto& [norm, norm_name] : Names<Norm>::all) {
    if (norm == Norm::batchnorm) continue;  // nothing is predicted
    for (const auto& [scheme, scheme_name] : Names<InitScheme>::all)
      for (const bool residual : {false, true})
        for (const double gain : {1e-6, 1.0, 1e6})
          for (const double square : {0.0, 1e-300, 1.0, 1e300}) {
            SCOPED_TRACE(std::string(norm_name) + " " + std::string(scheme_name) +
                         (residual ? " residual gain " : " gain ") + std::to_string(gain) +
                         " x^2 " + std::to_string(std::log10(square)));
            experiment.network.model.norm = norm;
            experiment.network.model.residual = residual;
            experiment.network.init.scheme = scheme;
            experiment.network.init.gain = gain;
            experiment.network.model.width = gain > 1 ? 4096 : 8;
            experiment.network.model.depth = 200;
            experiment.network.model.bias = residual;
            experiment.network.init.bias_std = 1e3;
            InputMoments input;
            input.second_moment = square;
            input.features = residual ? 100 : experiment.network.model.width;
            const auto layers = predict_signal(experiment.network, experiment.data, input);
            ASSERT_EQ(layers.size(), residual ? 201U : 200U);
            expect_sound(layers);
          }
  }
}

INSTANTIATE_TEST_SUITE_P(Activations, Extremes,
                         testing::Values(Activation::identity, Activation::relu,
                                         Activation::leaky_relu, Activation::gelu, Activation::silu,
                                         Activation::tanh, Activation::sigmoid),
                         [](const auto& activation) {
                           return std::string(name_of(activation.param));
                         });

TEST(Inputs, NothingIsPredictedOfABatchNorm) {
  Experiment experiment;
  experiment.network.model.norm = Norm::batchnorm;
  const auto layers = predict_signal(experiment.network, experiment.data, {});
  ASSERT_EQ(layers.size(), 50u);
  for (const LayerPrediction& layer : layers) {
    EXPECT_TRUE(std::isnan(layer.activation_variance.expected));
    EXPECT_EQ(layer.activation_grad_variance.missing, NoBand::batchnorm);
    EXPECT_EQ(layer.weight_variance, 1);
  }
}

TEST(Inputs, OfEveryKindGiveNumbers) {
  Experiment experiment;
  for (const auto& [kind, name] : Names<DataKind>::all)
    for (const int batch : {1, 2, 65536})
      for (const double mean : {0.0, 1.0, -1.0})
        for (const double correlation : {-1.0, 0.0, 1.0}) {
          experiment.data.kind = kind;
          experiment.data.batch = batch;
          InputMoments input{.mean = mean, .second_moment = 1, .correlation = correlation};
          input.features = 3;
          input.squared_correlation = correlation * correlation;
          expect_sound(predict_signal(experiment.network, experiment.data, input));
        }
}

TEST(Inputs, ValuesBeyondADoubleBecomeInf) {
  Experiment experiment;
  experiment.network.model.activation = Activation::identity;
  experiment.network.model.depth = 200;
  const auto layers = predict_signal(experiment.network, experiment.data, {});
  EXPECT_TRUE(std::isinf(layers.back().activation_variance.expected));
  EXPECT_TRUE(std::isinf(layers.front().activation_grad_variance.expected));
  EXPECT_DOUBLE_EQ(layers.back().activation_grad_variance.expected, 1);
}

}  // namespace
}  // namespace nanscope
