#include <gtest/gtest.h>

#include "engine/tensor_language/memory_timings.h"

namespace nanscope {
namespace {

TEST(MeasureMemory, CountsLinesAndPageFaults) {
  const MemoryTimingsRequest request{.sides = {64, 1024}, .copy_bytes = 16 << 20};
  const Result<MemoryTimings> timings = measure_memory(request, {});
  ASSERT_TRUE(timings) << timings.error().message();
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

TEST(MeasureMemory, SaysWhichDeviceWasCopiedToOrWhyNoneWas) {
  DeviceCopies with, without;
  with.copies = {CopyTiming{.kind = CopyKind::pageable, .bytes = 4096, .seconds = 2},
                 CopyTiming{.kind = CopyKind::pinned, .bytes = 4096, .seconds = 1}};
  with.device = "H100";
  without.missing = "There is no GPU here";
  MemoryTimings timings;
  add_device_copies(with, timings);
  ASSERT_EQ(timings.copies.size(), 2u);
  EXPECT_EQ(timings.copies[1].bytes, 4096);
  EXPECT_EQ(timings.device, "H100");
  EXPECT_EQ(timings.device_missing, "");
  timings = {};
  add_device_copies(without, timings);
  EXPECT_TRUE(timings.copies.empty());
  EXPECT_EQ(timings.device, "");
  EXPECT_NE(timings.device_missing, "");
}

TEST(MeasureMemory, IsAJobOfASliceAMatrixAndOneACopy) {
  const std::unique_ptr<Job> job =
      MemoryTimingsRequest{.sides = {64, 128}, .copy_bytes = 4096}.make_job();
  JobContext context({}, {});
  for (int slice = 0; slice < 3; ++slice) EXPECT_FALSE(*job->advance(context));
  const Result<JobResult> result = job->advance(context);
  ASSERT_TRUE(result && *result);
  EXPECT_EQ(result->as<MemoryTimings>()->traversals.size(), 2u);
}

TEST(MeasureMemory, RefusesSizesOutOfRange) {
  EXPECT_FALSE(measure_memory({.sides = {0}}, {}));
  EXPECT_FALSE(measure_memory({.sides = {100000}}, {}));
  EXPECT_FALSE(measure_memory({.sides = {}, .copy_bytes = -1}, {}));
  std::stop_source stop;
  stop.request_stop();
  const auto cancelled = measure_memory({}, stop.get_token());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().kind, Error::Kind::cancelled);
}

}  // namespace
}  // namespace nanscope
