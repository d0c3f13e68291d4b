#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/tensor_language/memory_timings.h"

namespace nanscope {
namespace {

TEST(MeasureMemory, CountsLinesAndPageFaults) {
  const MemoryTimingsRequest request{.sides = {64, 1024}, .copy_bytes = 16 << 20};
  const Result<MemoryTimings> timings = measure_memory(request, {});
  ASSERT_TRUE(timings) << timings.error().message;
  ASSERT_EQ(timings->traversals.size(), 2u);
  const TraversalTiming& large = timings->traversals[1];
  EXPECT_EQ(large.row_lines * timings->cache_line_bytes, 1024 * 1024 * 4);
  EXPECT_GE(large.column_lines, large.row_lines);
  EXPECT_GT(large.row_seconds, 0);
  EXPECT_GT(large.column_seconds, 0);
  ASSERT_EQ(timings->copies.size(), 2u);
  EXPECT_GT(timings->copies[0].bytes_per_second(), 0);
  // Fresh memory faults once a page, or once a huge page of 2 MiB; mapped memory does not.
  EXPECT_GE(timings->copies[1].page_faults, (16 << 20) / (2 << 20));
  EXPECT_LT(timings->copies[0].page_faults, timings->copies[1].page_faults);
}

TEST(MeasureMemory, KeepsTheShortestAndTheMedian) {
  CopyTiming timing{.bytes = 100};
  set_seconds(timing, {4, 1, 2});
  EXPECT_EQ(timing.seconds, 1);
  EXPECT_EQ(timing.median_seconds, 2);
  EXPECT_EQ(timing.bytes_per_second(), 100);
  set_seconds(timing, {4, 1, 2, 3});
  EXPECT_EQ(timing.median_seconds, 2.5);
}

/// An engine with a GPU, or without one.
class CopyingEngine final : public Engine {
 public:
  explicit CopyingEngine(bool has_device) : has_device_(has_device) {}
  EngineInfo info() const override {
    EngineInfo info;
    info.cuda = "H100";
    return info;
  }
  Result<SignalSnapshot> signal(const SignalRequest&, std::stop_token, const Progress&) override {
    return work_error("", "");
  }
  Result<TensorChain> tensor(const TensorRequest&, std::stop_token) override {
    return work_error("", "");
  }
  Result<std::vector<CopyTiming>> copies_to_device(std::int64_t bytes,
                                                   std::stop_token stop) override {
    if (!has_device_) return Engine::copies_to_device(bytes, stop);
    return std::vector{CopyTiming{.kind = CopyKind::pageable, .bytes = bytes, .seconds = 2},
                       CopyTiming{.kind = CopyKind::pinned, .bytes = bytes, .seconds = 1}};
  }

 private:
  bool has_device_;
};

TEST(MeasureMemory, SaysWhichDeviceWasCopiedToOrWhyNoneWas) {
  const MemoryTimingsRequest request{.sides = {}, .copy_bytes = 4096};
  CopyingEngine with(true), without(false);
  MemoryTimings timings;
  add_device_copies(with, request, {}, timings);
  ASSERT_EQ(timings.copies.size(), 2u);
  EXPECT_EQ(timings.copies[1].bytes, 4096);
  EXPECT_EQ(timings.device, "H100");
  EXPECT_EQ(timings.device_missing, "");
  timings = {};
  add_device_copies(without, request, {}, timings);
  EXPECT_TRUE(timings.copies.empty());
  EXPECT_EQ(timings.device, "");
  EXPECT_NE(timings.device_missing, "");
}

TEST(MeasureMemory, RefusesSizesOutOfRange) {
  EXPECT_FALSE(measure_memory({.sides = {0}}, {}));
  EXPECT_FALSE(measure_memory({.sides = {100000}}, {}));
  EXPECT_FALSE(measure_memory({.sides = {}, .copy_bytes = -1}, {}));
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = measure_memory({}, stop.get_token());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().message, kCancelled);
}

}  // namespace
}  // namespace nanscope
