#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Where dialogs and lists stand, and what they mark as wrong.
namespace nanscope {
namespace {

/// Whether some pixel of a part of the screen is clearly red.
bool is_red(const Pixels& pixels, const ImRect& part) {
  for (int y = static_cast<int>(part.Min.y); y < static_cast<int>(part.Max.y); ++y)
    for (int x = static_cast<int>(part.Min.x); x < static_cast<int>(part.Max.x); ++x) {
      const auto at = static_cast<std::size_t>(y * pixels.width + x) * 4;
      if (pixels.rgba[at] > pixels.rgba[at + 1] + 60) return true;
    }
  return false;
}

TEST(ExportDialog, ASizeThatIsNotAskedForIsNotMarkedAsWrong) {
  ShellOptions options;
  options.settings.theme = ThemeId::light;
  WindowHarness window({.shell = options});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    person.Yield(3);
    const auto field_is_red = [&] {
      person.MouseMoveToPos({5, 795});
      person.Yield(3);
      return is_red(window.look(person), person.ItemInfo("//###export/##width").RectFull);
    };
    person.ItemClick("//###export/size/custom");
    person.ItemInputValue("//###export/##width", "99999");
    EXPECT_TRUE(field_is_red());
    person.ItemClick("//###export/size/4x: 7680 x 4320");
    EXPECT_FALSE(field_is_red());
  });
}

TEST(ExportDialog, ComesInTheMiddleTheFirstTimeToo) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
    WindowHarness window({.size = size});
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      for (int time = 0; time < 2; ++time) {
        person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
        person.SleepNoSkip(0.5f, 0.1f);
        const ImVec2 middle = person.WindowInfo("//###export").RectFull.GetCenter();
        EXPECT_NEAR(middle.x, size.x / 2, 2) << time;
        EXPECT_NEAR(middle.y, size.y / 2, 2) << time;
        person.KeyPress(ImGuiKey_Escape);
        person.Yield(2);
      }
    });
  }
}

TEST(ListOfKeys, StandsWholeBetweenTheMenuAndTheFootBar) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 720}, {1280, 800}, {1920, 1080}}) {
      ShellOptions options;
      options.settings.theme = theme;
      WindowHarness window({.shell = options, .size = size});
      window.run([&](ImGuiTestContext& person) {
        person.KeyPress(ImGuiKey_F1);
        person.Yield(4);
        const ImRect list = person.WindowInfo("//###shortcuts").RectFull;
        EXPECT_GE(list.Min.y, person.WindowInfo("//##MainMenuBar").RectFull.Max.y);
        EXPECT_LE(list.Max.y, person.WindowInfo("//###status").RectFull.Min.y) << size.x;
        const ImGuiWindow* window_of_list = person.GetWindowByRef("//###shortcuts");
        EXPECT_EQ(window_of_list->ScrollMax.y, 0) << size.x << " " << size.y;
        EXPECT_LE(window_of_list->ContentSize.x, window_of_list->InnerRect.GetWidth());
        EXPECT_GE(list.Min.x, 0);
        EXPECT_LE(list.Max.x, size.x);
      });
    }
}

}  // namespace
}  // namespace nanscope
