#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/job/job.h"
#include "tests/ui/drawing.h"
#include "tests/ui/recording_canvas.h"
#include "ui/labs/costs/figure.h"
#include "ui/labs/costs/plots/napkin_plot.h"
#include "ui/labs/costs/plots/run_plots.h"
#include "ui/labs/costs/plots/transformer_plots.h"
#include "ui/labs/costs/plots/walk_plot.h"
#include "ui/labs/costs/words.h"

// What the Costs lab draws and says.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Experiment lab_with(const Pairs& keys) {
  Experiment experiment;
  experiment.lab = LabName::costs;
  experiment.network.model.depth = 4;
  experiment.network.model.width = 32;
  for (const auto& [key, value] : keys) experiment = *with_key(experiment, key, value);
  return experiment;
}

std::shared_ptr<const CostsPicture> picture_of(const Experiment& experiment) {
  JobResults results;
  for (const JobRequest& request : costs_jobs(experiment)) {
    JobContext context({}, {});
    auto result = run_job(*request.make_job(), context);
    EXPECT_TRUE(result) << to_string(result.error());
    if (result) results.set(request.slot(), *result);
  }
  return std::make_shared<const CostsPicture>(costs_picture(experiment, results));
}

std::string sentence_of(const Pairs& keys) { return costs_sentence(*picture_of(lab_with(keys))); }

const Bar& bar_named(const StackedBars& bars, const std::string& name) {
  const auto found = std::ranges::find(bars.bars, name, &Bar::name);
  EXPECT_NE(found, bars.bars.end()) << name;
  return found == bars.bars.end() ? bars.bars.front() : *found;
}

TEST(CostsWords, OfANapkinGroupDigitsAndNameWhatIsAsked) {
  const Experiment experiment = lab_with({{"costs.view", "napkin"}});
  const auto picture = picture_of(experiment);
  EXPECT_THAT(costs_sentence(*picture), Not(HasSubstr("e+")));
  const std::string of = describe_costs(experiment, *picture);
  for (const char* said : {" parameters", " tokens", "h100-sxm"}) EXPECT_THAT(of, HasSubstr(said));
  FormulaLine line;
  line.unit = "days";
  line.value = 147381.4;
  EXPECT_EQ(napkin_value(line), "147,381 days");
  line.value = 999.96;
  EXPECT_EQ(napkin_value(line), "1,000 days");
  line.value = 71.96;
  EXPECT_EQ(napkin_value(line), "71.96 days");
}

TEST(CostsBars, SayWhichPrecisionIsEmulated) {
  const Pairs keys{{"precision", "e4m3"}, {"compare", "precision=fp32"}};
  const auto picture = picture_of(lab_with(keys));
  EXPECT_EQ(memory_bars(*picture).note, "predicted by the plan, e4m3 emulated");
  EXPECT_THAT(sentence_of(keys),
              HasSubstr("e4m3 is emulated on this machine: its numbers are kept in fp32."));
  EXPECT_EQ(memory_bars(*picture_of(lab_with({}))).note, "predicted by the plan");
  EXPECT_THAT(sentence_of({}), Not(HasSubstr("emulated")));
}

TEST(CostsBars, OfMemoryAreThePlansBytes) {
  const auto picture = picture_of(lab_with({{"compare", "optimizer.kind=sgd"}}));
  const StackedBars whole = memory_bars(*picture), layers = memory_layer_bars(*picture);
  ASSERT_EQ(whole.bars.size(), 2u);
  EXPECT_EQ(whole.bars[0].total(), static_cast<double>(picture->run->plan.bytes()));
  EXPECT_EQ(whole.bars[1].total(), static_cast<double>(picture->other->plan.bytes()));
  EXPECT_LT(whole.bars[1].total(), whole.bars[0].total());
  EXPECT_EQ(whole.bars[0].name, "optimizer adam");
  double sum = 0, before = 0;
  for (const Bar& bar : layers.bars) sum += bar.total();
  for (const double total : layers.before) before += total;
  EXPECT_EQ(sum, whole.bars[0].total());
  EXPECT_EQ(before, whole.bars[1].total());
}

/// Those that layers use in turn are no layer's.
TEST(CostsBars, OfLayersHaveWhatTheyShareByItself) {
  const auto picture = picture_of(lab_with({{"batch", "256"}}));
  const StackedBars layers = memory_layer_bars(*picture);
  const Bar& shared = layers.bars.back();
  EXPECT_EQ(shared.name, "shared");
  EXPECT_GT(shared.values[4], 0);  // gradients of activations
  EXPECT_EQ(shared.values[0], 0);
  // But for the first, which reads the data, and the last ones, layers are alike.
  EXPECT_EQ(layers.bars[1].total(), layers.bars[2].total());
}

