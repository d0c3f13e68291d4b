#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "engine/recipe/networks.h"
#include "tests/ui/drawn_runs.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/labs/training/data.h"
#include "ui/labs/training/words.h"

// What the Training lab draws and says of several networks that train side by side.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using DrawnWords = RecordingCanvas::Words;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Three networks: each step's losses, of which every fifth looks at what is held out.
RunSummary networks_with(const std::vector<std::vector<double>>& losses) {
  RunSummary run;
  run.experiment.lab = LabName::training;
  run.experiment.network.networks = 3;
  run.experiment.training.steps = run.goal = 20;
  run.networks.resize(3);
  auto history = std::make_shared<RunHistory>();
  for (const std::vector<double>& each : losses) {
    std::vector<RunStep> steps;
    for (std::size_t k = 0; k < each.size(); ++k) {
      RunStep& one = steps.emplace_back(
          RunStep{.step = run.steps, .loss = each[k], .lr = 0.01, .grad_norm = 2 * each[k]});
      if (run.steps % 5 == 0) one.held_out = {.loss = each[k] + 0.5, .accuracy = 0.25 * (1.0 + k)};
      auto& fate = run.networks[k].first_nonfinite;
      if (std::isfinite(each[k]) || fate) continue;
      fate = {run.steps, NonfinitePart::loss, each[k], static_cast<int>(k)};
      if (!run.first_nonfinite) run.first_nonfinite = fate;
    }
    run.last = together(steps);
    history->add(run.last);
    ++run.steps;
  }
  run.history = history;
  return run;
}

RunSummary three_networks() {
  return networks_with({{8, 4, 6}, {4, 2, 3}, {2, 1, 1.5}, {1, 0.5, 0.75}});
}

TEST_F(TrainingPlots, OfSeveralNetworksThePointerReadsTheMedianAndTheRange) {
  const Plot loss = plot(three_networks(), "loss");
  EXPECT_THAT(read(loss, 0)->lines,
              ElementsAre("step 0", "training: 6 (4 to 8)", "held out: 6.5 (4.5 to 8.5)"));
  EXPECT_THAT(read(loss, 1)->lines, ElementsAre("step 1", "training: 3 (2 to 4)"));
  EXPECT_DOUBLE_EQ(read(loss, 1)->values.front().value, 3);  // what is copied and pinned
  EXPECT_THAT(read(plot(three_networks(), "accuracy"), 0)->lines,
              ElementsAre("step 0", "held out: 50 % (25 % to 75 %)"));
  EXPECT_THAT(read(plot(three_networks(), "learning_rate"), 0)->lines,
              ElementsAre("step 0", "learning rate: 0.01"));  // they have it in common
}

TEST_F(TrainingPlots, OfSeveralNetworksThePlotHasABandAndTheLegendNamesIt) {
  const Plot loss = plot(three_networks(), "loss");
  EXPECT_THAT(words_of(loss),
              Contains(Field(&DrawnWords::words, "median of 3 networks, smallest to largest")));
  RecordingCanvas canvas(style_, {1280, 800});
  loss.draw(canvas, {kCorner, kSize});
  const ChartFrame frame = loss.frame(style_, {kCorner, kSize});
  const auto is_edge = [&](const std::vector<double>& values) {
    return [&frame, values](const std::vector<ImVec2>& line) {
      if (line.size() != values.size()) return false;
      for (std::size_t i = 0; i < line.size(); ++i)
        if (std::abs(line[i].y - frame.y_at(values[i])) > 0.01f) return false;
      return true;
    };
  };
  EXPECT_EQ(std::ranges::count_if(canvas.lines_drawn, is_edge({8, 4, 2, 1})), 1);
  EXPECT_EQ(std::ranges::count_if(canvas.lines_drawn, is_edge({4, 2, 1, 0.5})), 1);
  EXPECT_LE(frame.y.home.low, std::log10(0.5));  // the band is inside
  EXPECT_GE(frame.y.home.high, std::log10(8));
}

/// Two fields over one another would be of neither colour.
TEST_F(TrainingPlots, WhatIsHeldOutOfSeveralNetworksHasBarsFromTheSmallestToTheLargest) {
  const RunSummary run = networks_with(
      {{8, 4, 6}, {4, 2, 3}, {4, 2, 3}, {4, 2, 3}, {4, 2, 3}, {1, 0.5, 0.75}, {1, 0.5, 0.75}});
  const Plot loss = plot(run, "loss");
  RecordingCanvas canvas(style_, {1280, 800});
  loss.draw(canvas, {kCorner, kSize});
  const ChartFrame frame = loss.frame(style_, {kCorner, kSize});
  for (const auto& [step, low, high] : {std::tuple{0, 4.5, 8.5}, {5, 1.0, 1.5}}) {
    const float x = frame.x_at(step), bottom = frame.y_at(low), top = frame.y_at(high);
    EXPECT_TRUE(std::ranges::any_of(canvas.lines_drawn, [&](const std::vector<ImVec2>& line) {
      return line.size() == 2 && std::abs(line[0].x - x) < 0.01f &&
             std::abs(line[1].x - x) < 0.01f && std::abs(line[0].y - bottom) < 0.01f &&
             std::abs(line[1].y - top) < 0.01f;
    })) << step;
  }
  EXPECT_EQ(canvas.areas, 1) << "that of the training losses";
}

