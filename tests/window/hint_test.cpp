#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// What a demo wants people to look at stands above the plots while the experiment is the demo's.
namespace nanscope {
namespace {

/// Whether words that can be copied by a right click stand in the upper part of the plots' panel.
bool shows(ImGuiTestContext& person, const std::string& words) {
  const ImRect room = person.GetWindowByRef("//###plots")->InnerRect;
  const std::string entry = "//$FOCUSED/###copy " + words;
  for (float y = room.Min.y + 4; y < room.Min.y + 260; y += 7) {
    person.MouseMoveToPos({room.Min.x + 3 * ImGui::GetFontSize(), y});
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    const bool found = person.ItemExists(entry.c_str());
    person.KeyPress(ImGuiKey_Escape);
    person.Yield();
    if (found) return true;
  }
  return false;
}

std::string hint_of(const std::string& name) { return demo_named(name).summary; }

TEST(Hint, OfADemoGivesWayToWhatIsTrueNow) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_TRUE(shows(person, hint_of("explode")));
    person.ItemInputValue(field_of("init.gain").c_str(), "0.0625");
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_FALSE(shows(person, hint_of("explode")));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_R);
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_TRUE(shows(person, hint_of("explode")));
  });
}

TEST(Hint, StandsApartFromASentenceOfTwoLines) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    HarnessOptions options = themed_window(theme, {1024, 600});
    options.shell.experiment = demo_named("vanish").experiment;
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.Yield(3);
      const std::vector<Letter> letters = letters_on_screen();
      const auto first = std::ranges::find_if(letters, [&](const Letter& one) {
        return line_of(letters, one.run).starts_with("Weights of 0.01");
      });
      ASSERT_NE(first, letters.end());
      ASSERT_NE(first, letters.begin());
      float above = 0, below = 0;  // the sentence's last line, drawn right before the hint
      for (const Letter& one : letters) {
        if (one.run == std::prev(first)->run) above = std::max(above, one.high.y);
        if (one.run == first->run) below = below == 0 ? one.low.y : std::min(below, one.low.y);
      }
      ASSERT_GT(above, 0);
      EXPECT_GE(below - above, 0.3f * first->size) << name_of(theme);
    });
  }
}

TEST(Hint, OfARefusedChainStandsBelowTheRefusal) {
  HarnessOptions options;
  options.shell.experiment = demo_named("view_refused").experiment;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] {
      const auto chain = window.session().view().results.latest<TensorRequest>();
      return chain && chain->error;
    }));
    person.Yield(2);
    EXPECT_TRUE(shows(person, hint_of("view_refused")));
  });
}

}  // namespace
}  // namespace nanscope
