#include "engine/tensors/device_copies.h"

#include <gtest/gtest.h>

#include "engine/devices/device.h"

namespace nanscope {
namespace {

TEST(DeviceCopies, PageableAndPinnedMemoryArriveAtTheGpu) {
  const Devices devices;
  if (devices.cuda() == nullptr) GTEST_SKIP() << devices.missing().text();
  const std::int64_t bytes = 16 << 20;
  const auto copies = measure_device_copies(bytes, *devices.choose(DeviceKind::cuda), {});
  ASSERT_TRUE(copies) << copies.error().message();
  ASSERT_EQ(copies->size(), 2u);
  EXPECT_EQ(copies->front().kind, CopyKind::pageable);
  EXPECT_EQ(copies->back().kind, CopyKind::pinned);
  for (const CopyTiming& copy : *copies) {
    EXPECT_EQ(copy.bytes, bytes);
    EXPECT_GT(copy.seconds, 0);
    EXPECT_LE(copy.seconds, copy.median_seconds);
  }
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled =
      measure_device_copies(bytes, *devices.choose(DeviceKind::cuda), stop.get_token());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, Error::Kind::cancelled);
}

}  // namespace
}  // namespace nanscope
