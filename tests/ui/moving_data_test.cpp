#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/costs/figure.h"
#include "ui/labs/costs/plots/data_plots.h"
#include "ui/labs/costs/words.h"

// What the view of moving data draws and says of numbers that a test has made up.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

/// Copies of 2 ms, computing of 3 ms, four batches.
std::shared_ptr<const MovingData> moved() {
  MovingData data;
  data.path = "/tmp/tokens.bin";
  data.of.file = data.path;
  data.bytes = 64'000'000;
  data.mapped = {.open_seconds = 0.0001, .batch_seconds = 0.004, .resident = 2'097'152};
  data.loaded = DataWay{.open_seconds = 0.03, .batch_seconds = 0.001, .resident = 64'000'000};
  for (const std::int64_t batch : {1, 16, 256})
    for (const int threads : {1, 2})
      data.loader.push_back({.batch = batch,
                             .threads = threads,
                             .batches_per_second = 1e6 / static_cast<double>(batch),
                             .bytes_per_second = 1e9 * threads});
  data.batches = 4;
  data.copy_seconds = 0.002, data.compute_seconds = 0.003;
  for (int i = 0; i < data.batches; ++i) {
    const double begin = 0.005 * i;
    data.in_turns.spans.push_back({false, i, begin, begin + 0.002});
    data.in_turns.spans.push_back({true, i, begin + 0.002, begin + 0.005});
    data.overlapped.spans.push_back({false, i, 0.003 * i, 0.003 * i + 0.002});
    data.overlapped.spans.push_back({true, i, 0.002 + 0.003 * i, 0.005 + 0.003 * i});
  }
  data.in_turns.seconds = 0.02;
  data.overlapped.seconds = 0.014;
  data.no_gpu = message("there is none");
  return std::make_shared<const MovingData>(std::move(data));
}

CostsPicture picture_of_moved() {
  CostsPicture picture;
  picture.settings.view = CostsView::data;
  picture.data = moved();
  return picture;
}

TEST(MovingDataView, SaysWhichWayIsFasterAndWhatOverlapGains) {
  EXPECT_EQ(costs_sentence(picture_of_moved()),
            "Mapped, the first batch of 64 MB is there after 4.1 ms; loaded, after 31 ms. With the "
            "next batch copied meanwhile, batches take 70 % of the time.");
  const StackedBars bars = data_ways_bars(*moved());
  ASSERT_EQ(bars.bars.size(), 2u);
  EXPECT_EQ(bars.bars[0].note, "2 MiB in memory");
  EXPECT_EQ(bars.unit, 1e-3);
}

class MovingDataPlots : public Drawing {
 protected:
  Figure figure() const {
    Experiment experiment;
    experiment.lab = LabName::costs;
    experiment.costs.view = CostsView::data;
    return *costs_figure(experiment, std::make_shared<const CostsPicture>(picture_of_moved()));
  }
};

TEST_F(MovingDataPlots, CutNoWords) {
  for (const ImVec2 size : {ImVec2{480, 260}, {900, 400}})
    for (const FigurePlot& plot : figure().plots) {
      RecordingCanvas canvas(style_, size);
      plot.plot.draw(canvas, {{0, 0}, size});
      EXPECT_GT(canvas.texts.size(), 5u) << plot.name();
      for (const RecordingCanvas::Words& one : canvas.texts)
        EXPECT_FALSE(one.cut) << plot.name() << " " << size.x << ": " << one.words;
    }
}

TEST_F(MovingDataPlots, EachWritesItsOwnTable) {
  const Figure drawn = figure();
  EXPECT_EQ(csv_of(drawn, "data_ways"),
            "way,open_seconds,batch_seconds,resident_bytes\n"
            "mapped,0.0001,0.004,2097152\nloaded,0.03,0.001,64000000\n");
  EXPECT_THAT(csv_of(drawn, "data_overlap"),
              HasSubstr("order,work,batch,begin_seconds,end_seconds\nin_turns,copy,1,0,0.002\n"));
  EXPECT_THAT(csv_of(drawn, "data_overlap"), HasSubstr("\noverlapped,compute,1,0.002,0.005\n"));
  for (const char* row : {"\nopen_seconds,mapped,,,0.0001\n", "\npredicted_seconds,overlapped,,,",
                          "\nbytes_per_second,loader,16,2,2000000000\n"})
    EXPECT_THAT(csv_of(drawn, ""), HasSubstr(row));
}

TEST_F(MovingDataPlots, TheTimelineReadsTheBatchUnderThePointer) {
  const Figure drawn = figure();
  const Plot& plot = find_plot(drawn, "data_overlap")->plot;
  const PlotPlace place{kCorner, kSize};
  const ChartFrame frame = plot.frame(style_, place);
  const float lane = (frame.high.y - frame.low.y) / 4;
  // 6 ms of the second lane: the second batch's computing would begin at 7.
  const auto copy = plot.read(style_, place, {frame.x_at(6), frame.low.y + lane / 2});
  ASSERT_TRUE(copy);
  EXPECT_THAT(copy->lines[1], HasSubstr("batch 2: 2 ms"));
  const auto compute = plot.read(style_, place, {frame.x_at(6), frame.low.y + 3.5f * lane});
  ASSERT_TRUE(compute);
  EXPECT_THAT(compute->lines[1], HasSubstr("batch 2: 3 ms"));
  EXPECT_THAT(compute->lines.back(), HasSubstr("14 ms; predicted 14 ms"));
  const Plot& loader = find_plot(drawn, "data_loader")->plot;
  const ChartFrame chart = loader.frame(style_, place);
  const auto speed = loader.read(style_, place, chart.at(16, 2));
  ASSERT_TRUE(speed);
  EXPECT_THAT(speed->lines[0], HasSubstr("batches of 16, 2 threads"));
  EXPECT_THAT(drawn.csv(), HasSubstr("16,2,2000000000"));
  EXPECT_THAT(csv_of(drawn, "data_loader"), HasSubstr("16,2,62500,2000000000"));
  EXPECT_THAT(drawn.json(), HasSubstr("\"resident_bytes\": 64000000"));
}

}  // namespace
}  // namespace nanscope