TEST(CostsBars, OfTwoTransformersStandBesideOneAnother) {
  const auto picture =
      picture_of(lab_with({{"costs.view", "transformer"},
                           {"costs.devices", "8"},
                           {"compare", "costs.zero=3; costs.architecture=tied=true"}}));
  ASSERT_TRUE(picture->other_transformer);
  const StackedBars memory = device_memory_bars(*picture);
  ASSERT_EQ(memory.bars.size(), 4u);
  EXPECT_EQ(memory.bars[0].total(), picture->transformer->estimate.memory.total());
  EXPECT_EQ(memory.bars[1].total(), picture->other_transformer->estimate.memory.total());
  EXPECT_THAT(memory.bars[1].name, HasSubstr("ZeRO 3"));
  const StackedBars parameters = parameter_bars(*picture);
  ASSERT_EQ(parameters.before.size(), parameters.bars.size());
  const Bar& head = bar_named(parameters, "head");
  EXPECT_EQ(parameters.before[static_cast<std::size_t>(&head - parameters.bars.data())], 0);
  EXPECT_THAT(costs_sentence(*picture), HasSubstr(" less."));
}

TEST(CostsSentence, OfANapkinHasTheOthersAnswer) {
  EXPECT_THAT(
      sentence_of(
          {{"costs.view", "napkin"}, {"costs.devices", "1024"}, {"compare", "costs.devices=2048"}}),
      AllOf(HasSubstr("143.9 days."), HasSubstr("With devices 2048: 71.96 days.")));
}

TEST(CostsWords, OfNotesAreTheControlsOnes) {
  EXPECT_EQ(lab_words("--length is longer, and --optimizer-bits 8 is -- left"),
            "tokens is longer, and optimizer bits 8 is -- left");
}

/// It rises through the forward pass and falls on the way back; the engine holds all of it.
TEST(CostsBars, OfTheTimelineHaveTheirPeakBetweenForwardAndBack) {
  const auto picture = picture_of(lab_with({{"batch", "512"}}));
  const StackedBars bars = memory_timeline_bars(*picture);
  ASSERT_TRUE(bars.peak);
  const double peak = bars.bars[*bars.peak].total();
  for (const Bar& bar : bars.bars) EXPECT_LE(bar.total(), peak);
  EXPECT_GT(peak, bars.bars.front().total());
  EXPECT_GT(peak, bars.bars.back().total());
  EXPECT_GE(bars.limit->value, peak);
  EXPECT_EQ(bars.limit->value, static_cast<double>(picture->run->plan.bytes()));
}

/// 6 a row and parameter is what is computed, the gradient of the input, and what is no product.
TEST(CostsBars, OfTheRuleSayWhatMakesTheDifference) {
  const auto picture =
      picture_of(lab_with({{"model.bias", "true"}, {"data.kind", "digits"}, {"batch", "16"}}));
  const StackedBars bars = flops_bars(*picture);
  const Bar& rule = bar_named(bars, "6 x parameters x samples");
  EXPECT_EQ(rule.total(), picture->run->costs.rules.flops);
  EXPECT_EQ(rule.values[4], 2.0 * 16 * 64 * 32);        // dX of (16, 64)
  EXPECT_EQ(rule.values[5], 6.0 * 16 * (5 * 32 + 10));  // biases
  EXPECT_EQ(bar_named(bars, "this run").total(), picture->run->costs.step());
}

TEST(CostsSentence, SaysWhatHoldsMost) {
  EXPECT_THAT(sentence_of({}), HasSubstr("A training step holds "));
  EXPECT_THAT(sentence_of({{"batch", "1024"}}), HasSubstr("most of it activations"));
  EXPECT_THAT(sentence_of({{"compare", "optimizer.kind=sgd"}}),
              HasSubstr("With optimizer sgd it is "));
  EXPECT_THAT(sentence_of({{"compare", "optimizer.kind=sgd"}}), HasSubstr(" less."));
  EXPECT_THAT(sentence_of({{"compare", "same"}}), HasSubstr("With B it is as much"));
}

