#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "engine/recipe/training_request.h"
#include "tests/ui/drawn_runs.h"
#include "ui/labs/lab.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/earlier_runs.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_curves.h"
#include "ui/labs/training/training_lab.h"
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

TEST_F(TrainingPlots, ALongRunThatHasJustBegunFillsAQuarterOfItsAxisOrMore) {
  RunSummary run = run_of(falling(20));
  run.goal = 100000;
  for (const auto& [steps, last] : {std::pair{1, 390.625},
                                    {390, 390.625},
                                    {391, 1562.5},
                                    {25001, 100000.0},
                                    {100000, 100000.0}}) {
    run.steps = steps;
    EXPECT_EQ(step_in_sight(run), last) << steps;
  }
  run.steps = 100;
  EXPECT_LE(plot(run, "loss").frame(style_, {kCorner, kSize}).x.home.high, 400);
  run.goal = run.steps = 999;
  EXPECT_EQ(step_in_sight(run), 999);
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

TEST_F(TrainingPlots, BesideADeadRunThePointerReadsTheRunsThatGoOn) {
  beside_ = {{std::make_shared<const RunSummary>(run_of(falling(10))), "width 32", 0}};
  const Plot loss = plot(run_of({8, 30, std::numeric_limits<double>::infinity()}), "loss");
  const auto there = read(loss, 7), before = read(loss, 1);
  ASSERT_TRUE(there && before);
  EXPECT_EQ(there->index, 7);
  EXPECT_THAT(there->lines, ElementsAre("step 7", "width 32: 1"));
  EXPECT_TRUE(there->on_drawn);
  EXPECT_THAT(before->lines, ElementsAre("step 1", "training: 30", "width 32: 4"));
}

TEST_F(TrainingPlots, TheMarkIsOnTheCurveNearestToThePointer) {
  beside_ = {{std::make_shared<const RunSummary>(run_of(falling(10))), "width 32", 0}};
  const Plot loss = plot(run_of(std::vector(10, 100.0)), "loss");
  const ChartFrame frame = loss.frame(style_, {kCorner, kSize});
  for (const double value : {100.0, 2.0}) {
    const ImVec2 pointer{frame.x_at(3), frame.y_at(value) + 3};
    const auto reading = loss.read(style_, {kCorner, kSize}, pointer);
    ASSERT_TRUE(reading);
    EXPECT_FLOAT_EQ(reading->at.y, frame.y_at(value));
  }
}

TEST_F(TrainingPlots, ThePointedStepIsSaidInEveryChart) {
  const RunSummary run = run_of(falling(10));
  guide_ = 6;
  const auto says = [&](const char* name, const char* step, const char* value) {
    const std::vector<DrawnWords> words = words_of(plot(run, name));
    EXPECT_THAT(words, Contains(Field(&DrawnWords::words, step))) << name;
    EXPECT_THAT(words, Contains(Field(&DrawnWords::words, value))) << name;
  };
  says("loss", "step 6", "1.14");
  says("accuracy", "step 5", "50 %");  // where it was looked at
  says("gradient_norm", "step 6", "2.29");
  says("learning_rate", "step 6", "0.01");
}

TEST_F(TrainingPlots, WhereThePlateHasNoRoomForAllRunsItSaysHowManyAreLeft) {
  for (int i = 0; i < 8; ++i)
    beside_.push_back(
        {std::make_shared<const RunSummary>(run_of(falling(10))), "seed " + std::to_string(i), i});
  guide_ = 4;
  const std::vector<DrawnWords> all = words_of(plot(run_of(falling(10)), "gradient_norm"));
  EXPECT_THAT(all, Contains(Field(&DrawnWords::words, "seed 7")));
  const std::vector<DrawnWords> few =
      words_of(plot(run_of(falling(10)), "gradient_norm"), {400, 170});
  EXPECT_THAT(few, Contains(Field(&DrawnWords::words, HasSubstr(" more"))));
  EXPECT_THAT(few, Not(Contains(Field(&DrawnWords::words, "seed 7"))));
}

TEST_F(TrainingPlots, LabelsOfASmallAxisDoNotLieOnOneAnother) {
  RunSummary run = run_of({900, 4400, 1800, 3100, 4200}, false);
  run.goal = 5;
  for (const ImVec2 size : {ImVec2{420, 110}, {420, 150}, {420, 200}, {420, 260}, {230, 200}}) {
    const std::vector<DrawnWords> words = words_of(plot(run, "gradient_norm"), size);
    for (std::size_t i = 0; i < words.size(); ++i)
      for (std::size_t k = 0; k < i; ++k) {
        const DrawnWords &a = words[i], &b = words[k];
        // A line's box has some room around its letters.
        constexpr float kRoom = 3;
        EXPECT_FALSE(a.low.x < b.high.x && b.low.x < a.high.x && a.low.y + kRoom < b.high.y &&
                     b.low.y + kRoom < a.high.y)
            << a.words << " lies on " << b.words << " at " << size.x << " " << size.y;
      }
    // Steps are counted.
    EXPECT_THAT(words, Not(Contains(Field(&DrawnWords::words, "0.5"))));
    EXPECT_THAT(words, Contains(Field(&DrawnWords::words, "4")));
  }
}

TEST_F(TrainingPlots, NoCurveIsSeenThroughATag) {
  const RunSummary run = run_of({3, 30, std::nan("")});
  RecordingCanvas canvas(style_, {1280, 800});
  plot(run, "loss").draw(canvas, {kCorner, kSize});
  const auto tag = std::ranges::find(canvas.texts, "nan at step 2", &DrawnWords::words);
  ASSERT_NE(tag, canvas.texts.end());
  EXPECT_TRUE(std::ranges::any_of(canvas.fills, [&](const RecordingCanvas::Fill& fill) {
    return fill.low.x <= tag->low.x && fill.high.x >= tag->high.x && fill.low.y <= tag->low.y &&
           fill.high.y >= tag->high.y && fill.color >> IM_COL32_A_SHIFT == 255;
  }));
}

TEST_F(TrainingPlots, AReadingRingsNoPlaceWhereNothingIsDrawn) {
  ImGui::Begin("window");
  const auto drawn = [&](bool on_drawn) {
    const int before = ImGui::GetWindowDrawList()->VtxBuffer.Size;
    show_reading({.at = {50, 50}, .lines = {"step 2"}, .on_drawn = on_drawn}, style_, {});
    return ImGui::GetWindowDrawList()->VtxBuffer.Size - before;
  };
  EXPECT_GT(drawn(true), 0);
  EXPECT_EQ(drawn(false), 0);
  ImGui::End();
}

TEST(EarlierRunsTest, ARepeatOfTheRecipeTakesItsPlaceAndOneWithoutTheChangesIsNamedShortly) {
  EarlierRuns earlier;
  RunSummary run = run_of(falling(10));
  earlier.keep(std::make_shared<const RunSummary>(run));
  RunSummary again = run;
  again.experiment.view.plot = "loss";
  EXPECT_TRUE(earlier.beside(again).empty());
  again.experiment.training.statistics = 5;  // draws a map and changes no curve
  EXPECT_TRUE(earlier.beside(again).empty());
  again.changes = {{5, "optimizer.lr", "0.02"}};
  ASSERT_EQ(earlier.beside(again).size(), 1u);
  EXPECT_EQ(earlier.beside(again).front().words, "without a change on its way");
}

TEST(EarlierRunsTest, AnyNumberOfNamedRunsStayAndEightOthersAndAllAreToldApart) {
  EarlierRuns earlier;
  RunSummary run = run_of(falling(10));
  for (int i = 1; i <= 30; ++i) {
    RunSummary other = run;
    other.experiment.network.seed = 100 + i;
    earlier.keep(std::make_shared<const RunSummary>(other), i % 2 == 0 ? std::to_string(i) : "");
  }
  const std::vector<BesideRun> beside = earlier.beside(run);
  EXPECT_EQ(beside.size(), 15u + 8u);
  std::set<int> looks;
  for (const BesideRun& one : beside) looks.insert(one.look);
  EXPECT_EQ(looks.size(), beside.size());
}

/// Their names leave the curves their room.
TEST_F(TrainingPlots, OfManyRunsBesideItALowLegendNamesTheNewest) {
  for (int i = 0; i < 8; ++i)
    beside_.push_back({std::make_shared<const RunSummary>(run_of(falling(10))),
                       "learning rate 0.00" + std::to_string(i) + ", optimizer adam", i});
  const Plot loss = plot(run_of(falling(10)), "loss");
  const auto drawn = [&](ImVec2 size) { return words_of(loss, size); };
  const ImVec2 low{330, 360};
  EXPECT_GT(loss.frame(style_, {kCorner, low}).high.y - loss.frame(style_, {kCorner, low}).low.y,
            low.y / 2);
  const auto named = [](int i) {
    return Contains(Field(&DrawnWords::words, HasSubstr("0.00" + std::to_string(i) + ",")));
  };
  for (const char* own : {"training", "held out"})
    EXPECT_THAT(drawn(low), Contains(Field(&DrawnWords::words, own)));
  EXPECT_THAT(drawn(low), named(7));
  EXPECT_THAT(drawn(low), Not(named(0)));
  int shown = 0;
  for (int i = 0; i < 8; ++i) shown += ::testing::Matches(named(i))(drawn(low));
  EXPECT_THAT(drawn(low),
              Contains(Field(&DrawnWords::words, "and " + std::to_string(8 - shown) + " more")));
  for (int i = 0; i < 8; ++i) EXPECT_THAT(drawn({1200, 700}), named(i));
}

TEST_F(TrainingPlots, SixteenRunsBesideItHaveALookEach) {
  for (int one = 0; one < kRunLooks; ++one)
    for (int other = 0; other < one; ++other) {
      const Stroke a = beside_stroke(one, style_), b = beside_stroke(other, style_);
      EXPECT_TRUE(a.color.x != b.color.x || a.color.y != b.color.y || a.color.z != b.color.z ||
                  a.dash.on != b.dash.on || a.dash.off != b.dash.off)
          << one << " " << other;
    }
}

TEST_F(TrainingPlots, ARunThatHasNoStepSinceItsCheckpointSaysWhereItIs) {
  RunSummary run = run_of({});
  run.steps = run.resumed_after = 12;
  EXPECT_EQ(run_sentence(run, RunState::paused),
            "After 12 of 20 steps, where its checkpoint was kept: Space lets the run go on");
  run.steps = run.resumed_after = 20;
  EXPECT_THAT(run_sentence(run, RunState::stopped), HasSubstr("more steps let it go on"));
}

TEST_F(TrainingPlots, TheConditionOfTheWeightsIsDrawnWhereItIsAskedFor) {
  RunSummary run = run_of(falling(10));
  auto history = std::make_shared<RunHistory>(*run.history);
  for (const int step : {0, 4, 8}) {
    history->condition_looks.push_back(step);
    history->largest_condition.push_back(100 + step);
    history->median_condition.push_back(10);
  }
  run.history = history;
  EXPECT_THAT(plots_of(run), Not(Contains("condition_number")));
  ViewSpec alone;
  alone.plot = "condition_number";
  std::vector<std::string> names;
  for (const FigurePlot& one :
       training_figure({std::make_shared<const RunSummary>(run), {}, alone}).plots)
    names.push_back(one.name());
  EXPECT_THAT(names, Contains("condition_number"));
  const Plot conditions = plot(run, "condition_number");
  EXPECT_THAT(words_of(conditions),
              Contains(Field(&DrawnWords::words, "Condition number of weights by step")));
  const auto at_four = read(conditions, 4);
  ASSERT_TRUE(at_four);
  EXPECT_THAT(at_four->lines, ElementsAre("step 4", "worst layer: 104", "middle layer: 10"));
  EXPECT_THAT(run_to_json(run), HasSubstr("\"condition_number\""));
}

TEST_F(TrainingPlots, ASmoothedCurveFollowsTheMeasuredOneWhichIsRead) {
  const double nan = std::nan("");
  EXPECT_THAT(smoothed(std::vector{8.0, 8.0, 8.0}, 0.9), ElementsAre(8, 8, 8));
  const std::vector<double> smooth = smoothed(std::vector{1.0, 3.0, nan, 3.0}, 0.5);
  EXPECT_DOUBLE_EQ(smooth[0], 1);
  EXPECT_DOUBLE_EQ(smooth[1], (0.25 * 1 + 0.5 * 3) / 0.75);
  EXPECT_TRUE(std::isnan(smooth[2]));
  EXPECT_DOUBLE_EQ(smooth[3], (0.125 * 1 + 0.25 * 3 + 0.5 * 3) / 0.875);
  view_.smoothing = 0.9;
  const auto there = read(plot(run_of({8, 0.5, 8, 0.5}, false), "loss"), 1);
  ASSERT_TRUE(there);
  EXPECT_DOUBLE_EQ(there->values.front().value, 0.5);
}

TEST_F(TrainingPlots, LossesAreDrawnInPowersOfTenOrLinear) {
  const RunSummary run = run_of(falling(10));
  EXPECT_DOUBLE_EQ(plot(run, "loss").frame(style_, {kCorner, kSize}).y.scaled(100), 2);
  view_.log = false;
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

TEST(RunAxisTest, AStepHasItsPlaceOnEveryAxis) {
  RunSummary run = run_of(falling(3));
  run.experiment.training.accumulation = 2;
  run.batches_per_epoch = 5;
  run.forward_flops = 10;
  run.backward_flops = 20;
  EXPECT_EQ(place_along(run, RunAxis::step, 7), 7);
  EXPECT_EQ(place_along(run, RunAxis::samples, 7), 7 * 2 * 64);
  EXPECT_DOUBLE_EQ(place_along(run, RunAxis::epoch, 7), 7 * 2 / 5.0);
  EXPECT_EQ(place_along(run, RunAxis::flops, 7), 210);
  // Of a file that tells no step's time: by the mean.
  run.seconds = 6;
  EXPECT_EQ(place_along(run, RunAxis::seconds, 2), 4);
  auto history = std::make_shared<RunHistory>(*run.history);
  history->seconds = {1, 1.5, 3};
  run.history = history;
  EXPECT_THAT(places_along(run, RunAxis::seconds, history->steps), ElementsAre(0, 1, 1.5));
  EXPECT_EQ(place_along(run, RunAxis::seconds, 3), 3);
  EXPECT_EQ(place_along(run, RunAxis::seconds, 6), 6);  // to come, by the mean
}

TEST_F(TrainingPlots, RunsOfDifferentBatchesAreComparedAtTheSameSamples) {
  RunSummary other = run_of(falling(10));
  other.experiment.data.batch = 128;
  beside_ = {{std::make_shared<const RunSummary>(other), "batch 128", 0}};
  view_.x = RunAxis::samples;
  const Plot loss = plot(run_of(falling(10)), "loss");
  EXPECT_THAT(words_of(loss), Contains(Field(&DrawnWords::words, "Loss by samples")));
  EXPECT_THAT(words_of(loss), Contains(Field(&DrawnWords::words, "samples")));
  EXPECT_GE(loss.frame(style_, {kCorner, kSize}).x.home.high, 20 * 64);
  const auto there = read(loss, 384);
  ASSERT_TRUE(there);
  EXPECT_EQ(there->index, 6);
  EXPECT_EQ(there->x, 384);
  EXPECT_THAT(there->lines, ElementsAre("384 samples, step 6", "training: 1.14", "batch 128: 2"));
}

TEST_F(TrainingPlots, ThePlateOfASmallPlotSaysItsPlaceInFull) {
  beside_ = {{std::make_shared<const RunSummary>(run_of(falling(10))), "width 32", 0}};
  view_.x = RunAxis::samples;
  guide_ = 384;
  EXPECT_THAT(words_of(plot(run_of(falling(9)), "gradient_norm"), {300, 260}),
              Contains(Field(&DrawnWords::words, "384 samples, step 6")));
}

TEST_F(TrainingPlots, WhereSamplesAreDrawnAnewThereAreNoEpochsButSteps) {
  view_.x = RunAxis::epoch;
  RunSummary run = run_of(falling(10));
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "Loss by step")));
  run.batches_per_epoch = 4;
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "Loss by epoch")));
}

