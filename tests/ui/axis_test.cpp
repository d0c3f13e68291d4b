#include "ui/charts/axis.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "tests/synthetic/synthetic_snapshot.h"
#include "ui/canvas/power_text.h"
#include "ui/charts/chart_frame.h"
#include "ui/labs/signal/plots/histogram_data.h"
#include "ui/labs/signal/plots/nonfinite.h"
#include "ui/labs/signal/plots/variance_data.h"

namespace nanscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Axis, EqualEndsAreWidened) {
  for (double value : {0.0, 1.0, -3e300, 5e-324, 7e15}) {
    const Limits limits = drawable({value, value});
    EXPECT_LT(limits.low, limits.high);
    EXPECT_GE(limits.span(), 1e-6 * std::abs(value));
    EXPECT_TRUE(limits.low <= value && value <= limits.high);
  }
  EXPECT_GT(drawable({NAN, 1}).span(), 0);
  EXPECT_GT(drawable({0, kInfinity}).span(), 0);
}

TEST(Axis, SnappedLimitsHoldTheDataAndStandStill) {
  for (double low = -300; low < 300; low += 7.3)
    for (double span : {0.0, 0.4, 3.0, 77.7, 600.0}) {
      const SnappedAxis axis = snap({low, low + span}, 2);
      EXPECT_LE(axis.limits.low, low);
      EXPECT_GE(axis.limits.high, low + span);
      EXPECT_GE(axis.limits.span(), 2);
      // At most six steps of data and a broken one at each end.
      EXPECT_LE(axis.limits.span() / axis.step, 8);
      EXPECT_DOUBLE_EQ(std::remainder(axis.limits.low, axis.step), 0);
    }
  // A drag that moves the data by a tenth of a decade leaves the axis alone.
  EXPECT_EQ(snap({0.2, 5.2}, 2).limits.low, snap({0.3, 5.3}, 2).limits.low);
  EXPECT_EQ(snap({0.2, 5.2}, 2).limits.high, snap({0.3, 5.3}, 2).limits.high);
}

TEST(Axis, PowersThatHaveNoRoomAreLeftOut) {
  const SnappedAxis axis = snap({-5, 5}, 2, 10);
  EXPECT_EQ(power_ticks(axis, 10, nullptr, 20).at.size(), 11u);
  const Ticks few = power_ticks(axis, 10, nullptr, 4);
  EXPECT_LE(few.at.size(), 5u);
  EXPECT_EQ(few.labels[few.labels.size() / 2], "10\u2070") << "multiples of the step stay";
}

TEST(Axis, WithinADecadeTwoNumbersAndMoreSayHowFarItGoes) {
  for (double high = 0.3; high < 1.4; high += 0.1)
    EXPECT_GE(round_ticks({0.2, high}, 10, 2, nullptr, false).at.size(), 2u) << high;
}

/// All over it, not at its upper end alone.
TEST(Axis, NumbersOfALogarithmAreAboutAsFarFromOneAnother) {
  const Ticks ticks = round_ticks({-0.6, 0.9}, 10, 4, nullptr, false);
  EXPECT_EQ(ticks.labels, (std::vector<std::string>{"0.5", "1", "2", "5"}));
  for (double low = -0.9; low < 0; low += 0.05)
    for (double high = low + 0.75; std::floor(high) - std::ceil(low) < 1; high += 0.05) {
      const Ticks some = round_ticks({low, high}, 10, 4, nullptr, false);
      ASSERT_GE(some.at.size(), 2u) << low << " " << high;
      EXPECT_LT(some.at.front() - low, 0.41) << low << " " << high;
      EXPECT_LT(high - some.at.back(), 0.41) << low << " " << high;
    }
}

TEST(Axis, OfSharesGoesNoFurtherThanAllOfThem) {
  const ScaledAxis axis = scaled_axis(std::array{0.8}, {.percent = true}, nullptr);
  EXPECT_EQ(axis.home.high, 1);
  EXPECT_GE(axis.home.low, 0);
  EXPECT_LT(axis.home.low, 0.8);
}

TEST(Axis, PowersAreRaised) {
  EXPECT_EQ(power_text(10, -6, nullptr), "10\u207B\u2076");
  EXPECT_EQ(power_text(2, 128, nullptr), "2\u00B9\u00B2\u2078");
  EXPECT_EQ(power_text(10, 0, nullptr), "10\u2070");
}

TEST(Axis, WhatHasNoLogarithmIsAGap) {
  EXPECT_DOUBLE_EQ(log10_or_gap(100), 2);
  for (double value : {0.0, -1.0, kInfinity, double(NAN)})
    EXPECT_TRUE(std::isnan(log10_or_gap(value)));
}

