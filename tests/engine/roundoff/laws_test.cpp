#include <algorithm>
#include <cmath>

#include "charts.h"
#include "engine/roundoff/sums.h"

// What theory says holds for what was measured, over many seeds.
namespace nanscope {
namespace {

using testing::cell;
using testing::column;
using testing::curve;
using testing::defaults_of;
using testing::run;

TEST(Laws, SummationStaysWithinItsBounds) {
  RoundoffSettings settings = defaults_of("summation");
  settings.formats = {"bf16", "fp32"};
  settings.length = 1024;
  for (settings.seed = 1; settings.seed <= 20; ++settings.seed) {
    const RoundoffChart chart = run("summation", settings);
    for (const std::string& format : settings.formats)
      for (const char* order : {"forward", "pairwise", "kahan"}) {
        const ChartCurve& measured = curve(chart, format, order);
        const ChartCurve& bound = curve(chart, format, order, true);
        ASSERT_EQ(measured.x, bound.x);
        for (std::size_t i = 0; i < measured.y.size(); ++i)
          EXPECT_LE(measured.y[i], bound.y[i]) << format << order << measured.x[i];
      }
    // Pairs add up log2 n roundings instead of n.
    EXPECT_LT(curve(chart, "bf16", "pairwise").y.back(),
              curve(chart, "bf16", "forward").y.back() / 10);
  }
}

TEST(Laws, DotProductsStayWithinTheirBounds) {
  RoundoffSettings settings = defaults_of("dot");
  for (settings.seed = 1; settings.seed <= 20; ++settings.seed) {
    const RoundoffChart chart = run("dot", settings);
    for (const std::string& format : settings.formats) {
      const ChartCurve& narrow = curve(chart, format, "narrow_accumulator");
      const ChartCurve& wide = curve(chart, format, "accumulator");
      const ChartCurve& bound = curve(chart, format, "bound", true);
      const ChartCurve& probable = curve(chart, format, "probable_bound", true);
      const double u = find_format(format)->epsilon / 2;
      for (std::size_t i = 0; i < narrow.y.size(); ++i) {
        EXPECT_LE(narrow.y[i], bound.y[i]) << format << narrow.x[i];
        EXPECT_LE(wide.y[i], gamma_bound(wide.x[i], 0x1p-24)) << format << wide.x[i];
        // sqrt(n) u supposes that errors have mean 0: until sums stall, well below 1 / u terms.
        if (narrow.x[i] * u < 0.1) {
          EXPECT_LE(narrow.y[i], probable.y[i]) << format << narrow.x[i];
        }
      }
    }
  }
}

TEST(Laws, MatmulErrorIsWhatIndependentRoundingsGive) {
  RoundoffSettings settings = defaults_of("matmul");
  settings.length = 256;
  double sum_of_ratios[2] = {0, 0};
  constexpr int kSeeds = 40;
  for (settings.seed = 1; settings.seed <= kSeeds; ++settings.seed) {
    const RoundoffChart chart = run("matmul", settings);
    for (const ChartCell& share : column(chart, "of_bound").cells)
      EXPECT_LE(std::get<double>(share), 1);
    const std::string format = settings.formats.front();
    int at = 0;
    for (const char* label : {"accumulator", "narrow_accumulator"})
      sum_of_ratios[at++] +=
          curve(chart, format, label).y.back() / curve(chart, format, label, true).y.back();
  }
  // A mean over 40 runs of 64 elements is good to 1 %. The partial sums' digits are not spread
  // exactly as 1/m, which shifts the narrow one by several per cent.
  EXPECT_NEAR(sum_of_ratios[0] / kSeeds, 1, 0.05);
  EXPECT_NEAR(sum_of_ratios[1] / kSeeds, 1, 0.2);
}

TEST(Laws, StochasticRoundingHasTheExactMeanAndTheDeviationItSays) {
  RoundoffSettings settings = defaults_of("stochastic");
  settings.formats = {"bf16", "fp16", "e5m2"};
  settings.length = 4000;
  constexpr int kSeeds = 40, kRuns = 16;
  for (const std::string& format : settings.formats) {
    double mean = 0, square = 0, variance = 0, exact = 0;
    for (settings.seed = 1; settings.seed <= kSeeds; ++settings.seed) {
      const RoundoffChart chart = run("stochastic", settings);
      exact = cell(chart, {format}, "exact");
      const double error = cell(chart, {format}, "stochastic_mean") - exact;
      const double deviation = cell(chart, {format}, "standard_deviation");
      mean += error / kSeeds;
      square += error * error / kSeeds;
      variance += deviation * deviation / kRuns / kSeeds;
    }
    // 40 means of 16 runs each: 4 standard errors of their mean, and their variance within 4 times
    // sqrt(2/40) of the predicted one.
    EXPECT_LE(std::abs(mean), 4 * std::sqrt(variance / kSeeds)) << format;
    EXPECT_NEAR(square / variance, 1, 4 * std::sqrt(2.0 / kSeeds)) << format;
  }
}

TEST(Laws, StochasticRoundingPassesTheStall) {
  const RoundoffChart chart = run("stochastic", defaults_of("stochastic"));
  EXPECT_EQ(cell(chart, {"fp16"}, "nearest"), 0.25);
  EXPECT_GT(cell(chart, {"fp16"}, "stochastic_mean"), 0.9);
}

TEST(Laws, LostGradientsFollowTheirDistribution) {
  RoundoffSettings settings = defaults_of("loss_scaling");
  for (settings.seed = 1; settings.seed <= 5; ++settings.seed) {
    const RoundoffChart chart = run("loss_scaling", settings);
    for (const std::string& format : settings.formats) {
      const ChartCurve& lost = curve(chart, format, "lost");
      const ChartCurve& predicted = curve(chart, format, "lost", true);
      for (std::size_t i = 0; i < lost.y.size(); ++i) {
        // 5 standard errors of a share among 16384 draws, and one draw.
        const double p = predicted.y[i];
        EXPECT_NEAR(lost.y[i], p, 5 * std::sqrt(p * (1 - p) / 16384) + 1.0 / 16384) << format;
      }
    }
  }
}

TEST(Laws, AScaleBringsGradientsBack) {
  const RoundoffChart chart = run("loss_scaling", defaults_of("loss_scaling"));
  EXPECT_GT(cell(chart, {"fp16"}, "underflow_unscaled"), 0.2);
  EXPECT_LT(cell(chart, {"fp16"}, "underflow"), 0.001);
  EXPECT_EQ(cell(chart, {"bf16"}, "underflow_unscaled"), 0);
}

/// Slope of log y over log x by least squares, where y is in [low, high].
double slope(const ChartCurve& line, double low, double high) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < line.x.size(); ++i) {
    if (!(line.y[i] >= low && line.y[i] <= high)) continue;
    const double x = std::log(line.x[i]), y = std::log(line.y[i]);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

TEST(Laws, ForwardErrorFollowsTheConditionNumber) {
  RoundoffSettings settings = defaults_of("condition");
  double mean_slope = 0;
  constexpr int kSeeds = 20;
  for (settings.seed = 1; settings.seed <= kSeeds; ++settings.seed) {
    const RoundoffChart chart = run("condition", settings);
    // In fp64 over nine decades, from where the smallest singular value alone decides (at small
    // condition numbers its neighbours contribute as much) to where digits are left.
    mean_slope += slope(curve(chart, "fp64", "forward_error"), 1e-11, 1e-2) / kSeeds;
    for (const char* format : {"fp16", "fp32", "fp64"}) {
      const ChartCurve& measured = curve(chart, format, "forward_error");
      const double u = find_format(format)->epsilon / 2;
      for (std::size_t i = 0; i < measured.x.size(); ++i) {
        // |error| <= condition times the backward error, n u times the growth (below 10 here).
        const double bound = measured.x[i] * 10 * settings.length * u;
        if (bound < 1) {
          EXPECT_LE(measured.y[i], bound) << format << measured.x[i];
        }
      }
    }
  }
  EXPECT_NEAR(mean_slope, 1, 0.1);
}

TEST(Laws, EightBitsAreOffByAStepOverTheRootOfTwelve) {
  RoundoffSettings settings = defaults_of("quantization");
  for (settings.seed = 1; settings.seed <= 5; ++settings.seed) {
    const RoundoffChart chart = run("quantization", settings);
    // The relative deviation of a mean of n squares of uniform errors is sqrt(4/5 / n), of its root
    // half of that: n = 32768 by tensor; by channel the 3 large ones of 512 weights decide. By
    // channel the largest weight of 512 is exact.
    const auto tolerance = [](double n) { return 5 * std::sqrt(0.8 / n) / 2 + 1.0 / 512; };
    const auto ratio = [&](const char* method) {
      return cell(chart, {method}, "rms_error") / cell(chart, {method}, "predicted_rms");
    };
    EXPECT_NEAR(ratio("roundoff.absmax_tensor"), 1, tolerance(32768));
    EXPECT_NEAR(ratio("roundoff.absmax_channel"), 1, tolerance(3 * 512));
    // Smaller groups, smaller steps.
    EXPECT_GT(cell(chart, {"roundoff.absmax_channel"}, "sqnr"),
              cell(chart, {"roundoff.absmax_tensor"}, "sqnr") + 6);
    EXPECT_GT(cell(chart, {"roundoff.absmax_block"}, "sqnr"),
              cell(chart, {"roundoff.absmax_channel"}, "sqnr"));
  }
}

// The table and the plot are of the same weights.
TEST(Laws, CurvesOfBlocksGoThroughTheNumbersOfTheTable) {
  RoundoffSettings settings = defaults_of("block_scaled");
  settings.scale = std::exp2(-8);
  const RoundoffChart chart = run("block_scaled", settings);
  for (const char* format : {"e4m3", "e5m2", "e2m1"})
    for (const char* method : {"plain_cast", "block_scaled"}) {
      const ChartCurve& one = curve(chart, format, method);
      const auto at = std::ranges::find(one.x, settings.scale);
      ASSERT_NE(at, one.x.end());
      EXPECT_DOUBLE_EQ(one.y[static_cast<std::size_t>(at - one.x.begin())],
                       cell(chart, {format, std::string("roundoff.") + method}, "sqnr"))
          << format << " " << method;
    }
}

TEST(Laws, BlocksBringTheirOwnRange) {
  const RoundoffChart chart = run("block_scaled", defaults_of("block_scaled"));
  for (const char* format : {"e4m3", "e5m2", "e2m1"}) {
    const std::vector<double>& blocks = curve(chart, format, "block_scaled").y;
    // Scales are powers of two, and so are the factors: nothing changes.
    for (const double quality : blocks) EXPECT_DOUBLE_EQ(quality, blocks.front()) << format;
  }
  EXPECT_LT(curve(chart, "e4m3", "plain_cast").y.front(), 1);
  EXPECT_GT(cell(chart, {"e2m1", "roundoff.plain_cast"}, "zeros"), 0.9);
}

}  // namespace
}  // namespace nanscope
