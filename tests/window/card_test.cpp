#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/text/text.h"

// The card that tells of a clicked layer where the inspector has no room.
namespace nanscope {
namespace {

TEST(Card, EscapeLetsGoOfWhatWasClickedBesideAnInspectorToo) {
  WindowHarness window(themed_window(ThemeId::light, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    ASSERT_TRUE(is_seen(person, "//###inspector"));
    person.MouseMoveToPos(chart_of(person, "forward_variance").GetCenter());
    person.MouseClick();
    person.Yield(3);
    ASSERT_TRUE(window.shell().experiment().view.layer);
    person.MouseMove(slider_of("model.depth").c_str());
    EXPECT_TRUE(person.ItemExists("//###inspector/histogram bars"));
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(3);
    EXPECT_FALSE(window.shell().experiment().view.layer);
    EXPECT_FALSE(person.ItemExists("//###inspector/histogram bars"));
    EXPECT_TRUE(is_seen(person, "//###controls"));
  });
}

TEST(Card, TellsOfAClickedLayerWhereTheInspectorHasNoRoom) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    ASSERT_FALSE(is_seen(person, "//###inspector"));
    const ImGuiTestItemInfo plot = person.WindowInfo("//###plots/forward_variance");
    const ImVec2 layer = plot.RectFull.GetCenter();
    person.MouseMoveToPos(layer);
    person.MouseClick();
    person.Yield(3);
    ASSERT_TRUE(is_seen(person, "//###card"));
    EXPECT_TRUE(person.ItemExists("//###card/histogram bars"));
    const ImGuiWindow* card = person.GetWindowByRef("//###card");
    EXPECT_FALSE(card->Rect().Contains(layer));
    EXPECT_TRUE(ImRect({0, 0}, {1280, 800}).Contains(card->Rect()));
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(3);
    EXPECT_FALSE(is_seen(person, "//###card"));
    EXPECT_TRUE(window.shell().experiment().view.layer);  // the layer stays chosen
  });
}

/// Where one has room for it, the controls stay.
TEST(Card, StandsInThePlaceOfAPlotThatSaysTheSameAndLeavesTheControls) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
    WindowHarness window(themed_window(ThemeId::projector, size));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      if (is_seen(person, "//###inspector")) person.KeyPress(ImGuiKey_F3);
      person.Yield(3);
      const ImRect plot = chart_of(person, "forward_variance");
      person.MouseMoveToPos(plot.GetCenter());
      person.MouseClick();
      person.Yield(4);
      ASSERT_TRUE(is_seen(person, "//###card"));
      const ImRect card = person.GetWindowByRef("//###card")->Rect();
      EXPECT_FALSE(card.Overlaps(person.GetWindowByRef("//###controls")->Rect())) << size.x;
      EXPECT_FALSE(card.Overlaps(plot)) << size.x;
      EXPECT_TRUE(person.ItemExists("//###card/histogram bars")) << size.x;
      // The gain is moved while the layer is looked at.
      person.ItemInputValue(field_of("init.gain").c_str(), "0.06");
      ASSERT_TRUE(window.wait_for_pass(person));
      person.Yield(3);
      EXPECT_TRUE(is_seen(person, "//###card")) << size.x;
    });
  }
}

TEST(Card, WithoutRoomAmongThePlotsStandsInThePlaceOfTheControlsAndCoversNoPlot) {
  for (const ImVec2 size : {ImVec2{1024, 600}}) {
    WindowHarness window(themed_window(ThemeId::projector, size));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      if (is_seen(person, "//###inspector")) person.KeyPress(ImGuiKey_F3);
      person.Yield(3);
      person.MouseMoveToPos(chart_of(person, "forward_variance").GetCenter());
      person.MouseClick();
      person.Yield(4);
      ASSERT_TRUE(is_seen(person, "//###card"));
      const ImGuiWindow* card = person.GetWindowByRef("//###card");
      const ImRect controls = person.GetWindowByRef("//###controls")->Rect();
      EXPECT_TRUE(card->Rect().Contains(controls)) << size.x;
      EXPECT_TRUE(controls.Contains(card->Rect())) << size.x;
      EXPECT_FALSE(card->Rect().Overlaps(person.GetWindowByRef("//###plots")->Rect())) << size.x;
      EXPECT_TRUE(is_on_screen(text("inspector.equation"))) << size.x;
      person.KeyPress(ImGuiKey_Escape);
      person.Yield(3);
      EXPECT_FALSE(is_seen(person, "//###card"));
      EXPECT_TRUE(person.ItemExists(slider_of("init.gain").c_str()));
    });
  }
}

TEST(Card, GoesWithTheLayerThatItTellsOf) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    for (const ImGuiKeyChord leaves :
         {ImGuiMod_Ctrl | ImGuiKey_R, ImGuiMod_Ctrl | ImGuiKey_PageDown}) {
      person.MouseMoveToPos(chart_of(person, "forward_variance").GetCenter());
      person.MouseClick();
      person.Yield(4);
      ASSERT_TRUE(is_seen(person, "//###card"));
      person.KeyPress(leaves);
      ASSERT_TRUE(window.wait_for_pass(person));
      person.Yield(3);
      EXPECT_FALSE(window.shell().experiment().view.layer);
      EXPECT_FALSE(is_seen(person, "//###card"));
    }
  });
}

