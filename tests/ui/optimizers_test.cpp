#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "engine/job/job.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/optimizers/figure.h"
#include "ui/labs/optimizers/plots/anatomy_plot.h"
#include "ui/labs/optimizers/words.h"

// What the Optimizers lab draws and says of paths.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Experiment experiment_of(const std::string& shown, double lr, const std::string& format = "fp64") {
  Experiment experiment;
  experiment.lab = LabName::optimizers;
  experiment.optimizers.shown = shown;
  experiment.optimizers.settings.lr = lr;
  experiment.optimizers.format = format;
  return experiment;
}

std::shared_ptr<const Paths> run(const Experiment& experiment) {
  JobContext context({}, {});
  return run_job(*paths_request(experiment.optimizers).make_job(), context)->as<Paths>();
}

std::string sentence_of(const Experiment& experiment) { return paths_sentence(*run(experiment)); }

TEST(OptimizersSentence, SaysWhyPlainDescentDiverges) {
  EXPECT_EQ(sentence_of(experiment_of("sgd", 0.05)),
            "sgd diverges at step 10: lr 0.05 is above 2/100 = 0.02.");
  Experiment decays = experiment_of("sgd", 0.05);
  decays.optimizers.settings.weight_decay = 1;
  EXPECT_THAT(sentence_of(decays), HasSubstr("lr 0.05 is above 2/(100 + 1) = 0.0198."));
  // Elsewhere no such bound is known.
  Experiment beale = experiment_of("sgd", 0.5);
  beale.optimizers = optimizers_on(beale.optimizers, SurfaceKind::beale);
  EXPECT_THAT(sentence_of(beale), Not(HasSubstr("above")));
}

TEST(OptimizersSentence, SaysWhichComesNearest) {
  const Experiment experiment = experiment_of("sgd,momentum", 0.01);
  const auto paths = run(experiment);
  const auto distance = [&](std::size_t i) {
    return std::hypot(paths->paths[i].steps.back().state.theta[0],
                      paths->paths[i].steps.back().state.theta[1]);
  };
  EXPECT_LT(distance(1), distance(0));
  EXPECT_THAT(paths_sentence(*paths), HasSubstr("momentum comes nearest: "));
  EXPECT_THAT(paths_sentence(*paths), HasSubstr(" from the minimum after 200 steps."));
}

TEST(OptimizersSentence, SaysWhichHasTheSmallestLossWhereThatIsAnotherOne) {
  Paths paths = *run(experiment_of("sgd,momentum", 0.01));
  EXPECT_THAT(paths_sentence(paths), Not(HasSubstr("smallest loss")));
  // Up the steep wall, and further along the flat floor: (x^2 + 100 y^2) / 2.
  const auto end_at = [&](std::size_t path, double x, double y) {
    PathStep& end = paths.paths[path].steps.back();
    end.state.theta = {x, y};
    end.loss = (x * x + 100 * y * y) / 2;
  };
  end_at(0, 0, 0.01);
  end_at(1, 0.05, 0);
  EXPECT_EQ(paths_sentence(paths),
            "sgd comes nearest: 0.01 from the minimum after 200 steps. momentum has the smallest "
            "loss: 0.00125.");
}

/// A distance of 0 is none that was measured: the format has no place between.
TEST(OptimizersSentence, SaysOfADistanceThatWasRoundedAwayLessThanWhatItIs) {
  Experiment exact = experiment_of("sgd", 1, "fp16");
  exact.optimizers.condition = 1;
  // fp16's smallest numbers are 2^-24 apart, in both elements.
  EXPECT_EQ(sentence_of(exact), "sgd is less than 8.43e-08 from the minimum after 200 steps.");
  exact.optimizers.shown = "sgd,momentum lr=1e-3";
  EXPECT_EQ(sentence_of(exact),
            "sgd comes nearest: less than 8.43e-08 from the minimum after 200 steps.");
  exact.optimizers = optimizers_on(exact.optimizers, SurfaceKind::rosenbrock);
  exact.optimizers.shown = "sgd lr=1e-9";
  exact.optimizers.x = exact.optimizers.y = 1;
  EXPECT_THAT(sentence_of(exact), HasSubstr("less than 0.00138 from"));  // 2^-10 sqrt(2)
}

TEST(OptimizersSentence, SaysWhichStandsStillAndWhy) {
  Experiment slow = experiment_of("sgd", 3e-5, "bf16");
  slow.optimizers.y = 1.9;
  EXPECT_THAT(sentence_of(slow), HasSubstr("bf16: sgd stands still from step "));
  EXPECT_THAT(sentence_of(slow), HasSubstr(": its update is below half an ulp."));
}

TEST(OptimizersSentence, CountsWhatItDoesNotName) {
  const std::string words = sentence_of(experiment_of("sgd,momentum,nesterov", 5));
  EXPECT_THAT(words, HasSubstr("One more diverges."));
  EXPECT_THAT(words, Not(HasSubstr("nearest")));
}

TEST(OptimizersAnatomy, SaysHowAnOperationDiffers) {
  const auto key = [](double value, double exact, bool absorbed, const char* name = "") {
    return std::string(difference_key({{name, "", {value, 0}, {absorbed, false}}, {exact, 0}}, 0));
  };
  EXPECT_EQ(key(1, 1, false), "optimizers.same");
  EXPECT_EQ(key(1, 1.001, false), "optimizers.rounded");
  EXPECT_EQ(key(1, 1.1, false), "optimizers.off");
  EXPECT_EQ(key(0, 1e-9, false), "optimizers.vanished");
  EXPECT_EQ(key(1, 1, true), "optimizers.absorbed");
  EXPECT_EQ(key(1, 1, true, "theta"), "optimizers.stays");
  EXPECT_EQ(key(std::numeric_limits<double>::infinity(), 1, false), "optimizers.nonfinite");
}

