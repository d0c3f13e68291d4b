#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "engine/data/table.h"
#include "engine/recipe/decision_surface.h"
#include "engine/theory/prediction.h"
#include "tests/ui/drawn_runs.h"
#include "ui/labs/training/plots/layer_map.h"
#include "ui/labs/training/plots/step_layers.h"
#include "ui/labs/training/plots/surface_plot.h"

// What the Training lab draws of a run's layers and of the plane of its samples.
namespace nanscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Not;
using DrawnWords = RecordingCanvas::Words;

TEST_F(TrainingPlots, LayersAreAMapThatIsReadCellByCell) {
  const auto run = std::make_shared<const RunSummary>(run_with_layers(8));
  EXPECT_THAT(plots_of(*run), Contains("layers"));
  EXPECT_THAT(plots_of(run_of(falling(8))), Not(Contains("layers")));
  const Plot map = layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, view_, 3.0}));
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
  view_.map = LayerQuantity::update;
  const Plot updates =
      layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, view_, {}}));
  const auto none = updates.read(style_, {kCorner, kSize}, frame.at_units(2.5, 0));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->on_drawn);
  EXPECT_THAT(none->lines, Contains("Update / weights, norms: -"));
}

/// A run that died in its first steps, and what its autopsy measured of three layers.
RunSummary dead_at_once() {
  const double inf = std::numeric_limits<double>::infinity();
  RunSummary run = run_of({inf});
  Autopsy autopsy;
  autopsy.step = 0;
  LayersOfStep& step = autopsy.layers.emplace_back();
  for (const auto& [name, variance] :
       {std::pair{"linear 1", 100.0}, {"linear 2", 1e30}, {"linear 3", inf}}) {
    Statistics activation{.variance = variance, .count = 64};
    if (std::isinf(variance)) activation.positive_infs = 1;
    step.layers.push_back({name, {{"activation", activation}}, std::nullopt});
  }
  run.autopsy = std::make_shared<const Autopsy>(autopsy);
  return run;
}

TEST_F(TrainingPlots, ARunThatDiesAtOnceShowsTheLayersOfThatStepInPlaceOfEmptyCurves) {
  const RunSummary dead = dead_at_once();
  EXPECT_THAT(plots_of(dead), ElementsAre("loss", "step_layers"));
  const Figure figure = training_figure({std::make_shared<const RunSummary>(dead)});
  const FigurePlot* layers = find_plot(figure, "step_layers");
  RecordingCanvas canvas(style_, {1280, 800});
  layers->plot.draw(canvas, {kCorner, kSize});
  EXPECT_THAT(canvas.texts, Contains(Field(&DrawnWords::words,
                                           "Layers at step 0, where it stopped being finite")));
  const ChartFrame frame = layers->plot.frame(style_, {kCorner, kSize});
  const auto reads = [&](double layer) {
    const auto reading = layers->plot.read(style_, {kCorner, kSize}, {frame.x_at(layer), 300});
    return reading ? reading->table.rows : std::vector<std::vector<std::string>>();
  };
  EXPECT_THAT(reads(2), Contains(std::vector<std::string>{"activations", "1.00e+30"}));
  EXPECT_THAT(reads(3), Contains(std::vector<std::string>{"activations", "inf"}));
  EXPECT_FALSE(canvas.polygons.empty()) << "what is infinite has its mark";
  EXPECT_THAT(layers->csv(), ::testing::HasSubstr("0,linear 3,inf"));
  // The others are there for who asks, and of a run of many steps.
  ViewSpec alone;
  alone.plot = "gradient_norm";
  EXPECT_NE(find_plot(training_figure({std::make_shared<const RunSummary>(dead), {}, alone}),
                      "gradient_norm"),
            nullptr);
  const std::vector<BesideRun> beside{
      {std::make_shared<const RunSummary>(run_of(falling(10))), "width 32", 0}};
  EXPECT_NE(
      find_plot(training_figure({std::make_shared<const RunSummary>(dead), beside}), "step_layers"),
      nullptr)
      << "a run that is kept beside it has a curve: that it died is still what there is to see";
  const std::vector<BesideRun> dead_too{
      {std::make_shared<const RunSummary>(dead), "learning rate 0.1", 0}};
  EXPECT_NE(find_plot(training_figure({std::make_shared<const RunSummary>(dead), dead_too}),
                      "step_layers"),
            nullptr);
  std::vector<double> long_life = falling(12);
  long_life.push_back(NAN);
  RunSummary later = run_of(long_life);
  later.autopsy = dead.autopsy;
  EXPECT_THAT(plots_of(later), ElementsAre("loss", "accuracy", "gradient_norm", "learning_rate"));
}

