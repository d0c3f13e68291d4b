#include "engine/roundoff/roundoff.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "charts.h"

namespace nanscope {
namespace {

using testing::defaults_of;
using ::testing::HasSubstr;
using testing::run;

void expect_well_formed(const RoundoffChart& chart) {
  EXPECT_FALSE(chart.headline.key.empty()) << chart.experiment;
  EXPECT_FALSE(chart.curves.empty()) << chart.experiment;
  for (const ChartCurve& curve : chart.curves) {
    const std::string name = chart.experiment + ' ' + curve.format + ' ' + curve.label;
    EXPECT_EQ(curve.x.size(), curve.y.size()) << name;
    EXPECT_FALSE(curve.x.empty()) << name;
    EXPECT_TRUE(std::ranges::is_sorted(curve.x)) << name;
    EXPECT_EQ(curve.evidence == Evidence::predicted, !curve.formula.empty()) << name;
    EXPECT_TRUE(curve.label.starts_with("roundoff.")) << name;
  }
  for (const ChartBars& bars : chart.histograms) {
    EXPECT_EQ(bars.edges.size(), bars.shares.size() + 1) << bars.label;
    EXPECT_TRUE(std::ranges::is_sorted(bars.edges)) << bars.label;
    double all = 0;
    for (const double share : bars.shares) all += share;
    EXPECT_NEAR(all, 1, 1e-9) << bars.label;  // sums of some 10^5 fp64 shares
  }
  for (const ChartColumn& column : chart.table)
    EXPECT_EQ(column.cells.size(), chart.table.front().cells.size())
        << chart.experiment << ' ' << column.key;
}

TEST(Roundoff, DefaultsGiveWellFormedCharts) {
  EXPECT_EQ(roundoff_experiments().size(), 13u);
  for (const RoundoffExperiment& experiment : roundoff_experiments()) {
    const RoundoffChart chart = run(experiment.name, experiment.defaults);
    EXPECT_EQ(chart.experiment, experiment.name);
    expect_well_formed(chart);
  }
}

TEST(Roundoff, TheSameSettingsGiveTheSameChart) {
  for (const RoundoffExperiment& experiment : roundoff_experiments()) {
    const RoundoffChart chart = run(experiment.name, experiment.defaults);
    EXPECT_EQ(chart_to_json(run(experiment.name, experiment.defaults)), chart_to_json(chart));
    if (!experiment.reads(RoundoffControl::seed)) continue;
    RoundoffSettings other = experiment.defaults;
    other.seed = 2;
    EXPECT_NE(chart_to_json(run(experiment.name, other)), chart_to_json(chart)) << experiment.name;
  }
}

TEST(Roundoff, SettingsThatAreNotReadChangeNothing) {
  RoundoffSettings other;
  other.value = 0.3, other.formats = {"bf16"}, other.rounding = Rounding::up;
  other.length = 33, other.addend = 0.7, other.start = 2, other.scale = 4, other.condition = 50;
  other.block = 8, other.accumulator = "fp64", other.seed = 5, other.tensor = "w";
  for (const RoundoffExperiment& experiment : roundoff_experiments()) {
    RoundoffSettings mixed = other;
    const RoundoffSettings& own = experiment.defaults;
    const auto keep = [&](RoundoffControl control, auto member) {
      if (experiment.reads(control)) mixed.*member = own.*member;
    };
    keep(RoundoffControl::value, &RoundoffSettings::value);
    keep(RoundoffControl::formats, &RoundoffSettings::formats);
    keep(RoundoffControl::rounding, &RoundoffSettings::rounding);
    keep(RoundoffControl::overflow, &RoundoffSettings::overflow);
    keep(RoundoffControl::length, &RoundoffSettings::length);
    keep(RoundoffControl::addend, &RoundoffSettings::addend);
    keep(RoundoffControl::start, &RoundoffSettings::start);
    keep(RoundoffControl::scale, &RoundoffSettings::scale);
    keep(RoundoffControl::condition, &RoundoffSettings::condition);
    keep(RoundoffControl::block, &RoundoffSettings::block);
    keep(RoundoffControl::accumulator, &RoundoffSettings::accumulator);
    keep(RoundoffControl::path, &RoundoffSettings::path);
    keep(RoundoffControl::tensor, &RoundoffSettings::tensor);
    keep(RoundoffControl::seed, &RoundoffSettings::seed);
    EXPECT_EQ(chart_to_json(run(experiment.name, mixed)), chart_to_json(run(experiment.name, own)))
        << experiment.name;
  }
}

TEST(Roundoff, EveryRoundingAndOddFormatsGiveWellFormedCharts) {
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    for (const auto& [mode, name] : Names<Rounding>::all) {
      RoundoffSettings settings = experiment.defaults;
      settings.rounding = mode;
      if (experiment.reads(RoundoffControl::formats))
        settings.formats = {"e2m1", "e5m7:no-subnormals", "e4m3fnuz", "tf32"};
      settings.length = static_cast<int>(std::min(experiment.length.high, 40.0));
      expect_well_formed(run(experiment.name, settings));
    }
}

TEST(Roundoff, BothEndsOfEveryRangeWork) {
  for (const RoundoffExperiment& experiment : roundoff_experiments())
    for (const bool high : {false, true}) {
      const auto end = [high](RoundoffRange range) { return high ? range.high : range.low; };
      RoundoffSettings settings = experiment.defaults;
      settings.value = end(kValueRange);
      settings.addend = end(kAddendRange);
      settings.start = end(kStartRange);
      settings.scale = end(kScaleRange);
      settings.condition = end(kConditionRange);
      settings.block = static_cast<int>(end(kBlockRange));
      // The longest runs take a second each under the sanitizers; a tenth walks the same paths.
      settings.length =
          static_cast<int>(high ? experiment.length.high / 10 : experiment.length.low);
      if (settings.length < experiment.length.low)
        settings.length = static_cast<int>(experiment.length.high);
      const auto chart = run_roundoff(experiment.name, settings);
      ASSERT_TRUE(chart) << experiment.name << ' ' << to_string(chart.error());
      EXPECT_FALSE(chart->headline.key.empty()) << experiment.name;
    }
}

TEST(Roundoff, ErrorsNameKeyValueAndWhatIsAllowed) {
  const auto error = [](std::string_view name, auto change) {
    RoundoffSettings settings = find_roundoff_experiment(name)->defaults;
    change(settings);
    const auto chart = run_roundoff(name, settings);
    return chart ? "no error" : to_string(chart.error());
  };
  using Settings = RoundoffSettings;
  EXPECT_EQ(error("dot", [](Settings& s) { s.length = 0; }),
            "numbers.length: 0 is not allowed; allowed are 2 to 32768.");
  EXPECT_THAT(error("condition", [](Settings& s) { s.condition = NAN; }),
              HasSubstr("condition: nan"));
  EXPECT_THAT(error("accumulation", [](Settings& s) { s.addend = -1; }), HasSubstr("addend: -1"));
  EXPECT_THAT(error("dot", [](Settings& s) { s.formats = {}; }), HasSubstr("name 1 to 8"));
  EXPECT_THAT(error("dot", [](Settings& s) { s.formats = {"bf17"}; }), HasSubstr("formats: "));
  EXPECT_THAT(error("dot", [](Settings& s) { s.formats = {"int8"}; }), HasSubstr("int8 has no"));
  EXPECT_THAT(error("dot", [](Settings& s) { s.formats = {"e8m0"}; }), HasSubstr("e8m0 has no"));
  EXPECT_THAT(error("dot", [](Settings& s) { s.accumulator = "e8m0"; }),
              HasSubstr("accumulator: "));
  EXPECT_THAT(error("quantization", [](Settings& s) { s.path = "/no/file.safetensors"; }),
              HasSubstr("/no/file.safetensors: there is no such file"));
  EXPECT_THAT(to_string(run_roundoff("dots", {}).error()), HasSubstr("there are tiny decimal"));
}

TEST(Roundoff, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  for (const std::string_view name :
       {"accumulation", "summation", "dot", "matmul", "stochastic", "loss_scaling", "condition",
        "quantization", "block_scaled"}) {
    const auto chart = run_roundoff(name, defaults_of(name), source.get_token());
    ASSERT_FALSE(chart) << name;
    EXPECT_EQ(chart.error().kind, Error::Kind::cancelled);
  }
}

TEST(Roundoff, EvidenceTellsProcessorFromSoftware) {
  const RoundoffChart chart = run("cancellation", defaults_of("cancellation"));
  EXPECT_EQ(testing::curve(chart, "fp32", "difference_error").evidence, Evidence::measured);
  EXPECT_EQ(testing::curve(chart, "fp16", "difference_error").evidence, Evidence::emulated);
  RoundoffSettings settings = defaults_of("cancellation");
  settings.rounding = Rounding::up;
  EXPECT_EQ(testing::curve(run("cancellation", settings), "fp32", "difference_error").evidence,
            Evidence::emulated);
}

TEST(ChartText, JsonHoldsTheChart) {
  const RoundoffChart chart = run("accumulation", defaults_of("accumulation"));
  const auto json = nlohmann::json::parse(chart_to_json(chart));
  EXPECT_EQ(json["schema"], "nanscope.roundoff/1");
  EXPECT_EQ(json["experiment"], "accumulation");
  EXPECT_EQ(json["headline"]["facts"]["stall"], 0.25);
  ASSERT_EQ(json["curves"].size(), chart.curves.size());
  EXPECT_EQ(json["curves"][0]["evidence"], "predicted");
  EXPECT_EQ(json["curves"][1]["y"].get<std::vector<double>>(), chart.curves[1].y);
  EXPECT_EQ(json["table"].size(), chart.table.size());
}

TEST(ChartText, JsonSpellsWhatIsNotFinite) {
  RoundoffChart chart;
  chart.curves.push_back(
      {"", "roundoff.plain", Evidence::measured, "", {1, 2, 3}, {INFINITY, -INFINITY, NAN}});
  const auto json = nlohmann::json::parse(chart_to_json(chart));
  EXPECT_EQ(json["curves"][0]["y"], nlohmann::json({"inf", "-inf", "nan"}));
}

TEST(ChartText, CsvHasALineAPoint) {
  const RoundoffChart chart = run("absorption", defaults_of("absorption"));
  const std::string csv = chart_to_csv(chart);
  std::size_t points = 0;
  for (const ChartCurve& curve : chart.curves) points += curve.x.size();
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv, '\n')), points + 1);
  EXPECT_THAT(csv, HasSubstr("\nroundoff.arrives,fp16,emulated,1024,1\n"));
}

TEST(ChartText, CsvQuotesNamesWithCommas) {
  RoundoffSettings settings = defaults_of("absorption");
  settings.formats = {"e5m7:bias=20,no-infinity", "fp16"};
  const std::string csv = chart_to_csv(run("absorption", settings));
  EXPECT_THAT(csv, HasSubstr(",\"e5m7:bias=20,no-infinity\","));
}

}  // namespace
}  // namespace nanscope
