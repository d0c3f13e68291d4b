#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"
#include "engine/optimizers/walk.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/optimizers/figure.h"
#include "ui/labs/optimizers/words.h"

// What the Optimizers lab draws and says of a plane through a run's parameters.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Experiment on_plane() {
  Experiment experiment;
  for (const auto& [key, value] : {std::pair{"lab", "optimizers"},
                                   {"optimizers.surface", "run"},
                                   {"optimizers.shown", "sgd,adam lr=0.1"},
                                   {"optimizers.x", "0.5"},
                                   {"optimizers.steps", "40"}})
    experiment = with_key(experiment, key, value).value();
  return experiment;
}

/// Of 10 x^2 + y^2 + 1, which is not finite where x is above 0.9; the run goes to (-0.8, 0.4).
Paths bowl() {
  const auto value = [](const Pair& at) {
    if (at[0] > 0.9) return std::numeric_limits<double>::quiet_NaN();
    return 10 * at[0] * at[0] + at[1] * at[1] + 1;
  };
  PathsWalk walk(paths_request(on_plane().optimizers), [&](Rounder& rounder, const Pair& at) {
    const Pair slope{20 * at[0], 2 * at[1]};
    return SurfaceLook{value(at), {{rounder(slope[0]), rounder(slope[1])}, slope}};
  });
  while (!walk.done()) walk.step();
  LossPlane plane{.directions = PlaneDirections::principal,
                  .after = 0,
                  .steps = 8,
                  .view = {-1, 1, -1, 1},
                  .side = 21,
                  .run = {{0, {0, 0}, 1}, {4, {-0.4, 0.2}, 0.5}, {8, {-0.8, 0.4}, 0.25}},
                  .share = 0.875,
                  .shares = {0.75, 0.125},
                  .lengths = {1, 1},
                  .rows = 64,
                  .parameters = 1000};
  for (int row = 0; row < plane.side; ++row)
    for (int column = 0; column < plane.side; ++column)
      plane.losses.push_back(value({column / 10.0 - 1, row / 10.0 - 1}));
  Paths paths = walk.paths();
  paths.plane = std::make_shared<const LossPlane>(std::move(plane));
  return paths;
}

class PlanePlots : public Drawing {
 protected:
  Figure figure_of(const Paths& paths) {
    return optimizers_figure(on_plane(), std::make_shared<const Paths>(paths));
  }
  std::vector<std::string> words_of(const Paths& paths, const std::string& plot) {
    RecordingCanvas canvas(style_, {900, 700});
    const Figure figure = figure_of(paths);
    find_plot(figure, plot)->plot.draw(canvas, {{0, 0}, {900, 700}});
    std::vector<std::string> words;
    for (const RecordingCanvas::Words& one : canvas.texts) words.push_back(one.words);
    return words;
  }
};

TEST(PlaneSentence, SaysWhoGetsLowestAndWhatThePlaneHolds) {
  Paths paths = bowl();
  const std::string words = paths_sentence(paths);
  EXPECT_THAT(words, HasSubstr("sgd gets lowest: loss 1 after 40 steps."));
  EXPECT_THAT(words,
              HasSubstr("The run itself comes to 0.25; the plane holds 87.5 % of its movement."));
  EXPECT_THAT(words, HasSubstr("On 4.76 % of the plane the loss is not finite."));
  LossPlane lost = *paths.plane;
  lost.steps = 20;
  lost.losses.assign(lost.losses.size(), 1);
  paths.plane = std::make_shared<const LossPlane>(lost);
  EXPECT_THAT(paths_sentence(paths),
              HasSubstr("The run's parameters are finite after step 8 and no longer at its end"));
  EXPECT_THAT(paths_sentence(paths), Not(HasSubstr("not finite")));
}

/// A run with a learning rate of 0, or whose parameters are lost in its first step.
Paths still_bowl(int steps) {
  Paths paths = bowl();
  LossPlane plane = *paths.plane;
  plane.run = {{0, {0, 0}, 1}};
  plane.steps = steps;
  plane.share = 0;
  plane.shares = {};
  paths.plane = std::make_shared<const LossPlane>(std::move(plane));
  return paths;
}

TEST(PlaneSentence, OfARunThatDoesNotMoveSaysSoAndWhatTheDirectionsAre) {
  EXPECT_THAT(paths_sentence(still_bowl(0)),
              HasSubstr("The run does not move: its loss is 1 from its start to its end. The "
                        "plane's directions are random."));
  EXPECT_THAT(paths_sentence(still_bowl(8)),
              HasSubstr("do not move up to step 0, and are no longer finite at its end."));
  EXPECT_THAT(describe_optimizers(still_bowl(0), on_plane()),
              HasSubstr("plane of random directions after step 0 of 0, as the run does not move"));
}

TEST_F(PlanePlots, OfARunThatDoesNotMoveNameNoShareOfItsMovement) {
  const auto words = words_of(still_bowl(0), "loss_surface");
  for (const char* word : {"the run, which does not move",
                           "x: random direction 1 of length 1, as the run does not move"})
    EXPECT_TRUE(std::ranges::count(words, word)) << word;
  EXPECT_TRUE(Json::parse(figure_of(still_bowl(0)).json())["plane"]["share"].is_null());
}

