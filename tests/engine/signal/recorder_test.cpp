#include "engine/signal/recorder.h"

#include <gtest/gtest.h>

#include "engine/machine/memory.h"

namespace nanscope {
namespace {

std::vector<LayerSignal> three_layers() {
  std::vector<LayerSignal> layers(3);
  for (std::size_t i = 0; i < 3; ++i) layers[i].name = "linear " + std::to_string(i + 1);
  return layers;
}

Statistics& statistics(std::vector<LayerSignal>& layers, int layer, SignalTensor which) {
  return layers[static_cast<std::size_t>(layer)].statistics[static_cast<std::size_t>(which)];
}

TEST(FirstNonfinite, IsNothingWhereAllIsFinite) {
  EXPECT_FALSE(find_first_nonfinite(three_layers()));
}

TEST(FirstNonfinite, FollowsTheOrderOfThePass) {
  // Set from the last to the first: each one found must precede those set before.
  auto layers = three_layers();
  struct Step {
    int layer;
    SignalTensor which;
    bool backward;
  };
  const Step order[] = {
      {0, SignalTensor::weight_grad, true},    {0, SignalTensor::activation_grad, true},
      {1, SignalTensor::weight_grad, true},    {1, SignalTensor::activation_grad, true},
      {2, SignalTensor::weight_grad, true},    {2, SignalTensor::activation_grad, true},
      {2, SignalTensor::activation, false},    {2, SignalTensor::preactivation, false},
      {2, SignalTensor::weight, false},        {1, SignalTensor::activation, false},
      {1, SignalTensor::preactivation, false}, {1, SignalTensor::weight, false},
      {0, SignalTensor::activation, false},    {0, SignalTensor::preactivation, false},
      {0, SignalTensor::weight, false}};
  for (const Step& step : order) {
    statistics(layers, step.layer, step.which).nans = 1;
    const auto first = find_first_nonfinite(layers);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->layer, step.layer);
    EXPECT_EQ(first->layer_name, layers[static_cast<std::size_t>(step.layer)].name);
    EXPECT_EQ(first->tensor, step.which);
    EXPECT_EQ(first->backward, step.backward);
  }
}

TEST(FirstNonfinite, NamesAnInfinityBeforeANan) {
  auto layers = three_layers();
  Statistics& values = statistics(layers, 1, SignalTensor::activation);
  values.nans = 5;
  EXPECT_EQ(find_first_nonfinite(layers)->value, "nan");
  values.negative_infs = 1;
  EXPECT_EQ(find_first_nonfinite(layers)->value, "-inf");
  values.positive_infs = 1;
  EXPECT_EQ(find_first_nonfinite(layers)->value, "inf");
}

TEST(Memory, RefusesWhatLeavesNoRoomAndSaysWhatToReduce) {
  constexpr std::int64_t kGiB = std::int64_t{1} << 30;
  NetworkSpec network;
  EXPECT_TRUE(check_memory(network, 64, kGiB, 2 * kGiB));
  EXPECT_TRUE(check_memory(network, 64, kGiB, 0)) << "unknown is not nothing";
  const auto refused = check_memory(network, 64, 3 * kGiB, 2 * kGiB);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Error::Kind::work);
  EXPECT_EQ(refused.error().message(),
            "3.0 GiB are needed for depth 50, width 512, batch 64, but only 1.5 GiB are available; "
            "reduce batch, width or depth.");
  network.networks = 50;
  EXPECT_NE(check_memory(network, 64, 3 * kGiB, kGiB).error().message().find("reduce networks"),
            std::string::npos);
  EXPECT_GT(available_memory(), 0);
}

}  // namespace
}  // namespace nanscope
