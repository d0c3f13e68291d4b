#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "screen_text.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/text/text.h"

// What is read of a layer covers neither curves nor several plots.
namespace nanscope {
namespace {

ImRect place_of(ImGuiTestContext& person, std::string_view plot) {
  return person.WindowInfo(("//###plots/" + std::string(plot)).c_str()).RectFull;
}

bool has_inspector(ImGuiTestContext& person) {
  const ImGuiWindow* window = person.GetWindowByRef("//###inspector");
  return window && window->WasActive;
}

/// The reading of the place under the pointer, or null; help stands on the status bar.
const ImGuiWindow* reading() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  if (!tooltip || !tooltip->Active || tooltip->Hidden) return nullptr;
  return ImGui::FindWindowByName("###status")->Rect().Overlaps(tooltip->Rect()) ? nullptr : tooltip;
}

TEST(Card, TakesThePlaceOfOnePlotAndSaysWhyThereIsNoBand) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
    WindowHarness window(themed_window(ThemeId::projector, size));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      if (has_inspector(person)) person.KeyPress(ImGuiKey_F3);
      person.Yield(3);
      float share = 0.78f;  // another layer each time; in these fp32 has overflowed: no band holds
      for (const SignalPlot& one : signal_plots()) {
        const ImRect plot = place_of(person, one.name);
        person.MouseMoveToPos({plot.Min.x + share * plot.GetWidth(), plot.GetCenter().y});
        share += 0.04f;
        person.MouseClick();
        person.Yield(4);
        const ImRect card = person.GetWindowByRef("//###card")->Rect();
        int covered = 0;
        for (const SignalPlot& other : signal_plots())
          covered += card.Overlaps(place_of(person, other.name));
        EXPECT_EQ(covered, 1) << one.name << " " << size.x;
        EXPECT_FALSE(card.Overlaps(plot)) << one.name << " " << size.x;
        EXPECT_TRUE(is_on_screen("No band (")) << one.name << " " << size.x;
        person.KeyPress(ImGuiKey_Escape);
        person.Yield(2);
      }
    });
  }
}

TEST(Reading, LiesOverThePlotsHeadNotOverItsCurves) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      WindowHarness window(themed_window(theme, size));
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        person.Yield(3);
        for (const SignalPlot& one : signal_plots()) {
          const ImRect plot = place_of(person, one.name);
          float top = 0;  // of the plot area: the first place that is read
          for (float y = plot.Min.y + 20; y < plot.Max.y && top == 0; y += 2) {
            person.MouseMoveToPos({plot.Min.x + 0.6f * plot.GetWidth(), y});
            person.Yield(2);
            if (reading()) top = y;
          }
          ASSERT_GT(top, 0) << one.name;
          for (const float share : {0.3f, 0.6f, 0.9f}) {
            person.MouseMoveToPos(
                {plot.Min.x + share * plot.GetWidth(), (top + plot.Max.y) / 2 - 20});
            person.Yield(3);
            ASSERT_TRUE(reading()) << one.name << share;
            const ImRect words = reading()->Rect();
            EXPECT_LE(words.Max.y, top) << one.name << " " << size.x << name_of(theme);
            EXPECT_GE(words.Min.x, plot.Min.x) << one.name << " " << size.x << name_of(theme);
            EXPECT_LE(words.Max.x, plot.Max.x) << one.name << " " << size.x << name_of(theme);
          }
        }
      });
    }
}

TEST(Plots, TakeHalfOfTheWindowBesideControlsAndInspector) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    WindowHarness window(themed_window(theme, {1920, 1080}));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      ASSERT_TRUE(has_inspector(person));
      EXPECT_GE(person.GetWindowByRef("//###plots")->Size.x, 1920 / 2) << name_of(theme);
    });
  }
}

TEST(Inspector, BesideItNothingOfThePlotsIsCutWithDots) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1280, 720}}) {
    HarnessOptions options = themed_window(ThemeId::projector, size);
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      for (const char* demo : {"explode", "fp16_overflows", "vanish"}) {
        ASSERT_TRUE(window.shell().run_action(std::string("demo.") + demo));
        ASSERT_TRUE(window.wait_for_pass(person));
        if (!has_inspector(person)) person.KeyPress(ImGuiKey_F3);
        person.Yield(4);
        for (const SignalPlot& one : signal_plots()) {
          const std::string words = letters_within(place_of(person, one.name).ToVec4());
          EXPECT_EQ(words.find("..."), std::string::npos) << demo << " " << size.y << " " << words;
        }
      }
    });
  }
}

}  // namespace
}  // namespace nanscope
