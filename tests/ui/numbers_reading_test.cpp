#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/drawing.h"
#include "ui/labs/numbers/plots/format_ranges.h"
#include "ui/labs/numbers/plots/format_ranges_layout.h"
#include "ui/labs/numbers/plots/number_lanes.h"
#include "ui/labs/numbers/plots/number_line.h"

// What the pointer reads out of the number line and the formats' ranges.
namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NumbersReading : public Drawing {
 protected:
  /// At a distance from the typed number, in the lane of a row.
  std::optional<PlotReading> line(const std::string& input, double width, std::size_t row,
                                  double distance) const {
    const NumberBits number = bits(input);
    const PlotPlace place = seen(number, width);
    const NumberLane lane = number_lanes(number, style_, place).at(row);
    return read_number_line(number, style_, place, {lane.x(distance), lane.y - 2});
  }
  /// `width` of the number line around the typed number.
  static PlotPlace seen(const NumberBits& number, double width) {
    const double half = width / number_line_range(number).natural / 2;
    return {kCorner, kSize, {.x = Limits{-half, half}}};
  }
  static NumberBits bits(const std::string& input) {
    Experiment experiment;
    experiment.numbers.input = input;
    experiment.numbers.settings.formats = {"fp16", "e4m3", "fp64"};
    return *number_bits(experiment);
  }
  static std::vector<NumberFormat> formats() {
    return {number_formats().begin(), number_formats().end()};
  }
  static std::size_t row_of(std::string_view name) {
    const auto all = formats();
    return static_cast<std::size_t>(std::ranges::find(all, name, &NumberFormat::name) -
                                    all.begin());
  }
  FormatRangesLayout ranges() const {
    return layout_format_ranges(style_, formats(), {kCorner, kSize});
  }
  std::optional<PlotReading> range(std::string_view name, float x) const {
    const FormatRangesLayout layout = ranges();
    const float y = layout.frame.low.y + (static_cast<float>(row_of(name)) + 0.4f) * layout.pitch;
    return read_format_ranges(formats(), style_, {kCorner, kSize}, {x, y});
  }
};

TEST_F(NumbersReading, TheNearestValueOfTheLaneWithItsNeighboursAndGaps) {
  // Between 1/16 and 1/8 fp16 has steps of 2^-14.
  const auto read = line("0.1", 0x1p-11, 0, 0);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->lines,
              ElementsAre("fp16 0.0999755859375   0x2e66", "neighbours: 0.0999146 and 0.100037",
                          "gap to each: 6.10e-05 (1 ulp)", "2.44e-05 below 0.1: 0.4 ulp"));
  const NumberBits number = bits("0.1");
  const NumberLane lane = number_lanes(number, style_, seen(number, 0x1p-11))[0];
  EXPECT_FLOAT_EQ(read->at.x, lane.x(number.distance(0.0999755859375)));
}

TEST_F(NumbersReading, GapsBesideAPowerOfTwoDiffer) {
  const auto read = line("0.1", 0.5, 1, 0.125 - 0.1);
  ASSERT_TRUE(read);
  EXPECT_THAT(read->lines[0], HasSubstr("e4m3 0.125"));
  EXPECT_EQ(read->lines[2], "gap below: 0.00781 (0.5 ulp), above: 0.0156 (1 ulp)");
  EXPECT_EQ(line("0.125", 0.5, 1, 0)->lines[3], "exactly 0.125");
}

TEST_F(NumbersReading, DistancesBeyondFp64AreSaidInDigits) {
  EXPECT_EQ(line("1e-400", 1, 1, 0)->lines[3], "1e-400 below 1e-400: 5.12e-398 ulp");
  EXPECT_EQ(line("-1e-400", 1, 0, 0)->lines[3], "1e-400 above -1e-400: 1.68e-393 ulp");
}

TEST_F(NumbersReading, TheLastValueHasNoneBeyondIt) {
  const auto read = line("448", 100, 1, 10);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->lines[1], "neighbours: 416 and -");
  EXPECT_EQ(read->lines[2], "gap below: 32 (1 ulp), above: -");
}

TEST_F(NumbersReading, NothingWhereThereIsNoValueInSightOrNoLane) {
  EXPECT_FALSE(line("0.1", 1e-6, 1, 0)) << "the nearest value of e4m3 is far to the right";
  EXPECT_FALSE(read_number_line(bits("0.1"), style_, {kCorner, kSize}, kCorner));
  EXPECT_FALSE(line("nan", 1, 0, 0));
}

TEST_F(NumbersReading, ALimitOfAFormatExactly) {
  EXPECT_THAT(range("fp16", ranges().x(-24))->lines,
              ElementsAre("fp16", "smallest subnormal: 2^-24 = 0.000000059604644775390625"));
  EXPECT_THAT(range("fp16", ranges().x(40))->lines, ElementsAre("fp16", "largest: 65504"));
  EXPECT_THAT(range("fp16", ranges().x(-9.7))->lines,
              ElementsAre("fp16", "epsilon: 2^-10 = 0.0009765625"));
  EXPECT_THAT(range("e2m3", ranges().x(-3))->lines,
              ElementsAre("e2m3", "smallest subnormal: 2^-3 = 0.125", "epsilon: 2^-3 = 0.125"));
  // A column of numbers is read as such.
  EXPECT_THAT(range("e4m3", ranges().columns[4] - 1)->lines, ElementsAre("e4m3", "digits: 1.2"));
  EXPECT_THAT(range("int8", ranges().columns[4] - 1)->lines, ElementsAre("int8", "digits: -"));
  EXPECT_FALSE(read_format_ranges(formats(), style_, {kCorner, kSize}, kCorner));
}

TEST_F(NumbersReading, AFormatsDynamicRangeAndResolution) {
  const NumberFormat& fp16 = *find_format("fp16");
  const PlotPlace place{kCorner, kSize};
  const ImVec2 at = resolution_at(resolution_frame(style_, place), fp16);
  const auto read = read_format_resolution(formats(), style_, place, {at.x + 3, at.y - 3});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at.x, at.x);
  // From 2^-24 to 65504, a little below 2^16.
  EXPECT_THAT(read->lines,
              ElementsAre("fp16", "40 powers of two from the smallest to the largest number",
                          "11 bits of the significand"));
  EXPECT_FALSE(read_format_resolution(formats(), style_, place, kCorner));
}

}  // namespace
}  // namespace nanscope
