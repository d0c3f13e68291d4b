#include <gtest/gtest.h>

#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "harness.h"
#include "imgui_impl_null.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "ui/shell/toasts.h"
#include "ui/theme/theme.h"

// What would be in the way: panels that were hidden, notes.
namespace nanscope {
namespace {

bool is_there(ImGuiTestContext& person, const char* name) {
  const ImGuiWindow* window = person.GetWindowByRef(name);
  return window && window->WasActive && !window->Hidden;
}

TEST(PlotsAlone, TheSecondF9BringsBackWhatWasThere) {
  WindowHarness window(themed_window(ThemeId::projector, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const auto after = [&](std::vector<ImGuiKey> keys) {
      for (const ImGuiKey key : keys) {
        person.KeyPress(key);
        person.Yield(3);
      }
      return std::pair(is_there(person, "//###controls"), is_there(person, "//###inspector"));
    };
    const std::pair nothing(false, false), controls(true, false), inspector(false, true);
    ASSERT_EQ(after({}), controls);
    EXPECT_EQ(after({ImGuiKey_F9}), nothing);
    EXPECT_EQ(after({ImGuiKey_F9}), controls);
    EXPECT_EQ(after({ImGuiKey_F9, ImGuiKey_Escape}), controls);
    EXPECT_EQ(after({ImGuiKey_F2, ImGuiKey_F3}), inspector);
    EXPECT_EQ(after({ImGuiKey_F9, ImGuiKey_F9}), inspector);
    // What was hidden one by one comes back as the window has room for.
    EXPECT_EQ(after({ImGuiKey_F3, ImGuiKey_F9}), controls);
  });
}

/// A picture of a hall takes seconds to draw; what is said after it is read all the same.
TEST(Toasts, StayFourSecondsHoweverLongTheFrameBeforeThemTook) {
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui_ImplNull_Init();
  Style style = make_style(ThemeId::light, load_fonts());
  apply(style);
  ImGui::GetIO().DisplaySize = {1280, 800};
  Toasts toasts;
  const auto frame = [&](float seconds) {
    ImGui::GetIO().DeltaTime = seconds;
    ImGui_ImplNull_NewFrame();
    ImGui::GetIO().DeltaTime = seconds;
    ImGui::NewFrame();
    toasts.draw(style, false);
    ImGui::EndFrame();
    return toasts.seconds_left();
  };
  toasts.add("Exported lecture.png");
  EXPECT_EQ(frame(6), 4);
  EXPECT_EQ(frame(1), 3);
  EXPECT_EQ(frame(3), std::numeric_limits<double>::infinity());
  ImGui_ImplNull_Shutdown();
  ImGui::DestroyContext();
}

/// A note lies over nothing that is worked on or read.
TEST(Toasts, LieOverTheStatusBarAndInAHallAtItsFoot) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      WindowHarness window(themed_window(theme, size));
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        const auto notes = [&] {
          person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_N);
          person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
          person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_C);
          person.Yield(4);
          std::vector<ImRect> places;
          for (const ImGuiWindow* one : ImGui::GetCurrentContext()->Windows)
            if (one->WasActive && !one->Hidden &&
                std::string_view(one->Name).starts_with("###toast"))
              places.push_back(one->Rect());
          return places;
        };
        const ImRect bar = person.GetWindowByRef("//###status")->Rect();
        const std::vector<ImRect> in_window = notes();
        EXPECT_EQ(in_window.size(), 2u);
        for (const ImRect& one : in_window) EXPECT_TRUE(bar.Contains(one)) << size.x;
        EXPECT_FALSE(in_window.front().Overlaps(in_window.back()));
        person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
        person.Yield(3);
        const std::vector<ImRect> in_hall = notes();
        EXPECT_GE(in_hall.size(), 1u);
        const ImRect slider = person.ItemInfo("//###hall/init.gain/##slider").RectFull;
        for (const ImRect& one : in_hall) {
          EXPECT_GE(one.Min.y, slider.Max.y) << size.x;
          EXPECT_LE(one.Max.y, size.y) << size.x;
          EXPECT_GE(one.Min.x, 0) << size.x;
        }
      });
    }
}

}  // namespace
}  // namespace nanscope
