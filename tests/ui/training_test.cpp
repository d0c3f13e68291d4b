#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/plots/run_curves.h"
#include "ui/labs/training/plots/run_plot.h"
#include "ui/labs/training/words.h"

// What the Training lab draws and says of a run.
namespace nanscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using DrawnWords = RecordingCanvas::Words;

/// Ten steps of 20, with a look at what is held out every fifth.
RunSummary run_of(std::vector<double> losses, bool classes = true) {
  RunSummary run;
  run.experiment.lab = LabName::training;
  run.experiment.training.steps = 20;
  auto history = std::make_shared<RunHistory>();
  for (std::size_t i = 0; i < losses.size(); ++i) {
    RunStep step{.step = static_cast<std::int64_t>(i),
                 .loss = losses[i],
                 .lr = 0.01,
                 .grad_norm = 2 * losses[i]};
    if (i % 5 == 0) step.held_out = {.loss = losses[i] + 0.5, .accuracy = std::nullopt};
    if (step.held_out && classes) step.held_out->accuracy = 0.25 + 0.05 * static_cast<double>(i);
    history->add(step);
    if (!run.first_nonfinite && !std::isfinite(step.loss))
      run.first_nonfinite = {step.step, true, step.loss};
    run.last = step;
  }
  run.steps = static_cast<std::int64_t>(losses.size());
  run.goal = 20;
  run.history = history;
  return run;
}

std::vector<double> falling(int count) {
  std::vector<double> losses;
  for (int i = 0; i < count; ++i) losses.push_back(8 / (1.0 + i));
  return losses;
}

std::vector<std::string> plots_of(const RunSummary& run) {
  std::vector<std::string> names;
  for (const FigurePlot& plot : training_figure({std::make_shared<const RunSummary>(run)}).plots)
    names.push_back(plot.name());
  return names;
}

class TrainingPlots : public Drawing {
 protected:
  std::vector<BesideRun> beside_;
  RunLook look_;
  Plot plot(const RunSummary& run, std::string_view name) const {
    for (const RunQuantity& quantity : run_quantities())
      if (quantity.plot == name)
        return run_plot(std::make_shared<const RunPicture>(RunPicture{
                            std::make_shared<const RunSummary>(run), beside_, "", look_, {}}),
                        quantity);
    return {};
  }
  std::vector<DrawnWords> words_of(const Plot& plot) const {
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, {kCorner, kSize});
    return canvas.texts;
  }
  std::optional<PlotReading> read(const Plot& plot, double step) const {
    const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
    return plot.read(style_, {kCorner, kSize},
                     {frame.x_at(step) + 1, (frame.low.y + frame.high.y) / 2});
  }
};

TEST_F(TrainingPlots, ARunHasThePlotsOfWhatItMeasured) {
  EXPECT_THAT(plots_of(run_of(falling(10))),
              ElementsAre("loss", "accuracy", "gradient_norm", "learning_rate"));
  EXPECT_THAT(plots_of(run_of(falling(10), false)),
              ElementsAre("loss", "gradient_norm", "learning_rate"));
}

TEST_F(TrainingPlots, TheStepsAxisIsAsLongAsTheRunWillBe) {
  const Plot begun = plot(run_of(falling(3)), "loss"), later = plot(run_of(falling(19)), "loss");
  const ChartFrame frame = begun.frame(style_, {kCorner, kSize});
  EXPECT_EQ(frame.x.home, (Limits{0, 20}));
  EXPECT_EQ(later.frame(style_, {kCorner, kSize}).x.home, frame.x.home);
}

TEST_F(TrainingPlots, ThePointerReadsTheNearestStepAndWhatIsHeldOutWhereItWasLookedAt) {
  const Plot loss = plot(run_of(falling(10)), "loss");
  const auto at_five = read(loss, 5), at_six = read(loss, 6);
  ASSERT_TRUE(at_five && at_six);
  EXPECT_EQ(at_five->index, 5);
  EXPECT_THAT(at_five->lines, ElementsAre("step 5", "training: 1.33", "held out: 1.83"));
  EXPECT_THAT(at_six->lines, ElementsAre("step 6", "training: 1.14"));
  EXPECT_DOUBLE_EQ(at_six->values.front().value, 8.0 / 7);
  const auto accuracy = read(plot(run_of(falling(10)), "accuracy"), 6);
  ASSERT_TRUE(accuracy);
  EXPECT_THAT(accuracy->lines, ElementsAre("step 5", "held out: 50 %"));
}

TEST_F(TrainingPlots, TheFirstStepThatIsNotFiniteIsNamedInTheChart) {
  const double nan = std::nan("");
  const RunSummary run = run_of({3, 30, std::numeric_limits<double>::infinity(), nan, nan});
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "inf at step 2")));
  EXPECT_THAT(words_of(plot(run, "gradient_norm")),
              Not(Contains(Field(&DrawnWords::words, HasSubstr("at step")))));
  const auto there = read(plot(run, "loss"), 3);
  ASSERT_TRUE(there);
  EXPECT_THAT(there->lines, ElementsAre("step 3", "training: nan"));
  EXPECT_FALSE(there->on_drawn);
}

