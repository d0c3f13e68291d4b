#include "engine/experiment/numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "engine/experiment/keys.h"
#include "engine/roundoff/roundoff.h"
#include "tests/ui/has_text.h"
#include "ui/labs/check_view.h"
#include "ui/labs/numbers/data.h"
#include "ui/labs/numbers/numbers_lab.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/format_ranges.h"
#include "ui/labs/numbers/plots/number_bits_data.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/language.h"
#include "ui/text/text.h"

// What the Numbers lab shows, without a window.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Experiment with_number(const std::string& input, std::vector<std::string> formats) {
  Experiment experiment;
  experiment.numbers.input = input;
  experiment.numbers.settings.formats = std::move(formats);
  return experiment;
}

NumberBits bits_of(const std::string& input, std::vector<std::string> formats) {
  return *number_bits(with_number(input, std::move(formats)));
}

TEST(NumberBits, TellsNeighboursApartThatNoDoubleTellsApart) {
  const NumberBits third = bits_of("1/3", {"fp64"});
  // 1/3 is 0x1.5555555555555p-2 and a third of its step more.
  EXPECT_EQ(third.origin, 0x1.5555555555555p-2);
  EXPECT_NEAR(third.above_origin, std::ldexp(1.0, -54) / 3, 1e-30);
  EXPECT_LT(third.distance(0x1.5555555555555p-2), 0);
  EXPECT_GT(third.distance(0x1.5555555555556p-2), 0);
}

TEST(NumberBits, ANaNKeepsTheBitsThatWerePainted) {
  const Experiment experiment = with_number("nan", {"fp16"});
  const auto painted = number_bits(experiment, PinnedCode{"fp16", 0x7c01});
  ASSERT_TRUE(painted);
  EXPECT_EQ(painted->rows[0].encoding.code, 0x7c01u);
  // Not those of another value.
  const auto number = number_bits(with_number("1", {"fp16"}), PinnedCode{"fp16", 0x7c01});
  EXPECT_EQ(number->rows[0].encoding.code, 0x3c00u);
}

TEST(NumberBits, ATextIsNoNumberUntilItCanBeRead) {
  EXPECT_FALSE(number_bits(with_number("0.1.2", {"fp16"})));
  EXPECT_FALSE(number_bits(with_number("1", {"fp17"})));
}

TEST(NumberInput, ReadsBackAsTheSameValue) {
  const double values[] = {0.1,  -0.0,    1.5, -2.25e-3, 0x1p-1074, 0x1.fffffffffffffp1023,
                           3e20, 0x1p-24, 448, 1.0 / 3,  INFINITY,  -INFINITY};
  for (const double value : values) {
    const NumberBits number = bits_of(number_input(value), {"fp64"});
    EXPECT_EQ(number.rows[0].encoding.value, value) << number.input;
    EXPECT_EQ(std::signbit(number.rows[0].encoding.value), std::signbit(value)) << number.input;
    EXPECT_LE(number.input.size(), 24u);
  }
  EXPECT_TRUE(std::isnan(bits_of(number_input(NAN), {"fp64"}).rows[0].encoding.value));
}

TEST(NumberInput, NextPowersOfTwo) {
  EXPECT_EQ(next_power_of_two(0.1, true), 0.125);
  EXPECT_EQ(next_power_of_two(0.1, false), 0.0625);
  EXPECT_EQ(next_power_of_two(8, true), 16);
  EXPECT_EQ(next_power_of_two(8, false), 4);
  EXPECT_EQ(next_power_of_two(-3, true), -4);
  EXPECT_EQ(next_power_of_two(0, true), 0);
}

