#include <gtest/gtest.h>

#include "engine/devices/device.h"
#include "engine/experiment/json.h"
#include "engine/signal/signal_pass.h"
#include "tests/engine/network/counting_allocator.h"

// The bytes that a pass says it holds are those that LibTorch's allocator holds for it.
namespace nanscope {
namespace {

Experiment experiment_of(int index) {
  Experiment experiment;
  experiment.network.model.depth = 3;
  experiment.network.model.width = 40;
  const auto& norms = Names<Norm>::all;
  experiment.network.model.norm = norms[static_cast<std::size_t>(index) % norms.size()].first;
  experiment.network.model.residual = index % 2 == 0;
  experiment.network.model.bias = index % 4 < 2;
  experiment.network.precision = Names<Precision>::all[static_cast<std::size_t>(index) % 9].first;
  experiment.network.init.scheme =
      Names<InitScheme>::all[static_cast<std::size_t>(index) % 6].first;
  experiment.data.kind = index % 5 == 0 ? DataKind::digits : DataKind::normal;
  experiment.network.networks = index % 3 == 0 ? 2 : 1;
  experiment.data.batch = 12;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

TEST(SignalPassMemory, IsWhatTheAllocatorHolds) {
  CountingAllocator allocator;
  const Devices devices;
  for (int index = 0; index < 40; ++index) {
    const Experiment experiment = experiment_of(index);
    const std::int64_t before = allocator.held();
    SignalPass pass;
    Watch watch({}, {});
    const auto snapshot = pass.run({experiment, SignalTensor::activation}, devices, watch);
    ASSERT_TRUE(snapshot) << to_string(snapshot.error());
    EXPECT_EQ(snapshot->cost.memory.total(), allocator.held() - before) << to_json(experiment);
    pass.clear();
    EXPECT_EQ(allocator.held(), before);
  }
}

/// A pass of so many layers, given up after it has drawn them and taken a few of them.
void give_up(SignalPass& pass, int depth, const Devices& devices) {
  Experiment experiment = experiment_of(0);
  experiment.network.model.width = 256;
  experiment.network.model.depth = depth;
  int parts = 0;
  Watch watch({}, {});
  ASSERT_TRUE(pass.begin({experiment, SignalTensor::activation}, devices));
  ASSERT_TRUE(pass.advance(watch, [&] { return ++parts > depth + 6; }));
  pass.abandon();
}

TEST(SignalPassMemory, OfALargePassThatWasGivenUpIsFreed) {
  CountingAllocator allocator;
  const Devices devices;
  SignalPass pass;
  Watch watch({}, {});
  const auto shown = pass.run({experiment_of(1), SignalTensor::activation}, devices, watch);
  ASSERT_TRUE(shown) << to_string(shown.error());
  give_up(pass, 120, devices);
  ASSERT_GT(allocator.held(), std::int64_t{100} << 20);
  pass.forget_unfinished();
  EXPECT_LE(allocator.held(), shown->cost.memory.total());
  // What comes next is as if nothing had been.
  const auto next = pass.run({experiment_of(1), SignalTensor::activation}, devices, watch);
  ASSERT_TRUE(next) << to_string(next.error());
  EXPECT_EQ(next->layers.back().of(SignalTensor::activation).variance,
            shown->layers.back().of(SignalTensor::activation).variance);
}

TEST(SignalPassMemory, OfASmallPassThatWasGivenUpIsKeptForTheNext) {
  CountingAllocator allocator;
  const Devices devices;
  SignalPass pass;
  give_up(pass, 3, devices);
  const std::int64_t held = allocator.held();
  pass.forget_unfinished();
  EXPECT_EQ(allocator.held(), held);
}

}  // namespace
}  // namespace nanscope