TEST_F(TrainingPlots, WhileItIsSearchedWhereARunDiedAtOnceNothingElseTakesItsPlace) {
  RunSummary dead = dead_at_once();
  dead.autopsy = nullptr;
  const auto names = [](const RunPicture& picture) {
    std::vector<std::string> all;
    for (const FigurePlot& plot : training_figure(picture).plots) all.push_back(plot.name());
    return all;
  };
  RunPicture picture{.run = std::make_shared<const RunSummary>(dead), .searched = true};
  EXPECT_THAT(names(picture), ElementsAre("loss", "step_layers"));
  const Figure figure = training_figure(picture);
  EXPECT_THAT(words_of(figure.plots.back().plot),
              Contains(Field(&DrawnWords::words,
                             "Repeating its steps to find where it stopped being finite ...")));
  // Of a file nobody looks for it.
  picture.searched = false;
  EXPECT_THAT(names(picture), Not(Contains("step_layers")));
}

TEST_F(TrainingPlots, BeforeItsFirstStepARunHasAxesWithoutNumbersThatNobodyKnows) {
  RunSummary run = run_of({});
  run.experiment.data.kind = DataKind::normal;
  EXPECT_THAT(plots_of(run), ElementsAre("loss", "gradient_norm", "learning_rate"));
  run.experiment.data.kind = DataKind::digits;
  run.experiment.data.held_out = 0.2;
  EXPECT_THAT(plots_of(run), ElementsAre("loss", "accuracy", "gradient_norm", "learning_rate"));
  for (const FigurePlot& one : training_figure({std::make_shared<const RunSummary>(run)}).plots) {
    const ChartFrame frame = one.plot.frame(style_, {kCorner, kSize});
    EXPECT_EQ(frame.x.home, (Limits{0, 20})) << one.name();
    EXPECT_EQ(frame.y.ticks.at.empty(), one.name() != "accuracy") << one.name();
    EXPECT_FALSE(one.plot.read(style_, {kCorner, kSize}, frame.at_units(10, 0.5)));
    EXPECT_THAT(words_of(one.plot), Contains(Field(&DrawnWords::words, "step"))) << one.name();
  }
}

TEST_F(TrainingPlots, AllPlotsOfARunHaveOneAxisHoweverWideTheyAre) {
  for (const int goal : {7, 130, 180, 2300}) {
    RunSummary run = run_with_layers(6);
    run.goal = run.experiment.training.steps = goal;
    const auto shown = std::make_shared<const RunSummary>(run);
    std::optional<Limits> axis;
    for (float width = 220; width <= 1300; width += 90)
      for (const FigurePlot& one : training_figure({shown}).plots) {
        const ChartFrame frame = one.plot.frame(style_, {kCorner, {width, 300}});
        if (!axis) axis = frame.x.home;
        EXPECT_EQ(frame.x.home, *axis) << one.name() << " " << width << " " << goal;
        EXPECT_EQ(frame.x.lockable->home, *axis) << one.name();
      }
    EXPECT_GE(axis->high, std::min(goal, 250));
  }
}

TEST_F(TrainingPlots, ThePointedStepIsTheMiddleOfItsColumnInTheMap) {
  const auto run = std::make_shared<const RunSummary>(run_with_layers(8));
  const Plot map = layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, view_, 3.0}));
  RecordingCanvas canvas(style_, {1280, 800});
  map.draw(canvas, {kCorner, kSize});
  const float x = map.frame(style_, {kCorner, kSize}).x_at(3.5);
  EXPECT_THAT(canvas.lines_drawn,
              Contains(ElementsAre(Field(&ImVec2::x, x), Field(&ImVec2::x, x))));
}