TEST(ExactText, IsCutToTheRoomAndNeverChangesADigit) {
  EXPECT_EQ(exact_text("0.0999755859375", 20), "0.0999755859375");
  EXPECT_EQ(exact_text("0.000000059604644775390625", 24), "5.9604644775390625e-8");
  EXPECT_EQ(exact_text("65504", 8), "65504");
  EXPECT_EQ(exact_text("-inf", 2), "-inf");
  const std::string cut = exact_text(exact_decimal(1.0 / 3), 20);
  EXPECT_THAT(cut, HasSubstr("..."));
  EXPECT_LE(cut.size(), 20u);
  EXPECT_EQ(cut.substr(0, 12), exact_decimal(1.0 / 3).substr(0, 12));
  // A large power of two: its first digits and its exponent.
  EXPECT_THAT(exact_text(exact_decimal(0x1p1000), 20), HasSubstr("e301"));
  EXPECT_EQ(exact_text(exact_decimal(0x1p1000), 20).substr(0, 6), "1.0715");
}

TEST(BitWords, TheFormulaHasTheNumbersPutIn) {
  const NumberBits number = bits_of("0.1", {"fp16", "int8"});
  // 0.1 in fp16: 0 01011 1001100110.
  EXPECT_EQ(formula_words(number.rows[0], 80), "(-1)^0 \u00D7 2^(11 - 15) \u00D7 1.599609375");
  const NumberBits subnormal = bits_of("2^-24*3", {"fp16"});
  EXPECT_EQ(formula_words(subnormal.rows[0], 80), "(-1)^0 \u00D7 2^(1 - 15) \u00D7 0.0029296875");
  EXPECT_EQ(formula_words(bits_of("inf", {"fp16"}).rows[0], 80), "");
}

TEST(BitWords, ABitSaysWhatItIsWorth) {
  const NumberRow row = bits_of("1.5", {"fp16"}).rows[0];
  EXPECT_THAT(bit_words(row, 9), HasSubstr("2^-1"));
  EXPECT_THAT(bit_words(row, 10), HasSubstr("worth 1 "));
  EXPECT_THAT(bit_words(row, 15), HasSubstr("sign"));
}

TEST(BitWords, ErrorsAreAgainstTheTypedNumber) {
  const NumberBits number = bits_of("0.1", {"fp16", "fp64"});
  // 0.1 - 0.0999755859375 = 2.44140625e-05, 0.4 of fp16's step 2^-14 there.
  EXPECT_THAT(error_words(number.rows[0]), HasSubstr("2.44e-05"));
  EXPECT_THAT(error_words(number.rows[0]), HasSubstr("0.4 ulp"));
  EXPECT_THAT(error_words(number.rows[1]), Not(HasSubstr("exact")));
  EXPECT_EQ(error_words(bits_of("0.5", {"fp16"}).rows[0]), "exact");
  EXPECT_EQ(error_words(bits_of("-0", {"e4m3fnuz"}).rows[0]),
            "the format has no -0: the sign is lost");
  EXPECT_EQ(error_words(bits_of("inf", {"e4m3"}).rows[0]), "the format has no infinity");
  // An error below every double is none all the same.
  EXPECT_THAT(error_words(bits_of("1 + 2^-2000", {"fp64"}).rows[0]), Not(HasSubstr("exact")));
}

TEST(BitWords, ErrorsThatFp64DoesNotHaveAreSaidAndCopiedInDigits) {
  const NumberRow huge = bits_of("1e400", {"e4m3"}).rows[0];
  EXPECT_EQ(error_words(huge), "off by 1e+400, 3.12e+398 ulp, relative 1");
  EXPECT_EQ(copied_words(huge), (std::vector<std::string>{"448", "0x7e", "1e+400", "1"}));
  const NumberRow tiny = bits_of("1e-400", {"e4m3"}).rows[0];
  EXPECT_EQ(error_words(tiny), "off by 1e-400, 5.12e-398 ulp, relative 1");
  EXPECT_EQ(copied_words(tiny), (std::vector<std::string>{"0", "0x00", "1e-400", "1"}));
  EXPECT_EQ(copied_words(bits_of("0.5", {"fp16"}).rows[0]).size(), 2u);  // exact
}