class OptimizersPlots : public Drawing {
 protected:
  /// The words of a plot of this size.
  std::vector<std::string> words_of(const Experiment& experiment, const std::string& plot,
                                    ImVec2 size = {900, 700}) {
    const Figure figure = optimizers_figure(experiment, run(experiment));
    RecordingCanvas canvas(style_, size);
    find_plot(figure, plot)->plot.draw(canvas, {{0, 0}, size});
    std::vector<std::string> words;
    for (const RecordingCanvas::Words& one : canvas.texts) words.push_back(one.words);
    return words;
  }
};

TEST_F(OptimizersPlots, EachOptimizerHasItsOwnLook) {
  std::set<std::pair<float, Mark>> looks;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const Stroke stroke = optimizer_stroke(style_, kind);
    looks.insert({stroke.color.x * 4 + stroke.color.y * 2 + stroke.color.z, stroke.mark});
  }
  EXPECT_EQ(looks.size(), Names<OptimizerKind>::all.size());
}

TEST_F(OptimizersPlots, TheSurfaceNamesItsPathsAndPlaces) {
  const auto words = words_of(experiment_of("sgd,adam lr=0.1", 0.01), "loss_surface");
  for (const char* word : {"sgd", "adam", "start", "minimum"})
    EXPECT_TRUE(std::ranges::count(words, word)) << word;
}

TEST_F(OptimizersPlots, TheLossesAloneNameTheirPaths) {
  const Experiment experiment = experiment_of("sgd,adam lr=0.1", 0.01);
  EXPECT_TRUE(std::ranges::count(words_of(experiment, "descent"), "adam"));
  EXPECT_FALSE(std::ranges::count(words_of(experiment, "descent", {900, 200}), "adam"))
      << "the surface above does";
}

/// Paths that come down to 1e-40 leave room for those that do not, and no curve is drawn beside the
/// plot area.
TEST_F(OptimizersPlots, LossesThatVanishLeaveTheChartAtAnArrow) {
  Experiment experiment = experiment_of("sgd,momentum,rmsprop lr=0.02,adam lr=0.1", 0.01);
  experiment.optimizers.steps = 1000;
  const Figure figure = optimizers_figure(experiment, run(experiment));
  const Plot& descent = find_plot(figure, "descent")->plot;
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    const Style style = make_style(theme, load_fonts());
    const PlotPlace place{{0, 0}, {900, 300}};
    const ChartFrame frame = descent.frame(style, place);
    EXPECT_GT(frame.y.home.low, -17);
    EXPECT_LT(frame.y.home.low, -14);
    RecordingCanvas canvas(style, {1280, 800});
    descent.draw(canvas, place);
    int arrows = 0;
    for (const auto& [points, color] : canvas.polygons) {
      const auto on_edge = [&](ImVec2 point) { return std::abs(point.y - frame.high.y) < 0.5f; };
      arrows += points.size() == 3 && std::ranges::count_if(points, on_edge) == 1;
    }
    EXPECT_GE(arrows, 3);
    ASSERT_FALSE(canvas.clips.empty());
    for (const ClipBox& clip : canvas.clips) EXPECT_LE(clip.high.y, frame.high.y);
  }
}

TEST_F(OptimizersPlots, TheAnatomyHasBothArithmeticsSideBySide) {
  Experiment experiment = experiment_of("adam", 0.1, "fp16");
  experiment.optimizers.watched = OptimizerKind::adam;
  const auto words = words_of(experiment, "anatomy");
  for (const char* word : {"in fp16", "exact", "adds nothing", "adam, step 1, x"})
    EXPECT_TRUE(std::ranges::count(words, word)) << word;
}

TEST_F(OptimizersPlots, ReadLossesAndSteps) {
  const Experiment experiment = experiment_of("sgd", 0.01);
  const Figure figure = optimizers_figure(experiment, run(experiment));
  const Plot& surface = find_plot(figure, "loss_surface")->plot;
  const PlotPlace place{{0, 0}, {900, 700}};
  const ChartFrame frame = surface.frame(style_, place);
  const auto there = surface.read(style_, place, frame.at(1, 0.5));
  ASSERT_TRUE(there);
  EXPECT_EQ(there->lines[0], "x 1, y 0.5");
  EXPECT_EQ(there->lines[1], "loss 13");
  EXPECT_EQ(there->lines[2], "gradient 1, 50");
  const auto start = surface.read(style_, place, frame.at(-4, 1));
  ASSERT_TRUE(start);
  EXPECT_EQ(start->lines[0], "sgd, step 0");
  EXPECT_EQ(surface.handle(style_, place).x, frame.at(-4, 1).x);
  const Plot& descent = find_plot(figure, "descent")->plot;
  const ChartFrame losses = descent.frame(style_, place);
  const auto step = descent.read(style_, place, losses.at(100, 10));
  ASSERT_TRUE(step);
  EXPECT_EQ(step->index, 100);
  EXPECT_THAT(step->lines[1], HasSubstr("sgd: "));
}

TEST_F(OptimizersPlots, DataFilesHaveEveryStep) {
  const Experiment experiment = experiment_of("sgd,adam lr=0.1", 0.01);
  const Figure figure = optimizers_figure(experiment, run(experiment));
  const std::string csv = figure.csv();
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 201);
  EXPECT_THAT(csv, HasSubstr("optimizer,lr,step,x,y,loss\nsgd,0.01,0,-4,1,58\n"));
  EXPECT_THAT(figure.json(), HasSubstr("\"surface\": \"quadratic\""));
}

}  // namespace
}  // namespace nanscope
