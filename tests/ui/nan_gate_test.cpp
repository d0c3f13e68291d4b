#include "ui/labs/signal/plots/nan_gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/synthetic/synthetic_snapshot.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/charts/labels.h"
#include "ui/labs/signal/figure.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr int kDepth = 20;

/// Ordinary values, but NaN pre-activations in the layers [first, last].
SignalSnapshot broken_between(Activation activation, int first, int last) {
  Experiment experiment;
  experiment.network.model = {.depth = kDepth, .width = 64, .activation = activation};
  experiment.network.init.scheme = InitScheme::kaiming;
  SignalSnapshot snapshot = synthetic_snapshot(experiment);
  for (int i = first; i <= last; ++i)
    snapshot.layers[i].statistics[static_cast<int>(SignalTensor::preactivation)].nans = 1;
  return snapshot;
}

TEST(NanGate, IsWhereReluSawNanAndGradientsWentOn) {
  const auto gate = find_nan_gate(broken_between(Activation::relu, 12, kDepth - 1));
  ASSERT_TRUE(gate);
  EXPECT_EQ(gate->first, 12);
  EXPECT_EQ(gate->last, kDepth - 1);
  EXPECT_NE(std::string(text(gate->text)).find("ReLU passes every gradient"), std::string::npos);
}

TEST(NanGate, LeakyReluScalesAllOfThem) {
  const auto gate = find_nan_gate(broken_between(Activation::leaky_relu, 3, 5));
  ASSERT_TRUE(gate);
  EXPECT_EQ(gate->first, 3);
  EXPECT_EQ(gate->last, 5);
  EXPECT_NE(std::string(text(gate->text)).find("0.01"), std::string::npos);
}

TEST(NanGate, IsNotWhereNothingBroke) {
  EXPECT_FALSE(find_nan_gate(broken_between(Activation::relu, 1, 0)));
  EXPECT_FALSE(find_nan_gate(SignalSnapshot{}));
}

TEST(NanGate, IsNotWhereTheActivationHandsNanOn) {
  // The derivative of these is NaN at NaN; that of the identity is 1 anyway.
  for (const Activation activation :
       {Activation::identity, Activation::gelu, Activation::silu, Activation::tanh})
    EXPECT_FALSE(find_nan_gate(broken_between(activation, 12, kDepth - 1)));
}

TEST(NanGate, IsNotWhereTheGradientsBrokeToo) {
  SignalSnapshot snapshot = broken_between(Activation::relu, 0, kDepth - 1);
  for (LayerSignal& layer : snapshot.layers) {
    Statistics& gradient = layer.statistics[static_cast<int>(SignalTensor::activation_grad)];
    gradient.nans = gradient.count;
  }
  EXPECT_FALSE(find_nan_gate(snapshot));
}

class NanGateLabel : public Drawing {};

TEST_F(NanGateLabel, HidesNothingOfWhatTheoryPredicts) {
  SignalSnapshot snapshot = broken_between(Activation::relu, 12, kDepth - 1);
  for (int i = 12; i < kDepth; ++i)
    snapshot.layers[i].statistics[static_cast<int>(SignalTensor::activation)].nans = 1;
  // The gradients stop being finite further on.
  for (int i = 0; i < 4; ++i) {
    Statistics& gradient =
        snapshot.layers[i].statistics[static_cast<int>(SignalTensor::activation_grad)];
    gradient.nans = gradient.count;
    gradient.variance = NAN;
  }
  const Figure figure =
      signal_figure(SignalView(std::make_shared<const SignalSnapshot>(std::move(snapshot))));
  int seen = 0;
  for (const FigurePlot& one : figure.plots)
    for (float width = 240; width <= 900 && !one.alone; width += 60)
      for (const float height : {180.0f, 300.0f, 500.0f}) {
        RecordingCanvas canvas(style_, {1280, 800});
        one.plot.draw(canvas, {{0, 0}, {width, height}});
        std::vector<ImVec2> predicted;
        for (const RecordingCanvas::Dashes& line : canvas.dashes_drawn)
          add_points_along(predicted, line.points, 2, {{0, 0}, {width, height}});
        for (const RecordingCanvas::Words& words : canvas.texts) {
          if (!words.words.starts_with("nan forward")) continue;
          ++seen;
          const LabelBox box{words.low, words.high};
          EXPECT_TRUE(std::ranges::none_of(predicted, [&](ImVec2 at) { return box.holds(at); }))
              << one.name() << " " << width << "x" << height;
        }
      }
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace nanscope
