#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/recipe/decision_surface.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/earlier_runs.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/plots/layer_map.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_curves.h"
#include "ui/labs/training/plots/run_plot.h"
#include "ui/labs/training/plots/surface_plot.h"
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
      run.first_nonfinite = {step.step, NonfinitePart::loss, step.loss};
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

/// Which looked at two layers in its first steps.
RunSummary run_with_layers(int steps) {
  RunSummary run = run_of(falling(steps));
  auto history = std::make_shared<RunHistory>(*run.history);
  for (int i = 0; i < steps; ++i) {
    RunStep step{.step = i};
    for (const char* name : {"linear 1", "head"}) {
      const bool head = std::string_view(name) == "head";
      Statistics activation{.variance = head ? 100.0 : 0.01, .count = 64};
      if (head && i == steps - 1) activation = {.variance = NAN, .positive_infs = 1, .count = 64};
      step.layers.push_back({name, {{"activation", activation}}, std::nullopt});
      if (head) step.layers.back().update_ratio = 1e-3;
    }
    history->layers.add(step);
  }
  run.history = history;
  return run;
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
  std::optional<double> guide_;
  Plot plot(const RunSummary& run, std::string_view name) const {
    for (const RunQuantity& quantity : run_quantities())
      if (quantity.plot == name)
        return run_plot(std::make_shared<const RunPicture>(RunPicture{
                            std::make_shared<const RunSummary>(run), beside_, "", look_, guide_}),
                        quantity);
    return {};
  }
  std::vector<DrawnWords> words_of(const Plot& plot, ImVec2 size = kSize) const {
    RecordingCanvas canvas(style_, {1280, 800});
    plot.draw(canvas, {kCorner, size});
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
  EXPECT_EQ(earlier.beside(again).front().words, "unchanged");
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
  look_.along = RunAxis::samples;
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
  look_.along = RunAxis::samples;
  guide_ = 384;
  EXPECT_THAT(words_of(plot(run_of(falling(9)), "gradient_norm"), {300, 260}),
              Contains(Field(&DrawnWords::words, "384 samples, step 6")));
}

TEST_F(TrainingPlots, WhereSamplesAreDrawnAnewThereAreNoEpochsButSteps) {
  look_.along = RunAxis::epoch;
  RunSummary run = run_of(falling(10));
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "Loss by step")));
  run.batches_per_epoch = 4;
  EXPECT_THAT(words_of(plot(run, "loss")), Contains(Field(&DrawnWords::words, "Loss by epoch")));
}

TEST_F(TrainingPlots, LayersAreAMapThatIsReadCellByCell) {
  const auto run = std::make_shared<const RunSummary>(run_with_layers(8));
  EXPECT_THAT(plots_of(*run), Contains("layers"));
  EXPECT_THAT(plots_of(run_of(falling(8))), Not(Contains("layers")));
  const Plot map =
      layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, "", look_, 3.0}));
  RecordingCanvas canvas(style_, {1280, 800});
  map.draw(canvas, {kCorner, kSize});
  for (const char* words : {"Variance of activations", "linear 1", "head", "inf or nan"})
    EXPECT_THAT(canvas.texts, Contains(Field(&DrawnWords::words, words)));
  const ChartFrame frame = map.frame(style_, {kCorner, kSize});
  const auto at = [&](double x, double y) {
    const auto reading = map.read(style_, {kCorner, kSize}, frame.at_units(x, y));
    return reading ? reading->lines : std::vector<std::string>();
  };
  EXPECT_THAT(at(2.5, 0), ElementsAre("step 2", "linear 1", "Variance of activations: 0.01"));
  EXPECT_THAT(at(2.5, 1), ElementsAre("step 2", "head", "Variance of activations: 100"));
  EXPECT_THAT(at(7.5, 1), ElementsAre("step 7", "head", "Variance of activations: inf"));
  EXPECT_THAT(at(12, 1), ElementsAre());
  look_.layers = LayerQuantity::update;
  const Plot updates =
      layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, "", look_, {}}));
  const auto none = updates.read(style_, {kCorner, kSize}, frame.at_units(2.5, 0));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->on_drawn);
  EXPECT_THAT(none->lines, Contains("Update / weights, norms: -"));
}

