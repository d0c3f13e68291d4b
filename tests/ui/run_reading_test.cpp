#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ui/drawn_runs.h"
#include "ui/charts/labels.h"

// Where a run's plots say what the pointer reads.
namespace nanscope {
namespace {

/// Over a small plot full of curves what is read stands above it.
TEST_F(TrainingPlots, AReadingHidesNoCurve) {
  std::vector<double> restless;
  for (int i = 0; i < 20; ++i) restless.push_back(i % 2 == 0 ? 8 : 0.5);
  int above = 0;
  for (const ImVec2 size : {ImVec2{800, 500}, {400, 200}, {300, 150}, {220, 140}})
    for (const double step : {1.0, 9.0, 18.0}) {
      guide_ = step;
      for (const char* name : {"loss", "gradient_norm"}) {
        const Plot shown = plot(run_of(restless), name);
        const ChartFrame frame = shown.frame(style_, {kCorner, size});
        RecordingCanvas canvas(style_, {1280, 800});
        shown.draw(canvas, {kCorner, size});
        std::vector<ImVec2> points;
        for (const std::vector<ImVec2>& line : canvas.lines_drawn)
          if (line.size() > 2) add_points_along(points, line, 4, {frame.low, frame.high});
        bool said = false;
        for (const RecordingCanvas::Words& one : canvas.texts) {
          if (!one.words.starts_with("step ")) continue;
          said = true;
          above += one.high.y <= frame.low.y + 1;
          const LabelBox box{one.low, one.high};
          EXPECT_TRUE(std::ranges::none_of(points, [&](ImVec2 at) { return box.holds(at); }))
              << one.words << " in " << name << " of " << size.x;
          EXPECT_FALSE(one.cut) << one.words;
        }
        EXPECT_TRUE(said) << name << " " << size.x << " " << step;
        // Words of the row do not lie on one another.
        for (const RecordingCanvas::Words& one : canvas.texts)
          for (const RecordingCanvas::Words& other : canvas.texts)
            EXPECT_FALSE(&one != &other && one.words.starts_with("step ") &&
                         one.high.y <= frame.low.y + 1 && other.low.y < one.high.y - 2 &&
                         other.high.y > one.low.y + 2 && other.low.x < one.high.x &&
                         other.high.x > one.low.x)
                << one.words << " lies on " << other.words;
      }
    }
  EXPECT_GT(above, 0);
}

/// A step that only a run beside it has.
TEST_F(TrainingPlots, AReadingOfAnotherRunAloneNamesIt) {
  beside_ = {{std::make_shared<const RunSummary>(run_of(falling(18))), "width 32", 0}};
  for (const ImVec2 size : {ImVec2{800, 500}, {400, 200}, {300, 150}, {240, 120}})
    for (const char* name : {"loss", "gradient_norm"}) {
      const auto named = [&](double step) {
        guide_ = step;
        int times = 0;
        for (const RecordingCanvas::Words& one : words_of(plot(run_of(falling(4)), name), size))
          times += one.words.find("width 32") != std::string::npos;
        return times;
      };
      guide_.reset();
      const int in_legend = std::string_view(name) == "loss" ? 1 : 0;
      EXPECT_EQ(named(15), in_legend + 1) << name << " " << size.x;
    }
}

/// How their numbers came about is said in as many words by each plot that is as wide.
TEST_F(TrainingPlots, NeighboursSayTheSameOfHowTheyWereMeasured) {
  int whole = 0, brief = 0;
  for (float width = 160; width <= 900; width += 20) {
    std::string said;
    for (const char* name : {"loss", "accuracy", "gradient_norm", "learning_rate"})
      for (const RecordingCanvas::Words& one :
           words_of(plot(run_of(falling(9)), name), {width, 240})) {
        if (!one.words.starts_with("measured")) continue;
        if (said.empty()) said = one.words;
        EXPECT_EQ(one.words, said) << name << " " << width;
        ++(one.words == "measured" ? brief : whole);
      }
  }
  EXPECT_GT(whole, 0);
  EXPECT_GT(brief, 0);
}

/// What is pinned stays where it is: what the pointer reads gives way to it.
TEST_F(TrainingPlots, AReadingLeavesWhatIsPinnedFree) {
  view_.plot = "loss";
  for (const double step : {2.0, 9.0, 18.0}) {
    guide_ = step;
    const Plot shown = plot(run_of(falling(20)), "loss");
    for (const ImVec2 size : {ImVec2{800, 500}, {400, 200}, {300, 150}}) {
      const ChartFrame frame = shown.frame(style_, {kCorner, size});
      for (const float left : {0.0f, 0.3f, 0.6f}) {
        const LabelBox pinned{{frame.low.x + left * (frame.high.x - frame.low.x), frame.low.y},
                              {frame.low.x + (left + 0.4f) * (frame.high.x - frame.low.x),
                               frame.low.y + 0.6f * (frame.high.y - frame.low.y)}};
        RecordingCanvas canvas(style_, {1280, 800});
        shown.draw(canvas, {.corner = kCorner, .size = size, .pinned = {pinned}});
        bool said = false;
        for (const RecordingCanvas::Words& one : canvas.texts) {
          said = said || one.words.starts_with("step ");
          if (!LabelBox{one.low, one.high}.inside({frame.low, frame.high})) continue;
          EXPECT_FALSE(pinned.touches({one.low, one.high}))
              << one.words << " " << step << " " << size.x << " " << left;
        }
        EXPECT_TRUE(said) << step << " " << size.x << " " << left;
      }
    }
  }
}

}  // namespace
}  // namespace nanscope
