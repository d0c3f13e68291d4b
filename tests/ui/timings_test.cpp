#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/tensor_language/memory_timings.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/tensors/plots/memory_timings_plot.h"

// What reading and copying memory costs, drawn as bars.
namespace nanscope {
namespace {

std::shared_ptr<const MemoryTimings> timings() {
  auto timings = std::make_shared<MemoryTimings>();
  timings->cache_bytes = {32768, 1 << 20};
  timings->traversals = {
      {.rows = 64, .columns = 64, .row_seconds = 4e-6, .column_seconds = 5e-6},
      {.rows = 1024, .columns = 1024, .row_seconds = 1e-3, .column_seconds = 1.2e-2}};
  return timings;
}

class Timings : public Drawing {
 protected:
  /// The bars' rectangles: what is filled with a series' colour beside the labels.
  int bars_seen(const PlotZoom& zoom) const {
    const Plot plot = memory_traversal(timings());
    const PlotPlace place{kCorner, kSize, zoom};
    const ChartFrame frame = plot.frame(style_, place);
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, place);
    int bars = 0;
    for (const RecordingCanvas::Fill& fill : canvas.fills)
      bars +=
          fill.low.y >= frame.low.y && fill.low.x >= frame.low.x - 1 && fill.high.x > fill.low.x;
    return bars;
  }
};

TEST_F(Timings, BarsLeftOfWhatIsSeenLeaveNoSlivers) {
  EXPECT_EQ(bars_seen({}), 4);
  const Plot plot = memory_traversal(timings());
  const double longest = plot.frame(style_, {kCorner, kSize}).x.home.high;
  // Only the longest reaches there.
  EXPECT_EQ(bars_seen({.x = Limits{0.5 * longest, 0.9 * longest}}), 1);
  // What takes next to no time is still there beside what takes long.
  EXPECT_EQ(bars_seen({.x = Limits{0, 8 * longest}}), 4);
}

}  // namespace
}  // namespace nanscope