TEST(NumberLine, ShowsTheCoarsestFormatAndReachesTheFinest) {
  const NumberBits number = bits_of("1", {"fp64", "e5m2"});
  const NumberLineRange range = number_line_range(number);
  EXPECT_LT(range.narrowest, 1e-15);   // a few steps of fp64 at 1
  EXPECT_GE(range.natural, 2 * 0.25);  // both neighbours of 1 in e5m2
  EXPECT_GE(range.widest, 2);          // zero
  EXPECT_LT(range.natural, range.widest);
}

TEST(NumberLine, IsDefinedForWhateverIsTyped) {
  for (const char* typed : {"0", "-0", "inf", "nan", "1e308*1.7", "2^-1074", "1e400", "-448"}) {
    const NumberBits number = bits_of(typed, {"fp64", "fp16", "e4m3", "e8m0", "e2m1", "int8"});
    const NumberLineRange range = number_line_range(number);
    EXPECT_TRUE(std::isfinite(range.natural)) << typed;
    EXPECT_TRUE(std::isfinite(range.widest)) << typed;
    EXPECT_GT(range.narrowest, 0) << typed;
  }
}

TEST(DigitsText, HasEnoughDigitsToTellNeighboursApart) {
  EXPECT_NE(digits_text(1, 0x1p-52), digits_text(1 + 0x1p-52, 0x1p-52));
  EXPECT_NE(digits_text(448, 32), digits_text(416, 32));
  EXPECT_EQ(digits_text(-INFINITY, NAN), "-inf");
  EXPECT_EQ(digits_text(1.0 / 3, 0x1p-54), "0.3333333333333333");  // not ...331
}

TEST(FormatRanges, HasTheFormatsOfTheListAndAllAtFirst) {
  const auto formats = chosen_formats({"fp16", "e5m7", "bogus"});
  ASSERT_EQ(formats.size(), 2u);
  EXPECT_EQ(formats.back().name, "e5m7");
  const Numbers first = numbers_with_view({}, "ranges");
  EXPECT_EQ(chosen_formats(first.settings.formats).size(), number_formats().size());
}

TEST(NumbersData, AFormatARow) {
  const NumberBits number = bits_of("0.1", {"fp16", "e5m7:bias=20,no-infinity"});
  const std::string csv = bits_to_csv(number);
  EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
  EXPECT_THAT(csv, HasSubstr("0.1,fp16,0x2e66,0,11,614,0.0999755859375,normal,"));
  EXPECT_THAT(bits_to_json(number), HasSubstr("\"0x2e66\""));
  EXPECT_THAT(bits_to_json(number), HasSubstr("\"nearest_double\": 0.1,"));
  EXPECT_THAT(ranges_to_csv(number_formats()), HasSubstr("fp16,16,65504,"));
}

TEST(NumbersTexts, EveryViewAndControlHasItsWords) {
  for (const std::string_view view : numbers_views()) {
    EXPECT_TRUE(has_text("numbers.view." + std::string(view))) << view;
    EXPECT_TRUE(has_text("numbers.about." + std::string(view))) << view;
  }
  for (const Key& key : numbers_keys()) {
    EXPECT_TRUE(has_text("control." + std::string(key.name))) << key.name;
    EXPECT_TRUE(has_text("help." + std::string(key.name))) << key.name;
  }
  for (const auto& [is, name] : Names<NumberClass>::all)
    EXPECT_TRUE(has_text("numbers.class." + std::string(name))) << name;
}