TEST(CostsWords, OfTheSameSettingsTwiceAreAAndB) {
  const Experiment experiment = lab_with({{"compare", "same"}});
  const auto picture = picture_of(experiment);
  const StackedBars bars = memory_bars(*picture);
  EXPECT_EQ(bars.bars[0].name, "A");
  EXPECT_EQ(bars.bars[1].name, "B");
  EXPECT_THAT(describe_costs(experiment, *picture), HasSubstr("B is the same until"));
}

/// Days are no other value of a product's FLOPs.
TEST(CostsWords, AnswersToAnotherQuestionAreNotCompared) {
  const Pairs keys{
      {"costs.view", "napkin"}, {"costs.question", "product"}, {"compare", "costs.question=days"}};
  const auto picture = picture_of(lab_with(keys));
  EXPECT_FALSE(picture->other_napkin);
  const std::string words = costs_sentence(*picture);
  EXPECT_THAT(words, HasSubstr("B answers another question, \"days of a training\""));
  EXPECT_THAT(words, Not(HasSubstr("With ")));
}

TEST(CostsWords, OfAProductSayWhosePeakItIsAShareOf) {
  const Experiment experiment = lab_with({{"costs.view", "napkin"},
                                          {"costs.question", "product"},
                                          {"costs.seconds", "0.12542"},
                                          {"costs.device", "rtx-3090"},
                                          {"costs.precision", "fp32"}});
  const auto picture = picture_of(experiment);
  EXPECT_THAT(describe_costs(experiment, *picture), HasSubstr("rtx-3090"));
  EXPECT_THAT(describe_costs(experiment, *picture), HasSubstr("fp32"));
  EXPECT_EQ(napkin_answer(*picture->napkin).key, "mfu");
  EXPECT_THAT(costs_sentence(*picture), HasSubstr("bf16 and fp16 it would be 0.988."));
}

/// rmsprop reads momentum, adam does not: of adam it is not named.
TEST(CostsSentence, NamesOfOtherSettingsThoseThatAct) {
  const auto picture =
      picture_of(lab_with({{"optimizer.kind", "rmsprop"}, {"compare", "optimizer.kind=adam"}}));
  EXPECT_EQ(picture->other_words, "optimizer adam");
  EXPECT_THAT(picture->run_words, HasSubstr("optimizer rmsprop"));
}

TEST(CostsSentence, OfTotalsThatReadAlikeSaysWhatIsBetweenThem) {
  const Pairs large{{"model.width", "512"}, {"model.depth", "20"}};
  CostsPicture picture = *picture_of(lab_with(large));
  auto other = std::make_shared<RunCosts>(*picture.run);
  other->costs.memory.optimizer += 4;
  picture.other = other;
  picture.other_words = "another";
  EXPECT_THAT(costs_sentence(picture), HasSubstr(" With another it is 4 B more."));
  other->costs.memory.optimizer -= 8;
  EXPECT_THAT(costs_sentence(picture), HasSubstr(" With another it is 4 B less."));
}

TEST(CostsSentence, SaysWhetherATransformerFits) {
  EXPECT_THAT(sentence_of({{"costs.view", "transformer"}}),
              AllOf(HasSubstr("Llama 3 8B: 8.03e9 parameters"), HasSubstr("times the 80 GB")));
  EXPECT_THAT(sentence_of({{"costs.view", "transformer"}, {"costs.model", "gpt2"}}),
              HasSubstr("That fits into the 80 GB of one NVIDIA H100 SXM."));
}

TEST(CostsSentence, SaysWhatAWalkComputes) {
  const Pairs example{{"costs.view", "walk"}, {"costs.walk", "example"}};
  EXPECT_EQ(sentence_of(example), "y = x w^T takes 2 x 1 x 3 x 1 = 6 FLOPs.");
  Pairs back = example;
  back.push_back({"costs.step", "4"});
  EXPECT_THAT(sentence_of(back), HasSubstr("dx is not computed"));
  Pairs wrong = example;
  wrong.push_back({"costs.x", "1,2"});
  EXPECT_THAT(sentence_of(wrong), HasSubstr("costs.w: has 3 numbers, and costs.x has 2"));
  EXPECT_FALSE(costs_figure(lab_with(wrong), picture_of(lab_with(wrong))));
}

