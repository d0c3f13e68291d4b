#include "ui/widgets/slider_drag.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

// A slider's gestures as numbers.
namespace nanscope {
namespace {

constexpr double kPixel = 1.0 / 260;  // of the gain's track in a window of 1280 pixels

SliderSpec gain() { return {.low = 0.01, .high = 100, .logarithmic = true}; }

/// The value after the pointer has moved by some pixels, one in each of so many seconds.
double after_pixels(int pixels, double seconds, double modifier, const SliderSpec& spec,
                    double value) {
  SliderDrag drag{track_share(value, spec), 0};
  double pointer = drag.share;
  for (int i = 0; i < std::abs(pixels); ++i) {
    const double moved = std::copysign(kPixel, pixels);
    pointer += moved;
    const DragStep step{.pointer = pointer,
                        .moved = moved,
                        .pixel = kPixel,
                        .pace = pace_of_drag(1, seconds) * modifier,
                        .snaps = modifier == 1};
    drag = dragged(drag, step);
    value = dragged_value(drag, step, spec);
  }
  return value;
}

TEST(SliderDrag, AQuickPixelIsTheTracksOwn) {
  const double step = after_pixels(1, 0.001, 1, gain(), 1) - 1;
  EXPECT_NEAR(step, std::pow(1e4, kPixel) - 1, 0.005);  // three digits
}

TEST(SliderDrag, ASlowPixelIsATenthOfIt) {
  const double step = after_pixels(1, 0.1, 1, gain(), 1) - 1;
  EXPECT_GT(step, 0.002);
  EXPECT_LT(step, 0.005);
}

TEST(SliderDrag, ModifiersMakeItFiner) {
  EXPECT_NEAR(after_pixels(10, 0.001, 0.1, gain(), 1), std::pow(1e4, kPixel), 0.001);
  EXPECT_NEAR(after_pixels(100, 0.001, 0.01, gain(), 1), std::pow(1e4, kPixel), 0.001);
  const double finest = after_pixels(1, 0.1, 0.01, gain(), 0.0625) / 0.0625 - 1;
  EXPECT_GT(finest, 1e-5);
  EXPECT_LT(finest, 1e-4);
}

/// Whatever the speed, an end of the track is reached when the pointer is there and moves quickly.
TEST(SliderDrag, AGrabThatFellBehindReachesTheEnd) {
  const SliderSpec spec = gain();
  SliderDrag drag{0.5, 0};
  double pointer = 0.5;
  const auto move = [&](double moved, double pace) {
    pointer += moved;
    drag = dragged(drag, {.pointer = pointer, .moved = moved, .pixel = kPixel, .pace = pace});
  };
  for (int i = 0; i < 60; ++i) move(kPixel, 0.1);  // slowly to the right
  EXPECT_LT(drag.share, 0.53);
  while (pointer < 1) move(10 * kPixel, 1);  // quickly on
  EXPECT_EQ(drag.share, 1);
  for (int i = 0; i < 20; ++i) move(10 * kPixel, 1);  // beyond the end
  move(-10 * kPixel, 1);
  EXPECT_EQ(drag.share, 1);  // the pointer is not back yet
  while (pointer > 0.9) move(-10 * kPixel, 1);
  EXPECT_LT(drag.share, 1);
  EXPECT_EQ(dragged_value({1, 0}, {.pixel = kPixel}, spec), 100);
}

TEST(SliderDrag, ALandmarkIsTakenByAPlainDragOnly) {
  SliderSpec spec = gain();
  spec.landmark = SliderLandmark{1.4142136, "sqrt(2)"};
  const double share = track_share(1.4142136, spec);
  const DragStep plain{.pixel = kPixel};
  EXPECT_EQ(dragged_value({share + kPixel, 0}, plain, spec), 1.4142136);
  EXPECT_NE(dragged_value({share + 3 * kPixel, 0}, plain, spec), 1.4142136);
  const DragStep fine{.pixel = kPixel, .pace = 0.1, .snaps = false};
  EXPECT_NE(dragged_value({share + kPixel / 10, 0}, fine, spec), 1.4142136);
}

TEST(SliderDrag, KeysStepByOnePercentAndParts) {
  const SliderSpec spec = gain();
  EXPECT_DOUBLE_EQ(stepped(0.06, 1, spec), 0.0606);
  EXPECT_DOUBLE_EQ(stepped(0.0625, 0.1, spec), 0.062562);
  EXPECT_DOUBLE_EQ(stepped(0.0625, 0.01, spec), 0.0625062);
  EXPECT_DOUBLE_EQ(stepped(1, 10, spec), 1.1);
  EXPECT_DOUBLE_EQ(stepped(100, 1, spec), 100);
  EXPECT_DOUBLE_EQ(stepped(8, 1, {.low = 8, .high = 4096, .logarithmic = true, .integer = true}),
                   9);
  EXPECT_DOUBLE_EQ(stepped(50, -10, {.low = 1, .high = 200, .integer = true}), 40);
  EXPECT_DOUBLE_EQ(stepped(1.5, 1, {.low = 0, .high = 3}), 1.53);
  EXPECT_DOUBLE_EQ(stepped(0, 1, {.low = 0, .high = 3}), 0.03);
}

/// Random drags stay on the track, and a pointer that holds still changes nothing.
TEST(SliderDrag, HoldingStillChangesNothing) {
  std::mt19937 random(10);
  std::uniform_real_distribution<double> movement(-0.2, 0.2), pace(0.001, 1);
  SliderDrag drag{0.3, 0.01};
  double pointer = 0.31;
  for (int i = 0; i < 10000; ++i) {
    const double moved = movement(random);
    pointer += moved;
    const double now = pace(random);
    drag = dragged(drag, {.pointer = pointer, .moved = moved, .pixel = kPixel, .pace = now});
    ASSERT_GE(drag.share, 0);
    ASSERT_LE(drag.share, 1);
    const SliderDrag still =
        dragged(drag, {.pointer = pointer, .moved = 0, .pixel = kPixel, .pace = now});
    ASSERT_EQ(still.share, drag.share);
  }
}

}  // namespace
}  // namespace nanscope