/// Settings that bring each experiment's other sentences: nothing lost, everything lost, one format
/// that is no narrower than the accumulator.
std::vector<RoundoffSettings> variants(const RoundoffExperiment& experiment) {
  std::vector<RoundoffSettings> all{experiment.defaults};
  const auto with = [&](auto change) {
    RoundoffSettings settings = experiment.defaults;
    change(settings);
    if (validate_roundoff(experiment, settings)) all.push_back(settings);
  };
  for (const double value : {1.0, 0.5, 1e-30, 1e30, 1e300, 1e-300})
    with([&](RoundoffSettings& s) { s.value = value, s.formats = {"fp16"}; });
  with([](RoundoffSettings& s) { s.formats = {"fp32"}; });
  with([](RoundoffSettings& s) { s.formats = {"fp64"}, s.accumulator = "fp16"; });
  with([](RoundoffSettings& s) { s.scale = 0x1p40; });
  with([](RoundoffSettings& s) { s.addend = 1e-30; });
  with([](RoundoffSettings& s) { s.addend = 1e30; });
  with([](RoundoffSettings& s) { s.length = 48; });
  return all;
}

class RoundoffTexts : public testing::TestWithParam<std::string> {};

TEST(View, OfWhatIsNotThereIsRefusedOrLeftOut) {
  Experiment experiment;
  experiment.network.model.depth = 20;
  experiment.lab = LabName::numbers;
  experiment.view.plot = "forward_variance";  // the Signal lab's
  experiment.view.layer = 40;
  experiment.view.row = "e2m1";
  experiment.view.zoom = {{.plot = "nothing", .x = ViewRange{0, 1}}};
  EXPECT_THAT(to_string(check_view(experiment).error()), HasSubstr("add lab=signal"));
  const Experiment written = with_view_of_what_is_there(experiment);
  EXPECT_TRUE(check_view(written));
  EXPECT_EQ(written.view, ViewSpec());
  experiment.view = {.plot = "number_line", .layer = 20, .row = "bf16"};
  EXPECT_EQ(with_view_of_what_is_there(experiment), experiment);
}

TEST(NumbersLab, KnowsWhichViewsHaveAHistogram) {
  const auto lab = make_numbers_lab();
  for (const RoundoffExperiment& one : roundoff_experiments()) {
    Experiment experiment;
    experiment.numbers = numbers_with_view({}, one.name);
    const auto chart = run_roundoff(one.name, one.defaults);
    ASSERT_TRUE(chart) << one.name;
    const auto good = lab->check("roundoff_histogram", experiment);
    EXPECT_EQ(good.has_value(), !chart->histograms.empty()) << one.name;
    if (!good) {
      EXPECT_THAT(to_string(good.error()), HasSubstr("loss_scaling, quantization"));
    }
    EXPECT_TRUE(lab->check("roundoff", experiment)) << one.name;
    EXPECT_EQ(lab->check("roundoff_table", experiment).has_value(), !chart->table.empty());
  }
  Experiment bits;
  bits.numbers.view = "bits";
  EXPECT_THAT(to_string(lab->check("roundoff_histogram", bits).error()),
              HasSubstr("loss_scaling, quantization"));
}

TEST_P(RoundoffTexts, EveryKeyOfEveryChartHasAText) {
  const RoundoffExperiment& experiment = *find_roundoff_experiment(GetParam());
  EXPECT_TRUE(has_text("roundoff.explained." + GetParam()));
  for (const RoundoffSettings& settings : variants(experiment)) {
    const auto chart = run_roundoff(GetParam(), settings);
    ASSERT_TRUE(chart) << chart.error().message();
    std::set<std::string> keys{chart->x.key, chart->y.key, chart->headline.key};
    if (!chart->histograms.empty()) keys.insert({chart->histogram_x.key, "roundoff.axis.share"});
    for (const ChartCurve& curve : chart->curves) keys.insert(curve.label);
    for (const ChartMark& mark : chart->marks) keys.insert(mark.label);
    for (const ChartBars& bars : chart->histograms) keys.insert(bars.label);
    const auto add_cell = [&](const ChartCell& cell) {
      if (const auto* name = std::get_if<std::string>(&cell);
          name && name->starts_with("roundoff."))
        keys.insert(*name);
    };
    for (const ChartColumn& column : chart->table) {
      keys.insert(column.key);
      std::ranges::for_each(column.cells, add_cell);
    }
    add_cell(chart->source);
    for (const std::string& key : keys) EXPECT_TRUE(has_text(key)) << key;
    const std::string sentence = roundoff_sentence(*chart);
    EXPECT_THAT(sentence, Not(HasSubstr("{")));
    EXPECT_THAT(sentence, Not(HasSubstr("roundoff.")));
    EXPECT_TRUE(sentence.ends_with(".")) << sentence;
  }
}

