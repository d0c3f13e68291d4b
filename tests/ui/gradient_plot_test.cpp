#include "ui/labs/training/plots/gradient_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/recipe/gradient_magnitudes.h"
#include "tests/ui/drawn_runs.h"
#include "ui/canvas/power_text.h"
#include "ui/charts/labels.h"

// How large gradients are, beside the range of fp16.
namespace nanscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Not;
using DrawnWords = RecordingCanvas::Words;

/// 40 of 100 elements are 0, 30 in [2^-22, 2^-21), 20 in [2^-16, 2^-15), 10 in [1, 2).
GradientMagnitudes gradients_of(double scale) {
  GradientMagnitudes gradients{.step = 7,
                               .loss_scale = scale,
                               .format = "fp16",
                               .first_exponent = -22,
                               .counts = std::vector<std::int64_t>(23),
                               .zeros = 40,
                               .total = 100};
  gradients.counts[0] = 30;
  gradients.counts[6] = 20;
  gradients.counts[22] = 10;
  return gradients;
}

class GradientPlotTest : public TrainingPlots {
 protected:
  std::vector<std::string> plots_of(GradientMagnitudes gradients) {
    std::vector<std::string> names;
    for (const FigurePlot& one : training_figure({with(std::move(gradients)), {}, view_}).plots)
      names.push_back(one.name());
    return names;
  }
  Plot plot_of(GradientMagnitudes gradients) {
    return gradient_plot(
        std::make_shared<const RunPicture>(RunPicture{with(std::move(gradients)), {}, view_}));
  }

 private:
  static std::shared_ptr<const RunSummary> with(GradientMagnitudes gradients) {
    RunSummary run = run_of(falling(8));
    run.gradients = std::make_shared<const GradientMagnitudes>(std::move(gradients));
    return std::make_shared<const RunSummary>(std::move(run));
  }
};

TEST_F(GradientPlotTest, IsThereWhereTheFormatIsNarrowOrItIsAskedFor) {
  EXPECT_THAT(plots_of(gradients_of(1)), Contains("gradient_magnitudes"));
  GradientMagnitudes wide = gradients_of(1);
  wide.format = "bf16";
  EXPECT_THAT(plots_of(wide), Not(Contains("gradient_magnitudes")));
  view_.plot = "gradient_magnitudes";
  EXPECT_THAT(plots_of(wide), Contains("gradient_magnitudes"));
}

TEST_F(GradientPlotTest, SaysHowManyAreZeroAndSubnormalAndHowManyWouldBeWithoutTheScale) {
  const auto says = [&](const Plot& plot, const char* words) {
    EXPECT_THAT(words_of(plot), Contains(Field(&DrawnWords::words, words)));
  };
  says(plot_of(gradients_of(1)), "Gradient magnitudes at step 7");
  says(plot_of(gradients_of(1)), "40 % are 0, 50 % subnormal");
  // 2^-22 / 16 is below half of 2^-24, 2^-16 / 16 is not.
  says(plot_of(gradients_of(16)),
       ("loss times " + power_text(2, 4, style_.fonts.regular) + ": 40 % are 0, 50 % subnormal")
           .c_str());
  says(plot_of(gradients_of(16)), "without it: 70 % would be 0");
  says(plot_of(gradients_of(8)), "without it: 40 % would be 0");
  GradientMagnitudes wild = gradients_of(1);
  wild.counts[22] = 0;
  wild.nonfinite = 10;
  says(plot_of(wild), "40 % are 0, 50 % subnormal, 10 % not finite");
}

TEST_F(GradientPlotTest, ALayersAreShownAndThoseOfTheChosenOrPointedStep) {
  RunSummary run = run_of(falling(8));
  auto history = std::make_shared<RunHistory>(*run.history);
  for (const int at : {0, 4}) {
    RunStep step{.step = at, .gradients = gradients_of(1)};
    step.gradients->step = at;
    step.gradients->layers = {
        {"linear 1", {.first_exponent = -22, .counts = {30}, .total = 30}},
        {"head", {.first_exponent = 0, .counts = {10}, .zeros = 40, .total = 50}}};
    history->add(step);
  }
  run.history = history;
  run.gradients = std::make_shared<const GradientMagnitudes>(gradients_of(1));  // of step 7
  const auto shown = std::make_shared<const RunSummary>(run);
  const auto says = [&](const char* words) {
    const Plot plot =
        gradient_plot(std::make_shared<const RunPicture>(RunPicture{shown, {}, view_, guide_}));
    EXPECT_THAT(words_of(plot), Contains(Field(&DrawnWords::words, words)));
  };
  says("Gradient magnitudes at step 7");
  guide_ = 5.5;
  says("Gradient magnitudes at step 4");
  view_.look = 3;
  says("Gradient magnitudes at step 0");
  view_.layer = 2;
  says("Gradient magnitudes of head at step 0");
  says("80 % are 0, 0 % subnormal");
  view_.layer = 3;  // there is none
  says("Gradient magnitudes at step 0");
}

TEST_F(GradientPlotTest, TheAxisNamesTheLossScaleWhereThereIsOne) {
  const auto axis_of = [&](LossScaleKind kind) {
    RunSummary run = run_of(falling(8));
    run.experiment.training.loss_scale.kind = kind;
    run.gradients = std::make_shared<const GradientMagnitudes>(gradients_of(1));
    return words_of(gradient_plot(std::make_shared<const RunPicture>(
        RunPicture{std::make_shared<const RunSummary>(std::move(run)), {}, view_})));
  };
  EXPECT_THAT(axis_of(LossScaleKind::none),
              Contains(Field(&DrawnWords::words, "|g| of all parameters")));
  EXPECT_THAT(axis_of(LossScaleKind::dynamic),
              Contains(Field(&DrawnWords::words, "|g| of all parameters, with the loss scale")));
}

