#include <gtest/gtest.h>

#include "imgui.h"
#include "imgui_impl_null.h"
#include "tests/ui/drawing.h"
#include "ui/charts/interactive_charts.h"

// What a pin costs while nothing changes; axes that are locked.
namespace nanscope {
namespace {

class PinnedChart : public Drawing {
 protected:
  PinnedChart() {
    plot_ = {.name = "counted",
             .draw = [this](Canvas&, const PlotPlace&) { ++drawn_; },
             .frame =
                 [](const Style&, const PlotPlace& place) {
                   ChartFrame frame;
                   frame.x = {.limits = {0, 10}, .home = {0, 10}};
                   frame.y = {.limits = {0, 10}, .home = {0, 10}};
                   frame.low = place.corner;
                   frame.high = {place.corner.x + place.size.x, place.corner.y + place.size.y};
                   return frame;
                 },
             .read =
                 [this](const Style&, const PlotPlace&, ImVec2 pointer) {
                   PlotReading reading{pointer, {"a place"}};
                   reading.values = {{"variance", value_, 5}};
                   return std::optional(reading);
                 }};
    view_.pins = {{"counted", 5, 5}};
  }
  /// How often the plot is drawn in the next frame.
  int frame(bool settled = true) {
    drawn_ = 0;
    ImGui::EndFrame();
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
    ImGui::Begin("a window");
    charts_.show(view_, false, settled);
    charts_.draw(plot_, style_, {400, 300});
    view_ = charts_.looked_at(view_);
    ImGui::End();
    return drawn_;
  }

  Plot plot_;
  InteractiveCharts charts_;
  ViewSpec view_;
  double value_ = 3;
  int drawn_ = 0;
};

TEST_F(PinnedChart, IsDrawnOnceAFrameUnlessSomethingChanges) {
  frame();
  frame();  // the window has its size
  for (int i = 0; i < 3; ++i) EXPECT_EQ(frame(), 1);
  value_ = 4;
  EXPECT_EQ(frame(), 2);
  EXPECT_EQ(frame(), 1);
  EXPECT_EQ(frame(/*settled=*/false), 2);  // another experiment is on its way
  EXPECT_EQ(frame(/*settled=*/false), 2);
  EXPECT_EQ(frame(), 2);
  EXPECT_EQ(frame(), 1);
}

/// A picture that is opened brings its axes; until its own pass is there another one is drawn.
TEST_F(PinnedChart, AxesThatAreLockedGrowByNothingThatIsAnotherExperiments) {
  plot_.frame = [](const Style&, const PlotPlace& place) {
    ChartFrame frame;
    frame.x = {.limits = {0, 10}, .home = {0, 10}};
    frame.y = {
        .limits = {-100, 10}, .home = {-100, 10}, .lockable = LockableAxis{{-100, 10}, {-90, 5}}};
    frame.low = place.corner;
    frame.high = {place.corner.x + place.size.x, place.corner.y + place.size.y};
    return frame;
  };
  view_.lock = {{.plot = "counted", .y = ViewRange{-20, 10}}};
  const std::vector<ViewZoom> locked = view_.lock;
  for (int i = 0; i < 3; ++i) frame(/*settled=*/false);
  EXPECT_EQ(view_.lock, locked);
  frame();
  EXPECT_LE(view_.lock.front().y->low, -90);
}

}  // namespace
}  // namespace nanscope