TEST_F(TrainingPlots, TheChosenStepsLayersAreDrawnOverDepthBesideWhatTheoryPredicts) {
  RunSummary run = run_with_layers(8);
  view_.look = 5;
  EXPECT_THAT(plots_of(run), Not(Contains("step_layers")));
  const auto shown = std::make_shared<const RunSummary>(run);
  const auto names = [&] {
    std::vector<std::string> all;
    for (const FigurePlot& plot : training_figure({shown, {}, view_}).plots)
      all.push_back(plot.name());
    return all;
  };
  EXPECT_THAT(names(), Contains("step_layers"));
  const auto plot_of = [&](RunSummary one) {
    return step_layers(std::make_shared<const RunPicture>(
        RunPicture{std::make_shared<const RunSummary>(std::move(one)), {}, view_}));
  };
  const Plot plot = plot_of(run);
  EXPECT_THAT(words_of(plot), Contains(Field(&DrawnWords::words, "Layers at step 5")));
  const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
  const auto at = [&](double layer) {
    const auto read = plot.read(style_, {kCorner, kSize}, {frame.x_at(layer), frame.low.y + 9});
    return read ? read->table.rows : std::vector<std::vector<std::string>>();
  };
  EXPECT_THAT(at(1), Contains(ElementsAre("activations", "0.01")));
  EXPECT_THAT(at(2), Contains(ElementsAre("activations", "100")));
  // Of N(0,1) data the law is known, of a table it is not.
  const auto predicted = predict_signal(run.experiment.network, run.experiment.data,
                                        {.features = run.experiment.network.model.width});
  EXPECT_THAT(at(1), Contains(ElementsAre("activations at first, predicted",
                                          number_text(predicted[0].activation_variance.expected))));
  const auto why = Contains(Field(&DrawnWords::words, ::testing::HasSubstr("No theory")));
  EXPECT_THAT(words_of(plot_of(run)), Not(why));
  run.experiment.data.kind = DataKind::digits;
  EXPECT_THAT(words_of(plot_of(run)),
              Not(Contains(Field(&DrawnWords::words, "activations at first, predicted"))));
  // Why there is none is said of the weights as they were drawn.
  EXPECT_THAT(words_of(plot_of(run)), Not(why));
  view_.look = 0;
  EXPECT_THAT(
      words_of(plot_of(run)),
      Contains(Field(&DrawnWords::words, "No theory: the law of the table's rows is not known")));
  view_.look.reset();
  EXPECT_THAT(names(), Not(Contains("step_layers")));
}

TEST_F(TrainingPlots, BesideTheFirstStepsLayersStandsTheTheoryOfGradientsToo) {
  RunSummary run = run_of(falling(3));
  run.experiment.network.model = {.depth = 3, .width = 64};
  run.experiment.network.init.scheme = InitScheme::kaiming;
  auto history = std::make_shared<RunHistory>(*run.history);
  RunStep step{.step = 0};
  for (const char* name : {"linear 1", "linear 2", "linear 3", "head"})
    step.layers.push_back({name,
                           {{"activation", {.variance = 0.5, .count = 64}},
                            {"activation_grad", {.variance = 0.125, .count = 64}}},
                           std::nullopt});
  history->layers.add(step);
  run.history = history;
  view_.look = 0;
  const auto plot_of = [&](const RunSummary& one) {
    return step_layers(std::make_shared<const RunPicture>(
        RunPicture{std::make_shared<const RunSummary>(one), {}, view_}));
  };
  const Plot plot = plot_of(run);
  for (const char* words :
       {"activations, predicted, with 95 % band", "gradients, predicted from the last layer's"})
    EXPECT_THAT(words_of(plot), Contains(Field(&DrawnWords::words, words)));
  EXPECT_THAT(words_of(plot),
              Not(Contains(Field(&DrawnWords::words, ::testing::HasSubstr("No theory")))));
  // He et al. 2015: with a gain of sqrt(2) ReLU layers keep what goes back through them; the last
  // one's is what was measured.
  const ChartFrame frame = plot.frame(style_, {kCorner, kSize});
  for (const double layer : {1.0, 3.0}) {
    const auto read = plot.read(style_, {kCorner, kSize}, {frame.x_at(layer), frame.low.y + 9});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->table.rows,
                Contains(ElementsAre("gradients, predicted from the last layer's", "0.125")));
    // A table without a head has no columns that are shown.
    EXPECT_THAT(read->table.head, ElementsAre("", "variance"));
    EXPECT_EQ(read->index, layer);
  }
  run.experiment.training.dropout = 0.5;
  EXPECT_THAT(words_of(plot_of(run)),
              Contains(Field(&DrawnWords::words, "No theory: it leaves out dropout")));
}