TEST_F(TrainingPlots, WhatIsHeldOutHasOneLookInAllPlots) {
  const auto run = std::make_shared<const RunSummary>(run_of(falling(10)));
  const auto held_out = [&](std::string_view plot) {
    const auto quantity = std::ranges::find(run_quantities(), plot, &RunQuantity::plot);
    const std::vector<DrawnCurve> curves = drawn_curves(RunPicture{run}, *quantity, style_);
    return std::ranges::find(curves, std::string("held out"), &DrawnCurve::words)->stroke;
  };
  const Stroke loss = held_out("loss"), accuracy = held_out("accuracy");
  EXPECT_EQ(loss.mark, accuracy.mark);
  EXPECT_EQ(ink(loss.color), ink(accuracy.color));
}

TEST_F(TrainingPlots, ALearningRateThatIsChangedJumpsWhereItWasChanged) {
  RunSummary run = run_of(falling(3));
  auto history = std::make_shared<RunHistory>();
  for (int i = 0; i < 8; ++i) history->add({.step = i, .loss = 1, .lr = i < 4 ? 0.25 : 0.75});
  run.history = history;
  const Plot rate = plot(run, "learning_rate");
  const ChartFrame frame = rate.frame(style_, {kCorner, kSize});
  RecordingCanvas canvas(style_, {1280, 800});
  rate.draw(canvas, {kCorner, kSize});
  const auto point = [&](double step, double value) {
    const ImVec2 at = frame.at(step, value);
    return ::testing::AllOf(Field(&ImVec2::x, ::testing::FloatNear(at.x, 1)),
                            Field(&ImVec2::y, ::testing::FloatNear(at.y, 1)));
  };
  EXPECT_THAT(canvas.lines_drawn,
              Contains(::testing::AllOf(Contains(point(3, 0.25)), Contains(point(4, 0.25)),
                                        Contains(point(4, 0.75)))));
}