class CostsPlots : public Drawing {
 protected:
  std::vector<std::string> words_of(const Pairs& keys, const std::string& plot,
                                    ImVec2 size = {900, 700}) {
    const Experiment experiment = lab_with(keys);
    const auto figure = costs_figure(experiment, picture_of(experiment));
    RecordingCanvas canvas(style_, size);
    find_plot(*figure, plot)->plot.draw(canvas, {{0, 0}, size});
    std::vector<std::string> words;
    for (const RecordingCanvas::Words& one : canvas.texts) words.push_back(one.words);
    return words;
  }
};

TEST_F(CostsPlots, TheNapkinShowsEachFormulaWithItsNumbers) {
  const auto words = words_of({{"costs.view", "napkin"}, {"costs.devices", "1024"}}, "napkin");
  const auto has = [&](const char* part) {
    return std::ranges::any_of(words,
                               [&](const std::string& one) { return one.find(part) != one.npos; });
  };
  EXPECT_TRUE(has("143.9 days"));
  EXPECT_TRUE(has("days = flops_per_parameter * parameters * tokens"));
  EXPECT_TRUE(has("6 * 70e9 * 15e12 / (1024 * 989.5e12 * 0.5 * 86400)"));
}

TEST_F(CostsPlots, TheWalkHasTheNumbersOfTheExample) {
  const auto words =
      words_of({{"costs.view", "walk"}, {"costs.walk", "example"}, {"costs.step", "5"}}, "walk");
  for (const char* number : {"1", "2", "3"})
    EXPECT_GE(std::ranges::count(words, number), 2) << number;  // x, and the gradient of w
  EXPECT_TRUE(std::ranges::count(words, "dw (1, 3)"));
}

TEST_F(CostsPlots, NoFormulaOfANapkinIsCut) {
  for (const char* question : {"days", "money_buys", "largest_model", "bytes"}) {
    const Experiment experiment =
        lab_with({{"costs.view", "napkin"}, {"costs.question", question}, {"costs.price", "2"}});
    const auto figure = costs_figure(experiment, picture_of(experiment));
    const ImVec2 size{640, 560};
    RecordingCanvas canvas(style_, size);
    find_plot(*figure, "napkin")->plot.draw(canvas, {{0, 0}, size});
    for (const RecordingCanvas::Words& one : canvas.texts) {
      EXPECT_THAT(one.words, Not(HasSubstr("...")));
      EXPECT_FALSE(one.cut) << one.words;
    }
  }
}

/// A bar's parts are read where they are drawn.
TEST_F(CostsPlots, AreRead) {
  const Experiment experiment = lab_with({});
  const auto figure = costs_figure(experiment, picture_of(experiment));
  for (const char* name : {"memory", "memory_timeline", "memory_layers"}) {
    const Plot& plot = find_plot(*figure, name)->plot;
    const PlotPlace place{kCorner, kSize};
    const ChartFrame frame = plot.frame(style_, place);
    const auto reading = plot.read(
        style_, place, {(frame.low.x + frame.high.x) / 2, (frame.low.y + frame.high.y) / 2});
    ASSERT_TRUE(reading) << name;
    EXPECT_GE(reading->table.rows.size(), 4u) << name;
  }
}

TEST_F(CostsPlots, WhatStandsBehindABarEndsWithinThePlot) {
  style_ = make_style(ThemeId::projector, style_.fonts);
  apply(style_);
  const Experiment experiment = lab_with({{"costs.view", "transformer"}});
  const auto figure = costs_figure(experiment, picture_of(experiment));
  for (const char* name : {"transformer_flops", "transformer_parameters"})
    for (float width = 400; width <= 900; width += 20) {
      const ImVec2 size{width, 370};
      const Plot& plot = find_plot(*figure, name)->plot;
      RecordingCanvas canvas(style_, size);
      plot.draw(canvas, {{0, 0}, size});
      const float right = plot.frame(style_, {{0, 0}, size}).high.x;
      int shares = 0;
      for (const RecordingCanvas::Words& one : canvas.texts) {
        if (!one.words.ends_with(" %")) continue;
        ++shares;
        EXPECT_FALSE(one.cut) << name << " " << width << ": " << one.words;
        EXPECT_LT(one.high.x, right) << name << " " << width << ": " << one.words;
      }
      EXPECT_GE(shares, 5);
    }
}

