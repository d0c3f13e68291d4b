#include "ui/charts/zoom.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ui/charts/gestures.h"

// Zooming and panning without a pointer.
namespace nanscope {
namespace {

using ::testing::DoubleNear;

constexpr Limits kHome{0, 10};

/// Ten units a hundred pixels each way, from (100, 50) to (1100, 550).
ChartFrame frame_at(const PlotZoom& zoom = {}) {
  ChartFrame frame;
  frame.x = {.limits = zoom.x.value_or(kHome), .home = kHome};
  frame.y = {.limits = zoom.y.value_or(kHome), .home = kHome};
  frame.low = {100, 50};
  frame.high = {1100, 550};
  return frame;
}

TEST(Zoom, KeepsThePlaceUnderThePointer) {
  for (const ImVec2 pixel : {ImVec2{300, 100}, ImVec2{600, 300}, ImVec2{1099, 549}})
    for (const double factor : {1.2, 2.0, 0.7}) {
      const ChartFrame before = frame_at({.x = Limits{2, 8}, .y = Limits{1, 9}});
      const ChartFrame after = frame_at(zoom_about(before, pixel, factor));
      EXPECT_NEAR(after.x_unit(pixel.x), before.x_unit(pixel.x), 1e-6);
      EXPECT_NEAR(after.y_unit(pixel.y), before.y_unit(pixel.y), 1e-6);
      EXPECT_NEAR(after.x.limits.span(), before.x.limits.span() / factor, 1e-9);
    }
}

TEST(Zoom, InAndOutAgainIsHome) {
  PlotZoom zoom;
  for (int i = 0; i < 12; ++i) zoom = zoom_about(frame_at(zoom), {777, 222}, kZoomNotch);
  EXPECT_FALSE(zoom.at_home());
  for (int i = 0; i < 12; ++i) zoom = zoom_about(frame_at(zoom), {777, 222}, 1 / kZoomNotch);
  EXPECT_TRUE(zoom.at_home());
}

TEST(Zoom, EndsWhereNothingCouldBeSeen) {
  PlotZoom zoom;
  for (int i = 0; i < 200; ++i) zoom = zoom_about(frame_at(zoom), {300, 300}, 2);
  EXPECT_NEAR(zoom.x->span(), 1e-4 * kHome.span(), 1e-12);
  for (int i = 0; i < 200; ++i) zoom = zoom_about(frame_at(zoom), {300, 300}, 0.5);
  EXPECT_NEAR(zoom.x->span(), 8 * kHome.span(), 1e-9);
  EXPECT_LE(zoom.x->low, kHome.low);
  EXPECT_GE(zoom.x->high, kHome.high);
}

TEST(Zoom, OverAnAxisIsAboutThatAxis) {
  const PlotZoom left = zoom_about(frame_at(), {50, 300}, 2);
  EXPECT_FALSE(left.x);
  EXPECT_TRUE(left.y);
  const PlotZoom below = zoom_about(frame_at(), {600, 570}, 2);
  EXPECT_TRUE(below.x);
  EXPECT_FALSE(below.y);
  ChartFrame rows = frame_at();
  rows.y.zooms = false;
  EXPECT_FALSE(zoom_about(rows, {600, 300}, 2).y);
}

TEST(Pan, BringsWhatWasHereThere) {
  const ChartFrame before = frame_at({.x = Limits{4, 6}, .y = Limits{4, 6}});
  const ImVec2 from{500, 300}, to{620, 250};
  const ChartFrame after = frame_at(pan_to(before, from, to));
  EXPECT_NEAR(after.x_unit(to.x), before.x_unit(from.x), 1e-6);
  EXPECT_NEAR(after.y_unit(to.y), before.y_unit(from.y), 1e-6);
}

TEST(Pan, KeepsSomeOfHomeInSight) {
  const ChartFrame before = frame_at({.x = Limits{4, 6}, .y = Limits{4, 6}});
  const PlotZoom zoom = pan_to(before, {500, 300}, {-90000, 70000});
  EXPECT_THAT(zoom.x->low, DoubleNear(kHome.high - 0.1 * 2, 1e-9));
  EXPECT_THAT(zoom.x->span(), DoubleNear(2, 1e-9));
  EXPECT_GT(zoom.y->high, kHome.low);
  EXPECT_LT(zoom.y->low, kHome.high);
}

TEST(BoxZoom, FillsThePlotAreaWithTheBox) {
  const PlotZoom zoom = zoom_to_box(frame_at(), {900, 150}, {300, 450});
  EXPECT_THAT(zoom.x->low, DoubleNear(2, 1e-6));
  EXPECT_THAT(zoom.x->high, DoubleNear(8, 1e-6));
  EXPECT_THAT(zoom.y->low, DoubleNear(2, 1e-6));
  EXPECT_THAT(zoom.y->high, DoubleNear(8, 1e-6));
}

TEST(BoxZoom, AThinBoxIsAboutOneAxisAndASpotAboutNone) {
  const PlotZoom flat = zoom_to_box(frame_at(), {300, 300}, {700, 303});
  EXPECT_TRUE(flat.x);
  EXPECT_FALSE(flat.y);
  EXPECT_TRUE(zoom_to_box(frame_at(), {300, 300}, {303, 302}).at_home());
  // Beyond the plot area it ends at its edge.
  const PlotZoom wide = zoom_to_box(frame_at(), {600, 300}, {5000, 400});
  EXPECT_THAT(wide.x->high, DoubleNear(10, 1e-6));
}

TEST(Zoom, OfAFileOrOfOtherDataIsBroughtWithinReach) {
  const Limits seen = within_reach({4, 6}, kHome);
  EXPECT_EQ(seen, (Limits{4, 6}));
  EXPECT_EQ(within_reach(kHome, kHome), kHome);
  for (const Limits& wanted :
       {Limits{100, 200}, Limits{-1e300, 1e300}, Limits{5, 5}, Limits{7, 3}, Limits{NAN, 1},
        Limits{-5000, -4999}, Limits{1e17, 2e17}, Limits{0, 1e30}}) {
    const Limits limits = within_reach(wanted, kHome);
    EXPECT_GE(limits.span(), 0.99e-4 * kHome.span());
    EXPECT_LE(limits.span(), 8.01 * kHome.span());
    EXPECT_GT(limits.high, kHome.low);
    EXPECT_LT(limits.low, kHome.high);
  }
}

TEST(Zoom, IsPutIntoAViewAndTakenOutOfIt) {
  ViewSpec view;
  set_plot_zoom(view, "histogram", {.x = Limits{2, 3}});
  set_plot_zoom(view, "roundoff", {.x = Limits{0, 1}, .y = Limits{-4, 4}});
  EXPECT_EQ(zooms_text(view.zoom), "histogram x 2 3; roundoff x 0 1 y -4 4");
  EXPECT_EQ(plot_zoom(view, "roundoff"), (PlotZoom{Limits{0, 1}, Limits{-4, 4}}));
  EXPECT_TRUE(plot_zoom(view, "number_line").at_home());
  set_plot_zoom(view, "histogram", {});
  EXPECT_EQ(view.zoom.size(), 1u);
}

TEST(RoundTicks, AreWithinTheLimitsAndTellApart) {
  for (const int base : {0, 2, 10})
    for (const Limits& limits :
         {Limits{-3, 7}, Limits{2.01, 2.02}, Limits{100.0001, 100.0002}, Limits{-0.3, 0.4}}) {
      const Ticks ticks = round_ticks(limits, base, 8, nullptr, false);
      ASSERT_GE(ticks.at.size(), 2u) << base << " " << limits.low;
      EXPECT_LE(ticks.at.size(), 12u);
      for (std::size_t i = 0; i < ticks.at.size(); ++i) {
        EXPECT_GE(ticks.at[i], limits.low - 1e-6 * limits.span());
        EXPECT_LE(ticks.at[i], limits.high + 1e-6 * limits.span());
        if (i > 0) {
          EXPECT_NE(ticks.labels[i], ticks.labels[i - 1]);
        }
      }
    }
}

TEST(RoundTicks, OfALogarithmAreValuesWherePowersAreTooFarApart) {
  const Ticks ticks = round_ticks({std::log10(2), std::log10(5)}, 10, 7, nullptr, false);
  EXPECT_THAT(ticks.labels, testing::ElementsAre("2", "2.5", "3", "3.5", "4", "4.5", "5"));
  EXPECT_DOUBLE_EQ(ticks.at.front(), std::log10(2));
  EXPECT_EQ(round_ticks({0, 1.5}, 10, 6, nullptr, false).labels.front(), "10\u2070");
  EXPECT_EQ(round_ticks({0.1, 0.35}, 0, 5, nullptr, true).labels.front(), "10 %");
}

}  // namespace
}  // namespace nanscope