TEST(TrainingWords, TheSentenceSaysWhatTheRunDid) {
  RunSummary run = run_of(falling(20), false);
  EXPECT_EQ(run_sentence(run), "In 20 steps the loss goes from 8 to 0.4.");
  run = run_of(falling(20));
  EXPECT_EQ(run_sentence(run),
            "In 20 steps the loss goes from 8 to 0.4; 100\u00A0% of what is held out is right.");
  EXPECT_EQ(run_sentence(run_of(falling(7))),
            "After 7 of 20 steps the loss has gone from 8 to 1.14; 50\u00A0% of what is held out "
            "is right (step 5).");
  run = run_of(falling(4), false);
  EXPECT_EQ(run_sentence(run), "After 4 of 20 steps the loss has gone from 8 to 2.");
  RunSummary first = run_of(falling(1), false);
  EXPECT_EQ(run_sentence(first), "In the first of 20 steps the loss is 8.");
  EXPECT_EQ(run_sentence(first, RunState::paused),
            "Paused after the first of 20 steps: the loss is 8.");
  EXPECT_EQ(run_sentence(first, RunState::stopped),
            "Stopped after the first of 20 steps: the loss is 8.");
  first.goal = 1;
  EXPECT_EQ(run_sentence(first), "In its one step the loss is 8.");
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
  EXPECT_THAT(run_to_json(run_with_layers(2)), HasSubstr("\"linear 1\""));
  EXPECT_THAT(run_to_json(run), HasSubstr("\"accuracy\": [\n        0.25,\n        0.75\n      ]"));
}

/// A picture is called dimmed where there is one.
TEST_F(TrainingPlots, ARunThatHasTakenNoStepIsNotSaidToBeShown) {
  const std::unique_ptr<Lab> lab = make_training_lab();
  Experiment experiment;
  experiment.lab = LabName::training;
  SessionView session;
  RunSummary run;
  run.experiment = experiment;
  run.history = std::make_shared<RunHistory>();
  session.results.set(std::string(TrainingRequest::kSlot), JobResult::of(run));
  EXPECT_EQ(lab->shown(experiment, session), "");
}

}  // namespace
}  // namespace nanscope