TEST_F(TrainingPlots, EqualCellsOfALayerAreOneRectangle) {
  const auto run = std::make_shared<const RunSummary>(run_with_layers(8));
  const Plot map =
      layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, "", look_, {}}));
  const ChartFrame frame = map.frame(style_, {kCorner, kSize});
  RecordingCanvas canvas(style_, {1280, 800});
  map.draw(canvas, {kCorner, kSize});
  const auto cells = std::ranges::count_if(canvas.fills, [&](const RecordingCanvas::Fill& fill) {
    return fill.low.y >= frame.low.y - 1 && fill.high.y <= frame.high.y + 1;
  });
  EXPECT_EQ(cells, 3);  // one layer's, and of the other the finite ones and the last
}

TEST_F(TrainingPlots, ThePlaneIsTintedByClassAndReadCellByCell) {
  RunSummary run = run_of(falling(10));
  run.experiment.data.kind = DataKind::moons;
  DecisionSurface surface{
      .steps = 7, .side = 2, .low_x = -2, .high_x = 2, .low_y = -2, .high_y = 2};
  surface.classes = {0, 0, 1, DecisionSurface::kNone};
  surface.shares = {0.75f, 0.75f, 1, 0};
  run.surface = std::make_shared<const DecisionSurface>(surface);
  EXPECT_THAT(plots_of(run), ElementsAre("loss", "decision_surface", "accuracy", "gradient_norm",
                                         "learning_rate"));
  const Plot plane = surface_plot(
      std::make_shared<const RunPicture>(RunPicture{std::make_shared<const RunSummary>(run)}));
  RecordingCanvas canvas(style_, {1280, 800});
  plane.draw(canvas, {kCorner, kSize});
  for (const char* words : {"Decision surface", "after 7 steps", "class 0", "class 1"})
    EXPECT_THAT(canvas.texts, Contains(Field(&DrawnWords::words, words)));
  const ChartFrame frame = plane.frame(style_, {kCorner, kSize});
  const float middle = frame.x_at(0);
  // The lower row is one rectangle, and of the upper one a cell is hatched.
  EXPECT_EQ(std::ranges::count_if(canvas.fills,
                                  [&](const RecordingCanvas::Fill& fill) {
                                    return fill.low.x == frame.low.x && fill.high.x == frame.high.x;
                                  }),
            1);
  EXPECT_EQ(std::ranges::count_if(canvas.fills,
                                  [&](const RecordingCanvas::Fill& fill) {
                                    return fill.low.x == frame.low.x &&
                                           fill.high.x == std::round(middle);
                                  }),
            1);
  const auto at = [&](double x, double y) {
    return plane.read(style_, {kCorner, kSize}, frame.at_units(x, y))->lines.back();
  };
  EXPECT_EQ(at(1, -1), "class 0, softmax 75 %");
  EXPECT_EQ(at(-1, 1), "class 1, softmax 100 %");
  EXPECT_EQ(at(1, 1), "no finite score");
}

TEST(LayerHistoryTest, ALongRunKeepsEverySecondLook) {
  LayerHistory history;
  const std::size_t count = 3 * LayerHistory::kMostLooks;
  for (std::size_t i = 0; i < count; ++i) {
    RunStep step{.step = static_cast<std::int64_t>(10 * i)};
    step.layers.push_back({.name = "linear 1", .update_ratio = static_cast<double>(i)});
    history.add(step);
  }
  ASSERT_EQ(history.steps().size(), count / 4);
  for (std::size_t look = 0; look < history.steps().size(); ++look) {
    EXPECT_EQ(history.steps()[look], static_cast<double>(40 * look));
    EXPECT_EQ(history.value(LayerQuantity::update, look, 0), static_cast<double>(4 * look));
    EXPECT_EQ(history.value(LayerQuantity::weight, look, 0), LayerHistory::kNone);
  }
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
  EXPECT_THAT(run_to_json(run_with_layers(2)), HasSubstr("\"linear 1\""));
  EXPECT_THAT(run_to_json(run), HasSubstr("\"accuracy\": [\n        0.25,\n        0.75\n      ]"));
}

}  // namespace
}  // namespace nanscope
