#include "ui/charts/pins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nanscope {
namespace {

using ::testing::HasSubstr;

ChartFrame frame() {
  ChartFrame frame;
  frame.x = {.limits = {0, 10}, .home = {0, 10}};
  frame.y = {.limits = {0, 10}, .home = {0, 10}};
  frame.low = {0, 0};
  frame.high = {1000, 500};
  return frame;
}

PlotReading reading(ImVec2 at, const std::string& title, double value) {
  PlotReading reading{at, {title}};
  reading.values = {{"variance", value}, {"ratio", 2 * value}};
  reading.table = {{"", "measured"}, {{"variance", std::to_string(value)}}};
  return reading;
}

TEST(Pins, ArePutAndTakenAwayAtAPlace) {
  Pins pins;
  toggle_pin(pins, frame(), reading({100, 100}, "a", 1));
  ASSERT_EQ(pins.size(), 1u);
  EXPECT_NEAR(pins[0].x, 1, 1e-6);
  EXPECT_NEAR(pins[0].y, 8, 1e-6);
  EXPECT_EQ(pin_at(pins, frame(), {102, 101}), &pins[0]);
  EXPECT_EQ(pin_at(pins, frame(), {120, 100}), nullptr);
  toggle_pin(pins, frame(), reading({101, 100}, "a", 1));
  EXPECT_TRUE(pins.empty());
}

TEST(Pins, AreTwoAtMostTheLatest) {
  Pins pins;
  for (int i = 1; i <= 3; ++i)
    toggle_pin(pins, frame(), reading({100.0f * static_cast<float>(i), 100}, std::to_string(i), i));
  ASSERT_EQ(pins.size(), 2u);
  EXPECT_EQ(pins[0].reading.lines[0], "2");
  EXPECT_EQ(pins[1].reading.lines[0], "3");
}

TEST(Pins, AreComparedByDifferenceAndRatio) {
  const auto rows = compare(reading({}, "a", 2), reading({}, "b", 10));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "variance");
  EXPECT_DOUBLE_EQ(rows[0].difference(), 8);
  EXPECT_DOUBLE_EQ(rows[0].ratio(), 5);
  // Where the names differ the numbers are compared in their order.
  PlotReading other = reading({}, "b", 10);
  other.values = {{"gradient", 6}};
  const auto mixed = compare(reading({}, "a", 2), other);
  ASSERT_EQ(mixed.size(), 1u);
  EXPECT_EQ(mixed[0].name, "variance / gradient");
  EXPECT_DOUBLE_EQ(mixed[0].ratio(), 3);
}

TEST(Pins, AreCopiedAsATable) {
  Pins pins;
  EXPECT_EQ(pins_text(pins), "");
  toggle_pin(pins, frame(), reading({100, 100}, "linear 3", 2));
  EXPECT_EQ(pins_text(pins), "linear 3\n\tmeasured\nvariance\t2.000000");
  toggle_pin(pins, frame(), reading({300, 100}, "linear 9", 10));
  EXPECT_THAT(pins_text(pins), HasSubstr("A  linear 3\nB  linear 9\n"));
  EXPECT_THAT(pins_text(pins), HasSubstr("variance\t2\t10\t8\t5"));
}

}  // namespace
}  // namespace nanscope