TEST_F(GradientPlotTest, ABinadeIsReadAndTheRangeOfTheFormatIsInSight) {
  const Plot plot = plot_of(gradients_of(1));
  const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
  EXPECT_LE(frame.x.home.low, -24);
  EXPECT_GE(frame.x.home.high, 16);
  const auto reading = plot.read(style_, {kCorner, kSize}, frame.at_units(-15.5, 0.01));
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->lines.back(), "20 %");
  EXPECT_TRUE(reading->on_drawn);
  for (const char* words : {"smallest fp16", "smallest normal fp16", "largest fp16"})
    EXPECT_THAT(words_of(plot), Contains(Field(&DrawnWords::words, words)));
}

TEST_F(GradientPlotTest, ANameOfTheRangeReachesNoOtherLineThanItsOwn) {
  const Plot plot = plot_of(gradients_of(1));
  int names = 0, brief = 0;
  for (int width = 240; width <= 900; width += 20) {
    const ImVec2 size{static_cast<float>(width), 260};
    const ChartFrame frame = plot.frame(style_, {kCorner, size});
    const std::array lines{frame.x_at(std::exp2(-24)), frame.x_at(std::exp2(-14)),
                           frame.x_at(65504)};
    for (const DrawnWords& drawn : words_of(plot, size)) {
      const bool is_short =
          drawn.words == "smallest" || drawn.words == "normal" || drawn.words == "largest";
      if (!is_short && !drawn.words.ends_with(" fp16")) continue;
      ++names;
      brief += is_short;
      const auto says = [&](const char* word) {
        return drawn.words.find(word) != std::string::npos;
      };
      const std::size_t own = says("normal") ? 1 : says("largest") ? 2 : 0;
      const float left = drawn.low.x, right = drawn.high.x;
      for (std::size_t line = 0; line < lines.size(); ++line) {
        const bool apart = right < lines[line] || left > lines[line];
        EXPECT_TRUE(line == own || apart) << drawn.words << " " << width;
      }
      EXPECT_LT(std::min(std::abs(left - lines[own]), std::abs(right - lines[own])), 16)
          << drawn.words << " " << width;
    }
  }
  EXPECT_GT(names, 30);
  EXPECT_GT(brief, 0);
}

TEST_F(GradientPlotTest, WhereAllAreZeroABarSaysSoAndNoAxisGoesBeyondAllOfThem) {
  GradientMagnitudes zeros{.step = 7, .format = "fp16", .zeros = 100, .total = 100};
  for (const ImVec2 size : {kSize, ImVec2{420, 160}, {300, 140}}) {
    const Plot plot = plot_of(zeros);
    const ChartFrame frame = plot.frame(style_, {kCorner, size});
    EXPECT_EQ(frame.y.home, (Limits{0, 1}));
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, {kCorner, size});
    const ImU32 color = ink(style_.palette.series[0], 0.55f);
    const auto bar = std::ranges::find_if(canvas.fills, [&](const RecordingCanvas::Fill& fill) {
      return fill.color == color && fill.low.x >= frame.low.x - 1 && fill.high.y > fill.low.y;
    });
    ASSERT_NE(bar, canvas.fills.end());
    EXPECT_FLOAT_EQ(bar->low.y, frame.low.y);
    EXPECT_FLOAT_EQ(bar->high.y, frame.high.y);
    EXPECT_GE(bar->high.x - bar->low.x, 5);
    EXPECT_LT(bar->high.x, frame.x_at(0x1p-24)) << "below fp16's smallest number";
    EXPECT_THAT(canvas.texts, Contains(Field(&DrawnWords::words, "|g| = 0")));
    const auto reading =
        plot.read(style_, {kCorner, size}, {bar->low.x + 2, (frame.low.y + frame.high.y) / 2});
    ASSERT_TRUE(reading);
    EXPECT_THAT(reading->lines, ElementsAre("|g| = 0", "100 %"));
  }
  GradientMagnitudes most = gradients_of(1);
  most.counts.assign(23, 0);
  most.counts[6] = 97;
  most.zeros = 3;
  EXPECT_EQ(plot_of(most).frame(style_, {kCorner, {300, 140}}).y.home.high, 1);
}

/// However low the plot is.
TEST_F(GradientPlotTest, TheNamesOfTheRangeLieOnNoBar) {
  for (const ImVec2 size : {ImVec2{800, 500}, {500, 220}, {420, 160}, {300, 140}})
    for (const double scale : {1.0, 1024.0}) {
      const Plot plot = plot_of(gradients_of(scale));
      RecordingCanvas canvas(style_, {1280, 800});
      plot.draw(canvas, {kCorner, size});
      int bars = 0, names = 0;
      const ImU32 color = ink(style_.palette.series[0], 0.55f);
      for (const RecordingCanvas::Fill& bar : canvas.fills) {
        if (bar.color != color) continue;
        ++bars;
        for (const DrawnWords& one : canvas.texts) {
          const bool is_short =
              one.words == "smallest" || one.words == "normal" || one.words == "largest";
          if (!is_short && one.words.find("fp16") == std::string::npos) continue;
          ++names;
          EXPECT_FALSE(LabelBox({one.low, one.high}).touches({bar.low, bar.high}))
              << one.words << " in " << size.x << "x" << size.y;
        }
      }
      EXPECT_GE(bars, 3);
      // More than one of them has room but where each would reach another one's line.
      EXPECT_GE(names, size.x < 400 ? bars : 2 * bars) << size.x;
    }
}

}  // namespace
}  // namespace nanscope