TEST(Card, WithoutControlsLeavesHalfOfThePlotsAndShowsTheHistogram) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiKey_F9);
    person.Yield(3);
    person.MouseMoveToPos(chart_of(person, "forward_variance").GetCenter());
    person.MouseClick();
    person.Yield(4);
    const ImGuiWindow* card = person.GetWindowByRef("//###card");
    EXPECT_LT(card->Size.y, 400);
    EXPECT_TRUE(card->InnerRect.Contains(person.ItemInfo("//###card/histogram bars").RectFull));
    EXPECT_FALSE(is_on_screen(text("inspector.equation")));
    person.ItemClick("//###card/###more");
    person.Yield(3);
    EXPECT_TRUE(person.ItemExists("//###card/###bits of inspector.rms"));
  });
}

TEST(Card, OfALayerWithoutNumbersSaysSo) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ImRect plot = chart_of(person, "forward_variance");
    // The demo overflows in layer 36 of 50, and is nan from there on.
    person.MouseMoveToPos({plot.Min.x + 0.93f * plot.GetWidth(), plot.GetCenter().y});
    person.MouseClick();
    person.Yield(4);
    EXPECT_TRUE(is_on_screen("All values are nan"));
  });
}

TEST(Card, WithoutControlsStandsWithinThePlotsBesideWhatWasClicked) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1024, 600}, {1920, 1080}}) {
    WindowHarness window(themed_window(ThemeId::projector, size));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.KeyPress(ImGuiKey_F9);
      person.Yield(3);
      const ImRect plots = person.GetWindowByRef("//###plots")->Rect();
      float share = 0.2f;
      for (const SignalPlot& one : signal_plots())
        for (int i = 0; i < 2; ++i, share += 0.09f) {
          const std::string name = "//###plots/" + std::string(one.name);
          const ImRect chart = person.WindowInfo(name.c_str()).RectFull;
          const ImVec2 layer{chart.Min.x + share * chart.GetWidth(),
                             chart.Min.y + 0.6f * chart.GetHeight()};
          person.MouseMoveToPos(layer);
          person.MouseClick();
          person.Yield(3);
          ASSERT_TRUE(is_seen(person, "//###card")) << name << share;
          const ImRect card = person.GetWindowByRef("//###card")->Rect();
          EXPECT_TRUE(plots.Contains(card)) << name << share << " " << size.x;
          EXPECT_GE(card.Min.y, person.ItemInfo("//###plots/###tensor").RectFull.Max.y);
          EXPECT_FALSE(card.Contains(layer)) << name << share << " " << size.x;
          // Nothing lies over it that says the same.
          EXPECT_EQ(ImGui::GetCurrentContext()->TooltipPreviousWindow, nullptr);
          person.KeyPress(ImGuiKey_Escape);
          person.Yield(2);
        }
    });
  }
}

TEST(Card, WithoutControlsTakesThePlaceOfOnePlotAndSaysWhyThereIsNoBand) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
    WindowHarness window(themed_window(ThemeId::projector, size));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.KeyPress(ImGuiKey_F9);
      person.Yield(3);
      float share = 0.78f;  // another layer each time; in these fp32 has overflowed: no band holds
      for (const SignalPlot& one : signal_plots()) {
        const ImRect plot = chart_of(person, one.name);
        person.MouseMoveToPos({plot.Min.x + share * plot.GetWidth(), plot.GetCenter().y});
        share += 0.04f;
        person.MouseClick();
        person.Yield(4);
        const ImRect card = person.GetWindowByRef("//###card")->Rect();
        int covered = 0;
        for (const SignalPlot& other : signal_plots())
          covered += card.Overlaps(chart_of(person, other.name));
        EXPECT_EQ(covered, 1) << one.name << " " << size.x;
        EXPECT_FALSE(card.Overlaps(plot)) << one.name << " " << size.x;
        EXPECT_TRUE(is_on_screen("No band (")) << one.name << " " << size.x;
        person.KeyPress(ImGuiKey_Escape);
        person.Yield(2);
      }
    });
  }
}

/// Where plots need its room the foot of the window says where it is.
TEST(Inspector, IsAClickAwayWhereItIsHidden) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    ASSERT_FALSE(is_seen(person, "//###inspector"));
    EXPECT_TRUE(is_on_screen("Inspector: F3"));
    EXPECT_EQ(faults_of_text(), std::vector<std::string>());
    person.ItemClick("//###status/###inspector");
    person.Yield(3);
    EXPECT_TRUE(is_seen(person, "//###inspector"));
    EXPECT_FALSE(is_on_screen("Inspector: F3"));
    person.KeyPress(ImGuiKey_F3);
    person.KeyPress(ImGuiKey_F9);  // the plots alone
    person.Yield(3);
    EXPECT_FALSE(is_on_screen("Inspector: F3"));
  });
}

}  // namespace
}  // namespace nanscope