/// A field of one look has no width.
TEST_F(TrainingPlots, OneLookAtWhatIsHeldOutHasABarFromTheSmallestToTheLargest) {
  const Plot accuracy = plot(networks_with({{8, 4, 6}, {4, 2, 3}}), "accuracy");
  RecordingCanvas canvas(style_, {1280, 800});
  accuracy.draw(canvas, {kCorner, kSize});
  const ChartFrame frame = accuracy.frame(style_, {kCorner, kSize});
  const float x = frame.x_at(0), bottom = frame.y_at(0.25), top = frame.y_at(0.75);
  EXPECT_TRUE(std::ranges::any_of(canvas.lines_drawn, [&](const std::vector<ImVec2>& line) {
    return line.size() == 2 && std::abs(line[0].x - x) < 0.01f && std::abs(line[1].x - x) < 0.01f &&
           std::abs(line[0].y - bottom) < 0.01f && std::abs(line[1].y - top) < 0.01f;
  }));
}

TEST_F(TrainingPlots, ConditionNumbersAreThoseOfTheChosenNetwork) {
  RunSummary run = three_networks();
  auto history = std::make_shared<RunHistory>(*run.history);
  history->add(0, {10, 2}, {{20, 3}, {40, 5}});
  history->add(3, {11, 2}, {{22, 3}, {44, 5}});
  run.history = history;
  for (const auto& [network, largest] : {std::pair{1, "10"}, {2, "20"}, {3, "40"}}) {
    view_ = {.plot = std::string(kConditionPlot), .network = network};
    const Plot drawn = plot(run, kConditionPlot);
    EXPECT_THAT(read(drawn, 0)->lines, Contains(HasSubstr(largest))) << network;
    EXPECT_THAT(words_of(drawn),
                Contains(Field(&DrawnWords::words, HasSubstr("seed " + std::to_string(network)))));
    EXPECT_THAT(conditions_to_csv(run, network - 1), HasSubstr(std::string("0,") + largest));
    EXPECT_THAT(run_to_json(run, network - 1, network - 1),
                HasSubstr("\"seed\": " + std::to_string(network)));
  }
}

TEST_F(TrainingPlots, ANarrowLegendNamesTheBandInWholeWords) {
  const std::vector<DrawnWords> words = words_of(plot(three_networks(), "loss"), {230, 200});
  EXPECT_THAT(words, Contains(Field(&DrawnWords::words, "3 networks")));
  for (const DrawnWords& one : words) EXPECT_FALSE(one.words.ends_with("...")) << one.words;
}

TEST_F(TrainingPlots, WhereTheLegendDoesNotNameTheBandTheTitleDoes) {
  for (const char* name : {"accuracy", "gradient_norm"})
    EXPECT_THAT(words_of(plot(three_networks(), name)),
                Contains(Field(&DrawnWords::words, "measured in fp32, median and range of 3")));
  EXPECT_THAT(words_of(plot(three_networks(), "learning_rate")),
              Contains(Field(&DrawnWords::words, "measured in fp32")));
}

TEST_F(TrainingPlots, WhereNetworksDieTheBandGoesOnWithThoseThatAreLeft) {
  const RunSummary run = networks_with({{8, 4, 6}, {kNaN, 2, 3}, {kNaN, 1, INFINITY}});
  const Plot loss = plot(run, "loss");
  EXPECT_THAT(read(loss, 1)->lines, ElementsAre("step 1", "training: 3 (2 to 3)"));
  EXPECT_THAT(read(loss, 2)->lines, ElementsAre("step 2", "training: inf (1 to 1)"));
  EXPECT_THAT(words_of(loss), Contains(Field(&DrawnWords::words, "seed 1: nan at step 1")));
}

