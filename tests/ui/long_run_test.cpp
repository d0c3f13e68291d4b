#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include "engine/recipe/run_history.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/charts/curve.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/plots/run_curves.h"

// A run of a million steps: what is kept of it, and what of that is read and drawn.
namespace nanscope {
namespace {

constexpr std::int64_t kSteps = 1'000'000;
constexpr int kLayers = 50;

double held_bytes() {
  const auto heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

/// Of fifty layers that every step looks at, and of several networks.
RunSummary long_run() {
  auto history = std::make_shared<RunHistory>();
  RunStep step{.lr = 1e-3};
  for (int layer = 0; layer < kLayers; ++layer)
    step.layers.push_back(
        {"linear " + std::to_string(layer + 1),
         {{"activation", {.variance = 1, .count = 64}}, {"weight", {.variance = 0.5, .count = 64}}},
         1e-3});
  std::mt19937 random(1);
  for (std::int64_t i = 0; i < kSteps; ++i) {
    step.step = i;
    step.loss =
        (1 + static_cast<double>(random() % 1024) / 1024) / (1 + 1e-5 * static_cast<double>(i));
    step.grad_norm = 2 * step.loss;
    step.losses = OfNetworks{.low = 0.9 * step.loss, .high = 1.1 * step.loss};
    step.grad_norms = OfNetworks{.low = 1.8 * step.loss, .high = 2.2 * step.loss};
    history->add(step);
    history->seconds.push_back(1e-3 * static_cast<double>(i + 1));
  }
  RunSummary run;
  run.experiment.lab = LabName::training;
  run.experiment.network.networks = 8;
  run.steps = run.goal = run.experiment.training.steps = static_cast<int>(kSteps);
  run.seconds = history->seconds.back();
  run.last = step;
  run.history = std::move(history);
  return run;
}

class LongRun : public Drawing {
 protected:
  /// Corners of what every plot draws.
  std::size_t points_drawn(const RunPicture& picture) const {
    std::size_t points = 0;
    for (const FigurePlot& plot : training_figure(picture).plots) {
      RecordingCanvas canvas(style_, {1280, 800});
      plot.plot.draw(canvas, {kCorner, kSize});
      for (const auto& line : canvas.lines_drawn) points += line.size();
      points += 4 * canvas.fills.size();
    }
    return points;
  }
};

TEST_F(LongRun, OfAMillionStepsAndFiftyLayersIsKeptInHalfAGigabyteAndDrawnByWhatStandsOut) {
  const double before = held_bytes();
  const auto run = std::make_shared<const RunSummary>(long_run());
  EXPECT_LT(held_bytes() - before, 500e6);
  ASSERT_EQ(run->history->loss.size(), static_cast<std::size_t>(kSteps));
  const auto memo = std::make_shared<CurveMemo>();
  RunPicture picture{.run = run, .memo = memo};
  // Of three curves up to five points a column of pixels, of two bands two on each edge, of a row
  // of the map a cell; the rest are axes and legends.
  const auto columns = static_cast<std::size_t>(kSize.x);
  const std::size_t most = 3 * 5 * columns + 2 * 4 * columns + kLayers * 4 * columns + 4000;
  EXPECT_LT(points_drawn(picture), most);
  picture.view.x = RunAxis::seconds;
  picture.view.smoothing = 0.99;
  memo->begin_frame();
  EXPECT_LT(points_drawn(picture), most + 2 * 5 * columns);
}

TEST_F(LongRun, ASmoothedCurveIsMadeOncePerHistoryAndForgottenWhenNobodyAsks) {
  CurveMemo memo;
  int made = 0;
  const CurveMemo::Key key{.history = std::make_shared<const RunHistory>(),
                           .column = &RunHistory::loss,
                           .smoothing = 0.5};
  const auto ask = [&] {
    return memo.get(key, [&] {
      ++made;
      return std::vector<double>{1, 2};
    });
  };
  const auto first = ask();
  memo.begin_frame();
  EXPECT_EQ(ask(), first);
  EXPECT_EQ(made, 1);
  memo.begin_frame();
  memo.begin_frame();
  EXPECT_NE(ask(), first);
  EXPECT_EQ(made, 2);
}

ChartFrame series_frame(const Limits& x, const Limits& y, int log_base) {
  ChartFrame frame;
  frame.x = {.limits = x, .home = x};
  frame.y = {.log_base = log_base, .limits = y, .home = y};
  frame.high = {1000, 500};
  return frame;
}

bool same_points(const std::vector<ImVec2>& one, const std::vector<ImVec2>& other) {
  return std::ranges::equal(one, other, [](const ImVec2& a, const ImVec2& b) {
    return is_gap(a) ? is_gap(b) : a.x == b.x && a.y == b.y;
  });
}

TEST(SeriesCurve, HasThePointsOfTheNumbersThemselves) {
  std::mt19937 random(2);
  std::lognormal_distribution<double> number(0, 1);
  Series x, y;
  for (int i = 0; i < 100'000; ++i) {
    x.push_back(i);
    const bool wild = i % 20'000 > 19'000 || random() % 5000 == 0;
    y.push_back(!wild               ? number(random)
                : random() % 3 == 0 ? NAN
                : random() % 2 == 0 ? INFINITY
                                    : -1);
  }
  const std::vector<double>&plain_x = x, &plain_y = y;
  for (const int base : {0, 10})
    for (const Limits& seen : {Limits{0, 100'000}, Limits{31'000.5, 32'999}, Limits{20, 90'000}}) {
      const ChartFrame frame = series_frame(seen, {-1, 10}, base);
      EXPECT_TRUE(same_points(curve_points(frame, x, y), curve_points(frame, plain_x, plain_y)));
      const auto wild = nonfinite_places(frame, x, y);
      EXPECT_EQ(wild.size(), nonfinite_places(frame, plain_x, plain_y).size());
      EXPECT_GT(wild.size(), 0u);
    }
  EXPECT_EQ(extent_of(y, 10).limits(), extent_of(plain_y, 10).limits());
  EXPECT_EQ(extent_of(y, 0).limits(), extent_of(plain_y, 0).limits());
}

TEST(SeriesCurve, DoesNotReadWhatLiesWithinAColumnOfPixels) {
  Series x, y;
  for (int i = 0; i < 1'000'000; ++i) {
    x.push_back(i);
    y.push_back(2 + std::sin(i));
  }
  const ChartFrame frame = series_frame({0, 1'000'000}, {0, 4}, 0);
  // Blocks that touch no edge of a column: of their numbers only those that stand out are true.
  std::vector<double> mostly_wrong = y;
  for (std::size_t i = 0; i < y.blocks().size(); ++i) {
    const std::size_t begin = i * SeriesBlock::kSize, end = begin + SeriesBlock::kSize;
    if (begin % 1000 < 2 || end % 1000 < 2 || begin / 1000 != end / 1000) continue;
    for (std::size_t k = begin + 1; k + 1 < end; ++k)
      if (k != begin + y.blocks()[i].lowest && k != begin + y.blocks()[i].highest)
        mostly_wrong[k] = 1e9;
  }
  CurveNumbers read(y);
  read.values = mostly_wrong;
  EXPECT_TRUE(same_points(curve_points(frame, x, read), curve_points(frame, x, y)));
  EXPECT_EQ(extent_of(read, 0).limits().low, extent_of(y, 0).limits().low);
}

}  // namespace
}  // namespace nanscope
