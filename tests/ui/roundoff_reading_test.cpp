#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/ui/drawing.h"
#include "ui/labs/numbers/plots/roundoff_look.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"

// What the pointer reads out of a chart on rounding.
namespace nanscope {
namespace {

using ::testing::ElementsAre;

/// A chart with two curves that meet at x = 3, a mark and two histograms.
RoundoffChart chart() {
  RoundoffChart chart;
  chart.x = {"roundoff.axis.additions", "", 0};
  chart.y = {"roundoff.axis.sum", "dB", 0};
  ChartCurve plain{"fp16", "roundoff.plain", Evidence::emulated, "", {1, 2, 3}, {0, 0.1, 0.7}};
  ChartCurve kahan{"fp32", "roundoff.kahan", Evidence::measured, "", {1, 2, 3}, {0, 0.4, 0.7}};
  chart.curves = {plain, kahan};
  chart.marks = {{ChartMark::Axis::x, 1.5, "fp16", "roundoff.largest"}};
  chart.histogram_x = {"roundoff.axis.gradient", "", 2};
  chart.histograms = {{"", "roundoff.gradients", Evidence::measured, {1, 2, 4}, {0.25, 0.75}},
                      {"", "roundoff.scaled_gradients", Evidence::measured, {1, 2, 4}, {1, 0}}};
  return chart;
}

class RoundoffReading : public Drawing {
 protected:
  ImVec2 place(double x, double y) const {
    const RoundoffChart drawn = chart();
    return place_curves(drawn, ChartLook(drawn, style_), style_, {kCorner, kSize}).frame.at(x, y);
  }
  std::optional<PlotReading> curves(ImVec2 pointer) const {
    return read_roundoff_curves(chart(), style_, {kCorner, kSize}, pointer);
  }
  std::optional<PlotReading> bars(double x) const {
    const RoundoffChart drawn = chart();
    const ChartFrame frame =
        place_histogram(drawn, ChartLook(drawn, style_), style_, {kCorner, kSize}).frame;
    return read_roundoff_histogram(drawn, style_, {kCorner, kSize}, frame.at(x, 0.1));
  }
};

TEST_F(RoundoffReading, TheNearestPointWithItsCurveAndUnits) {
  const ImVec2 point = place(2, 0.1);
  const auto read = curves({point.x + 5, point.y - 4});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at.x, point.x);
  EXPECT_EQ(read->at.y, point.y);
  EXPECT_THAT(read->lines, ElementsAre("fp16, plain, emulated", "additions: 2", "sum: 0.1 dB"));
}

TEST_F(RoundoffReading, CurvesThatMeetAreNamedTogether) {
  const auto read = curves(place(3, 0.7));
  ASSERT_TRUE(read);
  EXPECT_THAT(read->lines, ElementsAre("fp16, plain, emulated", "fp32, Kahan, measured",
                                       "additions: 3", "sum: 0.7 dB"));
}

TEST_F(RoundoffReading, AMarkWhereNoPointIsNearAndNothingElsewhere) {
  const auto read = curves({place(1.5, 0.7).x, place(1.5, 0.7).y});
  ASSERT_TRUE(read);
  EXPECT_THAT(read->lines, ElementsAre("fp16 largest 1.5"));
  EXPECT_FALSE(curves(place(2, 0.7)));
  EXPECT_FALSE(curves({kCorner.x, kCorner.y}));
}

TEST_F(RoundoffReading, ABinWithTheShareOfEachHistogram) {
  const auto both = bars(1.5);
  ASSERT_TRUE(both);
  EXPECT_THAT(both->lines, ElementsAre("gradient: 1 .. 2", "gradients, measured: 25 %",
                                       "gradients times the scale, measured: 100 %"));
  const auto one = bars(3);
  ASSERT_TRUE(one);
  EXPECT_THAT(one->lines, ElementsAre("gradient: 2 .. 4", "gradients, measured: 75 %"));
}

TEST(ExactWords, HaveEnoughDigitsForFp32) {
  EXPECT_EQ(exact_words(0x1p-24, ""), "5.960464477539063e-08");
  EXPECT_EQ(exact_words(0.1, ""), "0.1");
  EXPECT_EQ(exact_words(0.07, "share"), "7 %");  // 100 * 0.07 is 7.000000000000001
  EXPECT_EQ(exact_words(0.25, "share"), "25 %");
  EXPECT_EQ(exact_words(16777216, "dB"), "16777216 dB");
  EXPECT_EQ(exact_words(std::nan(""), "dB"), "-");
}

}  // namespace
}  // namespace nanscope