TEST(TrainingWords, TheSentenceSaysOfHowManyNetworksItTells) {
  RunSummary run = three_networks();
  run.goal = run.steps;
  EXPECT_THAT(run_sentence(run),
              StartsWith("In 4 steps the loss goes from 6 to 0.75, the median of 3 networks (0.5 "
                         "to 1); 50\u00A0% (25 to 75\u00A0%) of what is held out is right."));
  run = networks_with({{8, 4, 6}, {4, kNaN, 3}, {2, kNaN, kNaN}});
  EXPECT_THAT(run_sentence(run), HasSubstr("; 2 of 3 networks are not finite, the first since "
                                           "step 1"));
  run = networks_with({{8, 4, 6}, {4, kNaN, 3}, {kNaN, kNaN, kNaN}});
  EXPECT_TRUE(run.is_lost());
  EXPECT_EQ(run_sentence(run),
            "None of the 3 networks is finite any more: the first one stopped being so at step 1, "
            "the last one at step 2.");
}

TEST(TrainingWords, AnAutopsyOfOneOfSeveralNetworksSaysItsSeed) {
  Autopsy autopsy{.kind = "linear", .layer = "linear 1", .result = {"z1[0,0]", INFINITY, "fp16"}};
  EXPECT_THAT(autopsy_sentence(autopsy), StartsWith("First not finite"));
  autopsy.seed = 12;
  EXPECT_THAT(autopsy_sentence(autopsy),
              StartsWith("Of the network with seed 12. First not finite"));
}

TEST(TrainingWords, APictureOfSeveralNetworksSaysTheirSeeds) {
  const auto foot = [](const RunSummary& run) {
    return training_figure({std::make_shared<const RunSummary>(run)}).foot;
  };
  EXPECT_THAT(foot(three_networks()), StartsWith("seeds 1 to 3"));
  EXPECT_THAT(foot(run_of(falling(3))), StartsWith("seed 1"));
  EXPECT_THAT(measured_in_one(three_networks()), EndsWith(", seed 1"));
}

TEST_F(TrainingPlots, OfSeveralNetworksOneIsChosenWhoseLayersAreShownAndNamed) {
  RunSummary run = three_networks();
  auto history = std::make_shared<RunHistory>(*run.history);
  RunStep step{.step = 0};
  const auto layers = [](double variance) {
    const Statistics activation{.variance = variance, .count = 64};
    return std::vector{LayerStatistics{"linear 1", {{"activation", activation}}, std::nullopt}};
  };
  step.layers = layers(1);
  step.others = {{.layers = layers(10)}, {.layers = layers(100)}};
  history->layers.add(step);
  for (const NetworkLook& look : step.others) {
    NetworkHistory& one = history->others.emplace_back();
    one.layers.add(0, look.layers);
  }
  run.history = history;
  const auto shown = std::make_shared<const RunSummary>(run);
  view_.look = 0;
  for (const auto& [network, seed, variance] : {std::tuple{1, "seed 1", "1"},
                                                {2, "seed 2", "10"},
                                                {3, "seed 3", "100"},
                                                {200, "seed 3", "100"}}) {
    view_.network = network;
    const Figure figure = training_figure({shown, {}, view_});
    for (const char* name : {"layers", "step_layers"}) {
      const auto found = std::ranges::find_if(
          figure.plots, [&](const FigurePlot& one) { return one.name() == name; });
      ASSERT_NE(found, figure.plots.end()) << name;
      EXPECT_THAT(words_of(found->plot),
                  Contains(Field(&DrawnWords::words, HasSubstr(fmt::format(", {}", seed)))))
          << name << " of network " << network;
      EXPECT_THAT(found->csv(), HasSubstr(fmt::format("0,linear 1,{},", variance)));
    }
    EXPECT_THAT(figure.json(), HasSubstr(fmt::format("\"seed\": {}", seed + 5)));
  }
  // A file has the first one's alone.
  run.history = three_networks().history;
  EXPECT_EQ(seen_network(run, view_), 0);
}

TEST(TrainingData, SeveralNetworksHaveTheEndsOfTheirBandsBehindTheOtherColumns) {
  const RunSummary run = networks_with({{8, 4, 6}, {4, kNaN, 3}});
  EXPECT_EQ(run_to_csv(run),
            "step,loss,lr,grad_norm,held_out_loss,accuracy,loss_low,loss_high,grad_norm_low,"
            "grad_norm_high,held_out_loss_low,held_out_loss_high,accuracy_low,accuracy_high\n"
            "0,6,0.01,12,6.5,0.5,4,8,8,16,4.5,8.5,0.25,0.75\n"
            "1,4,0.01,8,,,3,4,6,8,,,,\n");
  const std::string json = run_to_json(run);
  EXPECT_THAT(json, AllOf(HasSubstr("\"networks\""), HasSubstr("\"low\""), HasSubstr("\"seeds\"")));
}

}  // namespace
}  // namespace nanscope