std::vector<std::string> experiment_names() {
  std::vector<std::string> names;
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    names.emplace_back(experiment.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, RoundoffTexts, testing::ValuesIn(experiment_names()),
                         [](const auto& named) { return named.param; });

TEST(RoundoffWords, TheSentenceHasTheFactsPutIn) {
  const auto chart =
      run_roundoff("accumulation", find_roundoff_experiment("accumulation")->defaults);
  ASSERT_TRUE(chart);
  // 0.25: fp16's step is 2^-12 there, and 1e-4 is less than half of it.
  EXPECT_THAT(roundoff_sentence(*chart), HasSubstr("fp16 stalls at 0.25 after "));
}

TEST(RoundoffWords, WhatIsHeldInsteadDoesNotLookLikeWhatWasMeant) {
  RoundoffSettings settings = find_roundoff_experiment("decimal")->defaults;
  const auto sentence = [&](double value, std::vector<std::string> formats) {
    settings.value = value;
    settings.formats = std::move(formats);
    return roundoff_sentence(*run_roundoff("decimal", settings));
  };
  EXPECT_EQ(sentence(0.1, {"fp16"}), "0.1 is not exact in fp16, which holds 0.09998 instead.");
  EXPECT_EQ(sentence(0.5, {"fp16"}), "0.5 is exact in fp16.");
  EXPECT_EQ(sentence(0.5, {"fp16", "bf16"}), "0.5 is exact in all 2 formats.");
  EXPECT_EQ(sentence(1e-300, {"fp16"}), "Nothing of 1e-300 is left in fp16: it becomes 0.");
}

TEST(RoundoffWords, NothingIsSaidOfAFormatThatHasNoSuchNumber) {
  const auto sentence = [](const char* experiment, auto change) {
    RoundoffSettings settings = find_roundoff_experiment(experiment)->defaults;
    change(settings);
    return roundoff_sentence(*run_roundoff(experiment, settings));
  };
  EXPECT_EQ(
      sentence("absorption", [](RoundoffSettings& s) { s.addend = 1e-30, s.formats = {"fp16"}; }),
      "In fp16 1e-30 is 0: there is nothing to be added.");
  EXPECT_EQ(
      sentence("cancellation", [](RoundoffSettings& s) { s.value = 1e30, s.formats = {"fp16"}; }),
      "No format chosen has a number near x = 1e+30.");
  EXPECT_EQ(
      sentence("accumulation", [](RoundoffSettings& s) { s.addend = 1e30, s.formats = {"fp16"}; }),
      "fp16 ends at inf where the exact sum is 1e+34.");
}

TEST(RoundoffWords, CellsAreReadByPeople) {
  EXPECT_EQ(cell_words(0.25, "share"), "25 %");
  EXPECT_EQ(cell_words(2500.0, ""), "2500");
  EXPECT_EQ(cell_words(std::numeric_limits<double>::quiet_NaN(), ""), "-");
  EXPECT_EQ(cell_words(12.345, "dB"), "12.3 dB");
  EXPECT_EQ(cell_words(std::string("fp16"), ""), "fp16");
  EXPECT_EQ(cell_words(std::string("roundoff.kahan"), ""), "Kahan");
}

}  // namespace
}  // namespace nanscope