TEST_F(TrainingPlots, ARunWithoutAnyFiniteLossIsDrawn) {
  const double nan = std::nan("");
  const RunSummary run = run_of({nan, nan, nan});
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "nan at step 0")));
}

TEST_F(TrainingPlots, RunsBesideItAreNamedByWhatDiffersAndReadAtTheSameStep) {
  RunSummary other = run_of(falling(10));
  other.experiment.network.model.width = 32;
  other.steps = 30;
  beside_ = {{std::make_shared<const RunSummary>(other), "width 32", 0}};
  const Plot loss = plot(run_of(falling(7)), "loss");
  EXPECT_THAT(words_of(loss), Contains(Field(&DrawnWords::words, "width 32")));
  EXPECT_EQ(loss.frame(style_, {kCorner, kSize}).x.home, (Limits{0, 30}));
  const auto at_six = read(loss, 6);
  ASSERT_TRUE(at_six);
  EXPECT_THAT(at_six->lines, ElementsAre("step 6", "training: 1.14", "width 32: 1.14"));
}

TEST_F(TrainingPlots, ASmoothedCurveFollowsTheMeasuredOneWhichIsRead) {
  const double nan = std::nan("");
  EXPECT_THAT(smoothed(std::vector{8.0, 8.0, 8.0}, 0.9), ElementsAre(8, 8, 8));
  const std::vector<double> smooth = smoothed(std::vector{1.0, 3.0, nan, 3.0}, 0.5);
  EXPECT_DOUBLE_EQ(smooth[0], 1);
  EXPECT_DOUBLE_EQ(smooth[1], (0.25 * 1 + 0.5 * 3) / 0.75);
  EXPECT_TRUE(std::isnan(smooth[2]));
  EXPECT_DOUBLE_EQ(smooth[3], (0.125 * 1 + 0.25 * 3 + 0.5 * 3) / 0.875);
  look_.smoothing = 0.9;
  const auto there = read(plot(run_of({8, 0.5, 8, 0.5}, false), "loss"), 1);
  ASSERT_TRUE(there);
  EXPECT_DOUBLE_EQ(there->values.front().value, 0.5);
}

TEST_F(TrainingPlots, LossesAreDrawnInPowersOfTenOrLinear) {
  const RunSummary run = run_of(falling(10));
  EXPECT_DOUBLE_EQ(plot(run, "loss").frame(style_, {kCorner, kSize}).y.scaled(100), 2);
  look_.linear = true;
  EXPECT_DOUBLE_EQ(plot(run, "loss").frame(style_, {kCorner, kSize}).y.scaled(100), 100);
}

TEST_F(TrainingPlots, AChangeOnItsWayIsNamedAtItsStep) {
  RunSummary run = run_of(falling(10));
  run.changes = {{6, "optimizer.lr", "0.25"}};
  EXPECT_THAT(words_of(plot(run, "loss")),
              Contains(Field(&DrawnWords::words, "learning rate 0.25")));
  const auto there = read(plot(run, "loss"), 6);
  ASSERT_TRUE(there);
  EXPECT_THAT(there->lines, Contains("before it: learning rate 0.25"));
}

TEST(TrainingWords, TheSentenceSaysWhatTheRunDid) {
  RunSummary run = run_of(falling(20), false);
  EXPECT_EQ(run_sentence(run), "In 20 steps the loss goes from 8 to 0.4.");
  run = run_of(falling(20));
  EXPECT_EQ(run_sentence(run),
            "In 20 steps the loss goes from 8 to 0.4; 100 % of what is held out is right.");
  run = run_of(falling(4), false);
  EXPECT_EQ(run_sentence(run), "After 4 of 20 steps the loss has gone from 8 to 2.");
  EXPECT_EQ(run_sentence(run, RunState::stopped),
            "Stopped after 4 of 20 steps: the loss went from 8 to 2.");
  run.stopped = true;
  EXPECT_EQ(run_sentence(run), "Stopped after 4 of 20 steps: the loss went from 8 to 2.");
  run = run_of({3, std::nan(""), std::nan("")});
  EXPECT_EQ(run_sentence(run), "The loss is nan at step 1: the steps before it led there.");
}

TEST(TrainingData, EveryStepIsARowAndTheLastLookStandsAtTheEnd) {
  RunSummary run = run_of(falling(2));
  auto history = std::make_shared<RunHistory>(*run.history);
  history->add(2, {.loss = 1, .accuracy = 0.75});
  run.history = history;
  EXPECT_EQ(run_to_csv(run),
            "step,loss,lr,grad_norm,held_out_loss,accuracy\n"
            "0,8,0.01,16,8.5,0.25\n"
            "1,4,0.01,8,,\n"
            "2,,,,1,0.75\n");
  EXPECT_EQ(run_to_csv(run_of({4}, false)).substr(0, 37), "step,loss,lr,grad_norm,held_out_loss\n");
  EXPECT_THAT(run_to_json(run), HasSubstr("\"accuracy\": [\n        0.25,\n        0.75\n      ]"));
}

}  // namespace
}  // namespace nanscope