/// Of a short plot in a narrow window as well: the deep network's demo, in which the peak is at the
/// end, and one in which it is in the middle.
TEST_F(CostsPlots, TheTagOfThePeakCoversNoColumnsTop) {
  for (const char* batch : {"64", "2048"})
    for (const ImVec2 size : {ImVec2{880, 190}, {640, 230}, {900, 500}}) {
      const Experiment experiment =
          lab_with({{"model.depth", "50"}, {"model.width", "256"}, {"batch", batch}});
      const auto picture = picture_of(experiment);
      const auto figure = costs_figure(experiment, picture);
      const Plot& plot = find_plot(*figure, "memory_timeline")->plot;
      RecordingCanvas canvas(style_, size);
      plot.draw(canvas, {{0, 0}, size});
      const StackedBars bars = memory_timeline_bars(*picture);
      const ChartFrame frame = plot.frame(style_, {{0, 0}, size});
      const auto tag =
          std::ranges::find(canvas.texts, bars.peak_words, &RecordingCanvas::Words::words);
      ASSERT_NE(tag, canvas.texts.end()) << size.x << " " << batch;
      EXPECT_FALSE(tag->cut);
      for (std::size_t i = 0; i < bars.bars.size(); ++i) {
        const float x = frame.x_at(static_cast<double>(i + 1));
        const float y = frame.y_at(bars.bars[i].total() / bars.unit);
        EXPECT_FALSE(tag->low.x < x && x < tag->high.x && tag->low.y < y && y < tag->high.y)
            << size.x << " " << batch << " column " << i;
      }
    }
}

/// As the legend has them, though a column is a few pixels wide.
TEST_F(CostsPlots, LifetimesAreHatchedAndPale) {
  const ImVec2 size{880, 300};
  const Experiment experiment = lab_with({{"model.depth", "50"}, {"model.width", "256"}});
  const auto picture = picture_of(experiment);
  const auto figure = costs_figure(experiment, picture);
  RecordingCanvas canvas(style_, size);
  find_plot(*figure, "memory_timeline")->plot.draw(canvas, {{0, 0}, size});
  const StackedBars bars = memory_timeline_bars(*picture);
  int columns = 0;
  for (const RecordingCanvas::Fill& fill : canvas.fills) {
    const float wide = fill.high.x - fill.low.x, high = fill.high.y - fill.low.y;
    if (wide > 8 || high < 20) continue;
    ++columns;
    EXPECT_LE(fill.color >> IM_COL32_A_SHIFT, 128u);
  }
  EXPECT_GT(columns, static_cast<int>(bars.bars.size()));
  EXPECT_GT(canvas.lines_drawn.size(), bars.bars.size());  // of the gradients' hatching
}

/// What stands behind a bar is on a plate where the line of the device's memory runs through it.
TEST_F(CostsPlots, ALimitStrikesThroughNoTotal) {
  StackedBars bars{.plot = "rows",
                   .title = "rows",
                   .note = {},
                   .axis = "memory",
                   .words = decimal_bytes,
                   .parts = {{"part", 0}},
                   .bars = {{"bar", {15.8e9}, {}}}};
  bars.unit = 1e9;
  const std::string words = decimal_bytes(15.8e9);
  for (const double limit : {16e9, 80e9}) {
    bars.limit = {limit, "device"};
    const ImVec2 size{700, 200};
    RecordingCanvas canvas(style_, size);
    bar_rows(std::make_shared<const StackedBars>(bars)).draw(canvas, {{0, 0}, size});
    const auto said = std::ranges::find(canvas.texts, words, &RecordingCanvas::Words::words);
    ASSERT_NE(said, canvas.texts.end());
    const bool plated = std::ranges::any_of(canvas.fills, [&](const RecordingCanvas::Fill& fill) {
      return fill.low.x <= said->low.x && fill.high.x >= said->high.x &&
             fill.low.y <= said->low.y + 2 && fill.high.y >= said->high.y - 2;
    });
    EXPECT_EQ(plated, limit == 16e9) << limit;
  }
}

TEST(CostsData, HaveEveryLayerAndStep) {
  const auto csv_of_view = [](const Pairs& keys) {
    const Experiment experiment = lab_with(keys);
    return costs_figure(experiment, picture_of(experiment))->csv();
  };
  EXPECT_THAT(csv_of_view({}), HasSubstr("\nlinear 1,"));
  EXPECT_THAT(csv_of_view({{"costs.view", "walk"}}), HasSubstr(",z1 = X W1^T,"));
  EXPECT_THAT(csv_of_view({{"costs.view", "napkin"}}), HasSubstr("\ndays,"));
  EXPECT_THAT(csv_of_view({{"costs.view", "transformer"}}), HasSubstr("parameters,embedding,"));
}

}  // namespace
}  // namespace nanscope
