#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/drawn_runs.h"
#include "ui/labs/training/earlier_runs.h"
#include "ui/labs/training/words.h"

// Runs that change on their way, go on from a checkpoint, or are left for another one.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using DrawnWords = RecordingCanvas::Words;

/// Of steps from so many on.
RunSummary run_from(int first, int steps) {
  RunSummary run = run_of({});
  auto history = std::make_shared<RunHistory>();
  for (int i = 0; i < steps; ++i)
    history->add({.step = first + i, .loss = 8.0 / (1 + i), .lr = 0.01, .grad_norm = 1});
  run.history = history;
  run.resumed_after = first;
  run.steps = first + steps;
  run.goal = run.experiment.training.steps = first + 20;
  return run;
}

TEST_F(TrainingPlots, TheAxisOfARunFromACheckpointBeginsAtItsFirstStep) {
  const auto ends = [&](const RunSummary& run) {
    return plot(run, "loss").frame(style_, {kCorner, kSize}).x.home;
  };
  EXPECT_EQ(ends(run_from(100, 5)), (Limits{100, 120}));
  EXPECT_EQ(ends(run_from(100, 0)), (Limits{100, 120}));  // before its first step
  view_.x = RunAxis::samples;
  RunSummary run = run_from(100, 5);
  run.experiment.data.batch = 10;
  EXPECT_EQ(ends(run), (Limits{1000, 1200}));
  // Beside the run that it goes on from it begins where that does.
  view_.x = RunAxis::step;
  beside_ = {{std::make_shared<const RunSummary>(run_from(0, 100)), "from the beginning", 0}};
  EXPECT_EQ(ends(run_from(100, 5)), (Limits{0, 120}));
}

TEST(TrainingWords, ARunIsDescribedAsItIsNowAndSinceWhichStep) {
  RunSummary run = run_of(falling(10));
  run.experiment.training.optimizer.lr = 0.1;
  EXPECT_THAT(describe_run(run), HasSubstr("lr 0.1"));
  run.changes = {{4, "optimizer.lr", "0.02"}, {4, "clip.norm", "1"}, {7, "optimizer.lr", "0.03"}};
  EXPECT_THAT(describe_run(run), HasSubstr("lr 0.03 from step 7"));
  run.changes.push_back({15, "optimizer.lr", "0.5"});  // to come
  EXPECT_THAT(describe_run(run), HasSubstr("lr 0.03 from step 7"));
  run.changes = {{0, "optimizer.lr", "0.02"}};  // before its first step
  EXPECT_THAT(describe_run(run), ::testing::Not(HasSubstr("from step")));
  const Figure figure = training_figure({std::make_shared<const RunSummary>(run)});
  EXPECT_THAT(figure.settings, HasSubstr("lr 0.02"));
}

TEST(EarlierRunsTest, AFileKeepsItsCurveWhereAnotherRunOfItsRecipeIsLeft) {
  EarlierRuns earlier;
  RunSummary now = run_of(falling(10));
  now.experiment.network.seed = 9;
  const auto file = std::make_shared<const RunSummary>(run_of(falling(10)));
  earlier.keep(file, "file.jsonl");
  // A short one, begun anew after three steps.
  earlier.keep(std::make_shared<const RunSummary>(run_of(falling(3))));
  ASSERT_EQ(earlier.beside(now).size(), 1u);
  EXPECT_EQ(earlier.beside(now).front().words, "file.jsonl");
  EXPECT_EQ(earlier.beside(now).front().run, file);
  // One that went farther than the file stands beside it.
  earlier.keep(std::make_shared<const RunSummary>(run_of(falling(15))));
  ASSERT_EQ(earlier.beside(now).size(), 2u);
  EXPECT_EQ(earlier.beside(now).front().run, file);
  EXPECT_EQ(earlier.beside(now).back().run->steps, 15);
}

TEST(EarlierRunsTest, HowOftenLayersAreLookedAtMakesNoOtherRun) {
  EarlierRuns earlier;
  RunSummary run = run_of(falling(10));
  earlier.keep(std::make_shared<const RunSummary>(run));
  run.changes = {{3, "statistics", "5"}};
  EXPECT_TRUE(earlier.beside(run).empty());
}

TEST_F(TrainingPlots, ALookAtTheLayersIsNoChangeOfTheCurve) {
  RunSummary run = run_of(falling(10));
  run.changes = {{4, "statistics", "5"}};
  for (const DrawnWords& words : words_of(plot(run, "loss")))
    EXPECT_THAT(words.words, ::testing::Not(HasSubstr("map every")));
}

}  // namespace
}  // namespace nanscope
