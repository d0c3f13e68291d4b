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
  experiment.network.model.norm = Names<Norm>::all[static_cast<std::size_t>(index) % 3].first;
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

}  // namespace
}  // namespace nanscope