TEST_F(TrainingPlots, EqualCellsOfALayerAreOneRectangle) {
  const auto run = std::make_shared<const RunSummary>(run_with_layers(8));
  const Plot map = layer_map(std::make_shared<const RunPicture>(RunPicture{run, {}, view_, {}}));
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
  DecisionSurface surface{
      .steps = 7, .side = 2, .low_x = -2, .high_x = 2, .low_y = -2, .high_y = 2};
  surface.classes = {0, 0, 1, DecisionSurface::kNone};
  surface.shares = {0.75f, 0.75f, 1, 0};
  surface.samples = std::make_shared<const Table>(plane_set(PlaneSet::moons, /*fp64=*/false));
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

/// A run of two layers that looked at them in each of so many steps; `spike`, in the second layer,
/// at one of them.
RunSummary run_with_spike(int steps, int at, const Statistics& spike) {
  RunSummary run = run_of(falling(10));
  auto history = std::make_shared<RunHistory>(*run.history);
  for (int i = 0; i < steps; ++i) {
    RunStep step{.step = i};
    for (const char* name : {"linear 1", "head"}) {
      const bool spikes = i == at && std::string_view(name) == "head";
      const Statistics quiet{.variance = 0.5, .count = 64};
      step.layers.push_back({name, {{"activation", spikes ? spike : quiet}}, std::nullopt});
    }
    history->layers.add(step);
  }
  run.history = history;
  run.steps = run.goal = run.experiment.training.steps = steps;
  return run;
}

TEST_F(TrainingPlots, ASpikeBetweenTheLooksOfALongRunIsSeen) {
  constexpr int kLooked = 100'000;
  std::mt19937 random(7);
  std::uniform_int_distribution<int> any_step(1, kLooked - 1);
  const Statistics large{.variance = 4096, .count = 64}, small{.variance = 1e-9, .count = 64};
  const Statistics infinite{.variance = NAN, .positive_infs = 1, .count = 64};
  for (const Statistics& spike : {large, small, infinite, large, small, infinite}) {
    const int at = any_step(random);
    const RunSummary run = run_with_spike(kLooked, at, spike);
    const LayerHistory& layers = run.history->layers;
    ASSERT_LE(layers.steps().size(), LayerHistory::kMostLooks);
    const auto behind = std::ranges::upper_bound(layers.steps(), static_cast<double>(at));
    const auto column = static_cast<std::size_t>(behind - layers.steps().begin() - 1);
    const double expected = std::isnan(spike.variance) ? INFINITY : spike.variance;
    for (std::size_t look = 0; look < layers.steps().size(); ++look) {
      const double seen = layers.extreme(LayerQuantity::activation, look, 1);
      EXPECT_EQ(seen, look == column ? expected : 0.5) << at;
      EXPECT_EQ(layers.extreme(LayerQuantity::activation, look, 0), 0.5);
    }
    const auto picture =
        std::make_shared<const RunPicture>(RunPicture{std::make_shared<const RunSummary>(run)});
    const Plot map = layer_map(picture);
    const double end = behind == layers.steps().end() ? static_cast<double>(kLooked) : *behind;
    // Also where several looks share a column of pixels, the one that stands out is drawn.
    for (const float width : {800.0f, 300.0f}) {
      const PlotPlace place{kCorner, {width, 500}};
      const ChartFrame frame = map.frame(style_, place);
      RecordingCanvas canvas(style_, {1280, 800});
      map.draw(canvas, place);
      const float x = frame.x_at((layers.steps()[column] + end) / 2);
      EXPECT_GE(std::ranges::count_if(canvas.fills,
                                      [&](const RecordingCanvas::Fill& fill) {
                                        return fill.low.y >= frame.low.y - 1 &&
                                               fill.high.y <= frame.high.y + 1 &&
                                               fill.low.x <= x + 1.5f && fill.high.x >= x - 1.5f &&
                                               fill.high.x - fill.low.x < 5;
                                      }),
                1)
          << at << " in " << width;
    }
  }
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

}  // namespace
}  // namespace nanscope