TEST(Quantiles, InterpolatesAndTakesNanAsLargest) {
  EXPECT_DOUBLE_EQ(Quantiles({3, 1, 2}).at(0.5), 2);
  EXPECT_DOUBLE_EQ(Quantiles({1, 2}).at(0.25), 1.25);
  EXPECT_DOUBLE_EQ(Quantiles({1, NAN, 2}).at(0.5), 2);
  EXPECT_EQ(Quantiles({1, NAN}).at(1), kInfinity);
  EXPECT_TRUE(std::isnan(Quantiles({}).at(0.5)));
}

Experiment overflowing() {
  Experiment experiment;
  experiment.network.precision = Precision::fp16;
  return experiment;
}

TEST(VarianceAxis, ShowsTheLimitThatThePassRunsInto) {
  const SignalSnapshot snapshot = synthetic_snapshot(overflowing());
  VariancePlot plot;
  plot.format_limits = true;
  plot.tensors = {SignalTensor::activation};
  plot.curves = {
      {SignalTensor::activation, &LayerPrediction::activation_variance, nullptr, {}, {}, {}}};
  const SnappedAxis axis =
      variance_axis(snapshot, plot, {measured_points(snapshot, plot.curves[0])});
  const double limit = 2 * std::log10(65504.0);
  EXPECT_LT(axis.limits.low, limit);
  EXPECT_GT(axis.limits.high, limit);
  // Theory runs on to 10^120; the measured decades must not be squeezed by it.
  EXPECT_LT(axis.limits.high, 20);
}

TEST(Trouble, IsTheFirstInTheOrderOfThePass) {
  const SignalSnapshot snapshot = synthetic_snapshot(overflowing());
  const std::array forward{SignalTensor::preactivation, SignalTensor::activation};
  const auto trouble = find_trouble(snapshot, forward, false);
  ASSERT_TRUE(trouble);
  EXPECT_EQ(trouble->kind, Trouble::Kind::overflow);
  EXPECT_EQ(trouble->layer, snapshot.first_nonfinite->layer);
  EXPECT_EQ(trouble->tensor, snapshot.first_nonfinite->tensor);
  const std::array backward{SignalTensor::activation_grad};
  EXPECT_EQ(find_trouble(snapshot, backward, true)->layer, 49);
  EXPECT_FALSE(find_trouble(SignalSnapshot{}, forward, false));
}

// No value may disappear: each is in a binade or in a special row, and all of those are on the
// axis.
TEST(HistogramAxis, HoldsEveryValue) {
  for (const Precision precision : {Precision::fp32, Precision::fp16, Precision::e5m2}) {
    Experiment experiment;
    experiment.network.precision = precision;
    const SignalSnapshot snapshot = synthetic_snapshot(experiment);
    const HistogramAxis axis = histogram_axis(snapshot, 0.06);
    for (const LayerSignal& layer : snapshot.layers) {
      const Histogram& bins = layer.histogram;
      for (std::size_t i = 0; i < bins.positive.size(); ++i) {
        if (bins.positive[i] + bins.negative[i] == 0) continue;
        EXPECT_GE(bins.first_exponent + static_cast<int>(i), axis.binades.limits.low);
        EXPECT_LE(bins.first_exponent + static_cast<int>(i) + 1, axis.binades.limits.high);
      }
    }
    double above = axis.binades.limits.high;
    for (const SpecialRow& row : axis.rows) {
      EXPECT_LT(row.low, row.high);
      const bool outside =
          row.high <= axis.binades.limits.low || row.low >= axis.binades.limits.high;
      EXPECT_TRUE(outside) << "a special row covers magnitudes";
      EXPECT_GE(row.low, axis.all.low);
      EXPECT_LE(row.high, axis.all.high);
      if (row.kind == SpecialRow::Kind::zero) continue;
      EXPECT_GT(row.low, above) << "rows overlap";
      above = row.high;
    }
  }
}

TEST(HistogramAxis, SmallFormatsShowTheirWholeRange) {
  Experiment experiment;
  experiment.network.precision = Precision::fp16;
  experiment.network.init.scheme = InitScheme::kaiming;
  const Limits range = histogram_axis(synthetic_snapshot(experiment), 0.06).binades.limits;
  EXPECT_LE(range.low, -24);
  EXPECT_GE(range.high, 16);
}

TEST(Heat, ScaleIsLogarithmic) {
  EXPECT_DOUBLE_EQ(heat_position(1), 1);
  EXPECT_DOUBLE_EQ(heat_position(0.01), 0.5);
  EXPECT_DOUBLE_EQ(heat_position(1e-4), 0);
  EXPECT_DOUBLE_EQ(heat_position(1e-9), 0);
}

}  // namespace
}  // namespace nanscope
