#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"

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
