#include <algorithm>
#include <cmath>

#include "charts.h"

// Numbers that can be derived by hand.
namespace nanscope {
namespace {

using testing::cell;
using testing::curve;
using testing::defaults_of;
using testing::fact;
using testing::run;

TEST(Facts, TinyValuesBecomeZero) {
  const RoundoffChart chart = run("tiny", defaults_of("tiny"));
  EXPECT_EQ(chart.headline.key, "roundoff.tiny.zero");
  EXPECT_EQ(*chart.fact("format"), ChartCell("fp16"));
  EXPECT_EQ(fact(chart, "smallest"), 0x1p-24);
  EXPECT_EQ(cell(chart, {"fp16"}, "result"), 0);
  EXPECT_EQ(cell(chart, {"fp32"}, "result"), 1e-8f);
  // bf16 has fp32's range.
  EXPECT_LT(cell(chart, {"bf16"}, "relative_error"), 0x1p-8);
}

TEST(Facts, HalfTheSmallestSubnormalIsTheEdge) {
  RoundoffSettings settings = defaults_of("tiny");
  settings.value = 0x1p-25;  // a tie, which goes to the even 0
  EXPECT_EQ(cell(run("tiny", settings), {"fp16"}, "result"), 0);
  settings.value = 0x1.001p-25;
  EXPECT_EQ(cell(run("tiny", settings), {"fp16"}, "result"), 0x1p-24);
  settings.rounding = Rounding::up;
  settings.value = 1e-30;
  EXPECT_EQ(cell(run("tiny", settings), {"fp16"}, "result"), 0x1p-24);
  settings.value = 1e10;
  settings.rounding = Rounding::nearest_even;
  const RoundoffChart chart = run("tiny", settings);
  EXPECT_EQ(chart.headline.key, "roundoff.tiny.overflow");
  EXPECT_EQ(fact(chart, "largest"), 65504);
}

TEST(Facts, OneHundredthIsNoBinaryFraction) {
  const RoundoffChart chart = run("decimal", defaults_of("decimal"));
  EXPECT_EQ(cell(chart, {"fp32"}, "result"), 0.01f);
  EXPECT_EQ(cell(chart, {"bf16"}, "result"), 0x1.48p-7);
  EXPECT_EQ(fact(chart, "exact"), 0);
  // 0.01 in fp64 is 0.01000000000000000020816681711721685...
  EXPECT_NEAR(cell(chart, {"fp64"}, "error"), 2.0816681711721685e-19, 1e-34);
  // 25, 50, 75 and 100 hundredths are exact, and no other.
  for (const char* format : {"fp64", "fp32", "bf16"}) {
    const std::vector<double>& errors = curve(chart, format, "rounding_error").y;
    for (const std::size_t k : {25u, 50u, 75u, 100u}) EXPECT_EQ(errors[k - 1], 0) << format << k;
    EXPECT_EQ(std::ranges::count(errors, 0.0), 4) << format;
  }
}

TEST(Facts, AQuarterIsOneInEveryFormat) {
  RoundoffSettings settings = defaults_of("decimal");
  settings.value = 0.25;
  settings.formats = {"fp64", "bf16", "e4m3"};
  const RoundoffChart chart = run("decimal", settings);
  EXPECT_EQ(chart.headline.key, "roundoff.decimal.exact");
  EXPECT_EQ(fact(chart, "exact"), 3);
}

TEST(Facts, AbsorptionOfOneStartsAtTwoToTheMantissaBitsPlusOne) {
  RoundoffSettings settings = defaults_of("absorption");
  settings.formats = {"fp64", "fp32", "tf32", "bf16", "fp16", "e4m3", "e5m2"};
  for (const double addend : {1.0, 0.125, 4.0}) {
    settings.addend = addend;
    const RoundoffChart chart = run("absorption", settings);
    for (const std::string& name : settings.formats) {
      const double expected = std::exp2(find_format(name)->mantissa_bits + 1) * addend;
      EXPECT_EQ(cell(chart, {name}, "starts"), expected) << name;
      EXPECT_EQ(cell(chart, {name}, "predicted_start"), expected) << name;
    }
  }
}

TEST(Facts, AbsorptionFollowsTheRounding) {
  RoundoffSettings settings = defaults_of("absorption");
  settings.formats = {"fp16", "bf16", "fp32"};
  for (const double addend : {1.0, 1.5, 0.3}) {
    settings.addend = addend;
    for (const Rounding mode :
         {Rounding::nearest_even, Rounding::toward_zero, Rounding::down, Rounding::up}) {
      settings.rounding = mode;
      const RoundoffChart chart = run("absorption", settings);
      for (const std::string& name : settings.formats) {
        const double measured = cell(chart, {name}, "starts");
        const double predicted = cell(chart, {name}, "predicted_start");
        if (mode == Rounding::up)
          EXPECT_TRUE(std::isnan(measured) && std::isnan(predicted)) << name;
        else
          EXPECT_EQ(measured, predicted) << name << ' ' << addend;
      }
    }
  }
  // Downward 2047 + 1 is still exact, 2048 + 1 is cut.
  settings.addend = 1;
  settings.rounding = Rounding::down;
  EXPECT_EQ(cell(run("absorption", settings), {"fp16"}, "starts"), 2048);
}

TEST(Facts, AccumulationStallsWhereHalfAnUlpExceedsTheAddend) {
  RoundoffSettings settings = defaults_of("accumulation");
  settings.formats = {"fp16", "bf16", "fp32", "fp64"};
  const RoundoffChart chart = run("accumulation", settings);
  EXPECT_EQ(chart.headline.key, "roundoff.accumulation.stalls");
  // fp16: below 0.25 an ulp is 2^-13 = 1.22e-4, and 1e-4 is more than half of it; from 0.25 on half
  // an ulp is 1.22e-4, and nothing moves. bf16 the same 8 times lower.
  EXPECT_EQ(fact(chart, "stall"), 0.25);
  EXPECT_EQ(cell(chart, {"fp16", "roundoff.plain"}, "result"), 0.25);
  EXPECT_EQ(cell(chart, {"bf16", "roundoff.plain"}, "result"), 0.03125);
  EXPECT_EQ(cell(chart, {"fp16", "roundoff.plain"}, "stalls_after"), fact(chart, "steps"));
  EXPECT_TRUE(std::isnan(cell(chart, {"fp32", "roundoff.plain"}, "stalls_after")));
  // Kahan: the exact sum of the rounded addend, 1.000166, within 2 u; the target 1 is u away.
  EXPECT_LE(cell(chart, {"fp16", "roundoff.kahan"}, "relative_error"), 3 * 0x1p-11);
  EXPECT_LE(cell(chart, {"bf16", "roundoff.kahan"}, "relative_error"), 3 * 0x1p-8);
  // A wide accumulator is off by the addend's own rounding, 1.66e-4, and by n u of fp32.
  EXPECT_NEAR(cell(chart, {"fp16", "roundoff.accumulator"}, "result"), 1.00016594, 1e4 * 0x1p-24);
  EXPECT_LE(cell(chart, {"fp64", "roundoff.plain"}, "relative_error"), 1e4 * 0x1p-53);
}

TEST(Facts, TheStallIsWhereTheCurveGoesFlat) {
  RoundoffSettings settings = defaults_of("accumulation");
  settings.formats = {"fp16"};
  const double steps = fact(run("accumulation", settings), "steps");
  settings.length = static_cast<int>(steps);
  const RoundoffChart just = run("accumulation", settings);
  EXPECT_EQ(curve(just, "fp16", "plain").y.back(), 0.25);
  settings.length -= 1;
  EXPECT_LT(curve(run("accumulation", settings), "fp16", "plain").y.back(), 0.25);
}

TEST(Facts, StochasticAccumulationIsNotCalledStalled) {
  RoundoffSettings settings = defaults_of("accumulation");
  settings.rounding = Rounding::stochastic;
  EXPECT_EQ(run("accumulation", settings).headline.key, "roundoff.accumulation.drifts");
}

TEST(Facts, CancellationLeavesMultiplesOfEpsilon) {
  const RoundoffChart chart = run("cancellation", defaults_of("cancellation"));
  EXPECT_EQ(cell(chart, {"fp16"}, "result"), 0x1p-10);
  EXPECT_EQ(cell(chart, {"bf16"}, "result"), 0);
  for (const char* format : {"fp16", "bf16", "fp32", "fp64"}) {
    const std::vector<double>& errors = curve(chart, format, "difference_error").y;
    const std::vector<double>& bounds = curve(chart, format, "bound", true).y;
    for (std::size_t i = 0; i < errors.size(); ++i)
      EXPECT_LE(errors[i], bounds[i] * (1 + 1e-9)) << format;  // the bound itself is in fp64
  }
}

}  // namespace
}  // namespace nanscope
