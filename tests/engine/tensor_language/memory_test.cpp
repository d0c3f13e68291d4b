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