TEST(PlaneSentence, SettingsNameTheRunAndThePlane) {
  const std::string words = describe_optimizers(bowl(), on_plane());
  EXPECT_THAT(words, HasSubstr("principal plane after step 0 of 8"));
  EXPECT_THAT(words, HasSubstr("layers of"));
  EXPECT_THAT(paths_foot(bowl()), HasSubstr("loss measured in fp32"));
  EXPECT_THAT(paths_foot(bowl()), HasSubstr("steps computed in fp64"));
}

TEST_F(PlanePlots, ContoursSayTheirLoss) {
  // 10 x^2 + y^2 + 1 goes from 1 to 12: whole powers are named first.
  const auto words = words_of(bowl(), "loss_surface");
  EXPECT_EQ(std::ranges::count(words, "10"), 1);
  EXPECT_EQ(std::ranges::count(words, "3.16"), 1);
}

TEST_F(PlanePlots, WriteTheGridOfThePartThatIsLookedAt) {
  Paths paths = bowl();
  EXPECT_TRUE(Json::parse(figure_of(paths).json())["plane"]["zoomed"].is_null());
  LossPlane plane = *paths.plane;
  plane.zoomed = {.view = {0, 0.5, -0.25, 0.25}, .side = 2, .losses = {1, 2, 3, 4}};
  paths.plane = std::make_shared<const LossPlane>(plane);
  const Json zoomed = Json::parse(figure_of(paths).json())["plane"]["zoomed"];
  EXPECT_EQ(zoomed["x"].dump(), "[0.0,0.5]");
  EXPECT_EQ(zoomed["loss"].dump(), "[[1.0,2.0],[3.0,4.0]]");
}

TEST_F(PlanePlots, NameTheirAxesTheRunAndHowTheyWereMeasured) {
  const auto words = words_of(bowl(), "loss_surface");
  for (const char* word : {"sgd", "adam", "start", "run, step 8", "not finite",
                           "the run, projected: 87.5 % of its movement",
                           "x: principal direction 1, 75 % of the run's movement",
                           "y: principal direction 2, 12.5 % of the run's movement"})
    EXPECT_TRUE(std::ranges::count(words, word)) << word;
  EXPECT_FALSE(std::ranges::count(words, "minimum")) << "where it is nobody knows";
  EXPECT_TRUE(std::ranges::any_of(words, [](const std::string& one) {
    return one.starts_with("measured in fp32 on the 64 samples of its first step, 21 x 21");
  }));
  EXPECT_TRUE(std::ranges::any_of(words_of(bowl(), "descent"), [](const std::string& one) {
    return one.starts_with("loss measured in fp32");
  }));
}

TEST_F(PlanePlots, AreReadBetweenPointsOnThePathsAndOnTheRun) {
  const Figure figure = figure_of(bowl());
  const Plot& surface = find_plot(figure, "loss_surface")->plot;
  const PlotPlace place{{0, 0}, {900, 700}};
  const ChartFrame frame = surface.frame(style_, place);
  const auto read = [&](double x, double y) {
    return surface.read(style_, place, frame.at(x, y)).value().lines;
  };
  EXPECT_EQ(read(-0.3, -0.6)[1], "loss 2.26, between measured points");
  EXPECT_EQ(read(1, 0.5)[1], "loss nan, between measured points");
  EXPECT_EQ(read(0.5, 0)[0], "sgd, step 0");
  EXPECT_EQ(read(0.5, 0)[2], "loss 3.5");
  EXPECT_EQ(read(0.5, 0)[3], "gradient 10, 0");
  EXPECT_EQ(read(-0.8, 0.4)[0], "run, step 8");
  EXPECT_EQ(read(-0.8, 0.4)[2], "loss 0.25, of its own parameters beside the plane");
}

TEST_F(PlanePlots, WhatIsNotFiniteIsHatchedAndWhatWasNotMeasuredIsLeftOut) {
  const Figure figure = figure_of(bowl());
  SurfaceGround ground;
  RecordingCanvas canvas(style_, {900, 700});
  const ChartFrame frame =
      find_plot(figure, "loss_surface")->plot.frame(style_, {{0, 0}, {900, 700}});
  draw_surface_ground(canvas, frame, bowl(), ground);
  const auto infinite = [](double one) { return std::isinf(one); };
  EXPECT_GT(std::ranges::count_if(ground.log10, infinite), 100);
  EXPECT_NEAR(ground.low, 0, 0.01) << "log10 of the least loss";
  EXPECT_GT(ground.contours.size(), 5u) << "closer than half a power of ten";
  // The same grid seen from further away.
  ChartFrame wide = frame;
  wide.x.limits = {-3, 3};
  draw_surface_ground(canvas, wide, bowl(), ground);
  EXPECT_TRUE(std::isnan(ground.log10.front()));
}

TEST_F(PlanePlots, DataFilesHaveTheGridAndTheRun) {
  const Figure figure = figure_of(bowl());
  EXPECT_THAT(figure.csv(), HasSubstr("\nrun,8,-0.8,0.4,0.25\n"));
  const auto json = Json::parse(figure.json());
  EXPECT_EQ(json["surface"], "run");
  EXPECT_EQ(json["plane"]["loss"].size(), 21u);
  EXPECT_EQ(json["plane"]["loss"][10][10], 1.0);
  EXPECT_EQ(json["plane"]["loss"][0][20], "nan");
  EXPECT_EQ(json["plane"]["share"], 0.875);
  EXPECT_EQ(json["plane"]["run"]["step"][2], 8);
}

}  // namespace
}  // namespace nanscope
