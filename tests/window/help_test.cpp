#include <gtest/gtest.h>

#include <vector>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Help that is in nobody's way.
namespace nanscope {
namespace {

std::vector<const ImGuiWindow*> seen_tooltips() {
  std::vector<const ImGuiWindow*> found;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if ((window->Flags & ImGuiWindowFlags_Tooltip) && window->Active && !window->Hidden)
      found.push_back(window);
  return found;
}

TEST(Help, StandsInItsPanelAndCoversNeitherTheControlNorThePlots) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    ShellOptions options;
    options.settings.theme = theme;
    WindowHarness window({.shell = options});
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      for (const char* key : {"init.gain", "model.depth", "batch"}) {
        const ImRect control = person.ItemInfo(slider_of(key).c_str()).RectFull;
        person.MouseMove(slider_of(key).c_str());
        person.SleepNoSkip(1.0f, 1.0f / 60);
        const auto tooltips = seen_tooltips();
        ASSERT_EQ(tooltips.size(), 1u) << key;
        EXPECT_FALSE(tooltips.front()->Rect().Overlaps(control)) << key;
        EXPECT_FALSE(tooltips.front()->Rect().Overlaps(person.GetWindowByRef("//###plots")->Rect()))
            << key;
        person.MouseMoveToPos({5, ImGui::GetIO().DisplaySize.y - 2});
        person.Yield(2);
      }
    });
  }
}

TEST(Help, SetsItsFormulas) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const auto help_of = [&](const std::string& item) {
      person.MouseMove(item.c_str());
      person.SleepNoSkip(1.0f, 1.0f / 60);
      EXPECT_EQ(seen_tooltips().size(), 1u) << item;
      std::vector<Letter> letters = letters_on_screen();
      std::erase_if(
          letters, [](const Letter& one) { return one.window.find("Tooltip") == one.window.npos; });
      return letters;
    };
    for (const char* key : {"init.gain", "init.scheme"}) {
      const std::string item =
          key == std::string("init.gain") ? slider_of(key) : choice_of(key, "normal");
      const std::vector<Letter> letters = help_of(item);
      ASSERT_FALSE(letters.empty()) << key;
      const float body = ImGui::GetFontSize();
      for (const Letter& one : letters) {
        EXPECT_NE(one.code, '^') << key;
        EXPECT_NE(one.code, '$') << key;
      }
      // An exponent: smaller, and higher than the letter before it.
      const auto raised = [&](std::size_t i) {
        return letters[i].size < 0.85f * body && letters[i].low.y < letters[i - 1].low.y;
      };
      bool any = false;
      for (std::size_t i = 1; i < letters.size(); ++i)
        any = any || ((letters[i].code == '2' || letters[i].code == 'T') && raised(i));
      EXPECT_TRUE(any) << key;
    }
  });
}

TEST(Help, IsSilentOnAControlThatWasJustDragged) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemDragWithDelta(slider_of("init.gain").c_str(), {-30, 0});
    person.SleepNoSkip(2.0f, 1.0f / 60);
    EXPECT_TRUE(seen_tooltips().empty());
    // Who comes back to it is told.
    person.MouseMove(slider_of("model.depth").c_str());
    person.Yield(2);
    person.MouseMove(slider_of("init.gain").c_str());
    person.SleepNoSkip(1.0f, 1.0f / 60);
    EXPECT_EQ(seen_tooltips().size(), 1u);
  });
}

}  // namespace
}  // namespace nanscope
