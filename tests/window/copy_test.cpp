#include <gtest/gtest.h>

#include <string>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"

// Numbers to take along.
namespace nanscope {
namespace {

/// The first point of a window, from the top, where the pointer is a hand over a number.
bool move_to_a_number(ImGuiTestContext& person, const ImGuiWindow& window) {
  const ImRect room = window.InnerRect;
  for (float y = room.Min.y + 4; y < room.Max.y; y += 6) {
    person.MouseMoveToPos({room.Max.x - ImGui::GetFontSize() * 1.5f, y});
    person.Yield();
    if (ImGui::GetMouseCursor() == ImGuiMouseCursor_Hand) return true;
  }
  return false;
}

TEST(Copy, AClickOnANumberOfTheInspectorCopiesIt) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    ASSERT_TRUE(window.shell().experiment().lab == LabName::signal);
    mouse.Yield(2);
    ImGui::SetClipboardText("");
    ASSERT_TRUE(move_to_a_number(mouse, *mouse.GetWindowByRef("//###inspector")));
    mouse.MouseClick();
    mouse.Yield();
    const std::string number = ImGui::GetClipboardText();
    EXPECT_NE(number.find_first_of("0123456789"), std::string::npos);
    mouse.MouseClick(ImGuiMouseButton_Right);
    mouse.Yield(2);
    mouse.ItemClick("//$FOCUSED/###menu.copy_table");
    EXPECT_NE(std::string(ImGui::GetClipboardText()).find("\t" + number + "\n"), std::string::npos);
  });
}

TEST(Copy, TheMenuOfAControlCopiesItsValueAndGoesBack) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy 0.0625");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy init.gain=0.0625");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "init.gain=0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###reset");
    EXPECT_EQ(window.shell().experiment().network.init.gain, 1);
  });
}

}  // namespace
}  // namespace nanscope
