#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"

// The window without a mouse.
namespace nanscope {
namespace {

ImGuiContext& imgui() { return *ImGui::GetCurrentContext(); }

std::string focused_panel() { return imgui().NavWindow ? imgui().NavWindow->RootWindow->Name : ""; }

TEST(Keyboard, AltAndADigitChangeTheLabWhileATextIsTyped) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const auto lab = [&] { return window.shell().experiment().lab; };
    keyboard.ItemClick(field_of("init.gain").c_str());
    keyboard.KeyCharsReplace("0.5");
    keyboard.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
    keyboard.Yield(2);
    EXPECT_EQ(lab(), LabName::numbers);
    EXPECT_EQ(window.shell().experiment().network.init.gain, 0.5);  // what was typed counts
    keyboard.ItemClick("//###controls/###input");
    keyboard.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    keyboard.Yield(2);
    EXPECT_EQ(lab(), LabName::tensors);
    const std::string chain = window.shell().experiment().tensors.expression;
    keyboard.ItemClick("//###plots/###chain");
    keyboard.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    keyboard.Yield(2);
    EXPECT_EQ(lab(), LabName::signal);
    EXPECT_EQ(window.shell().experiment().tensors.expression, chain);
  });
}

TEST(Keyboard, EscapeClosesTheFileChooserWhileItsFieldIsTypedInto) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
    keyboard.Yield(3);
    ASSERT_TRUE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
    keyboard.KeyPress(ImGuiKey_Escape);
    keyboard.Yield(3);
    EXPECT_FALSE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P);
    keyboard.Yield(3);
    ASSERT_TRUE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
    keyboard.KeyPress(ImGuiKey_Escape);
    keyboard.Yield(3);
    EXPECT_FALSE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
  });
}

TEST(Keyboard, OneTabAfterChoosingADemoShowsTheFocus) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.MenuClick("//##MainMenuBar/###menu.demo/###demo.fp16_overflows");
    person.Yield(2);
    person.KeyPress(ImGuiKey_Tab);
    person.Yield(2);
    EXPECT_TRUE(imgui().NavCursorVisible || imgui().ActiveId != 0);
    EXPECT_NE(imgui().NavId, 0u);
    EXPECT_EQ(focused_panel(), imgui().NavWindow ? "###controls" : "");
  });
}

/// Tab goes through every panel and comes round, backward too, and what has the focus is seen.
TEST(Keyboard, TabReachesEveryPanelInEveryTheme) {
  for (const auto& [theme, name] : Names<ThemeId>::all) {
    ShellOptions options;
    options.settings.theme = theme;
    WindowHarness window({.shell = options, .size = {1920, 1080}});
    window.run([&, name = name](ImGuiTestContext& keyboard) {
      ASSERT_TRUE(window.wait_for_pass(keyboard));
      for (const bool forward : {true, false}) {
        std::map<std::string, std::set<ImGuiID>> reached;
        bool came_round = false;
        ImGuiID first = 0;
        for (int i = 0; i < 250 && !came_round; ++i) {
          keyboard.KeyPress(forward ? ImGuiKeyChord{ImGuiKey_Tab} : ImGuiMod_Shift | ImGuiKey_Tab);
          keyboard.Yield(3);
          const ImGuiID id = imgui().NavId;
          ASSERT_NE(id, 0u) << name << " " << i;
          EXPECT_TRUE(imgui().NavCursorVisible || imgui().ActiveId == id) << name << " " << i;
          came_round = id == first;
          if (first == 0) first = id;
          reached[focused_panel()].insert(id);
        }
        EXPECT_TRUE(came_round) << name;
        EXPECT_GT(reached["###controls"].size(), 30u) << name;
        EXPECT_GE(reached["###plots"].size(), 5u) << name;  // four plots and the tensor
        keyboard.KeyPress(ImGuiKey_Escape);
        keyboard.Yield(2);
      }
    });
  }
}

/// With the explode demo and the keys alone: the last layer as large as the input.
TEST(Keyboard, KeysFindTheGainAtWhichTheSignalStays) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const auto ratio = [&] {
      const auto pass = window.session().view().results.latest<SignalRequest>();
      return pass->layers.back().of(SignalTensor::activation).variance /
             (pass->input.second_moment - pass->input.mean * pass->input.mean);
    };
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "sqrt(2/512)");
    EXPECT_DOUBLE_EQ(window.shell().experiment().network.init.gain, 0.0625);
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.NavMoveTo(slider_of("init.gain").c_str());
    // The ratio goes with gain^100: from coarse to fine, until it has changed sides.
    for (const ImGuiKeyChord modifiers :
         {ImGuiKeyChord{0}, ImGuiKeyChord{ImGuiMod_Alt}, ImGuiMod_Alt | ImGuiMod_Shift}) {
      const bool too_large = ratio() > 1;
      for (int i = 0; i < 20 && (ratio() > 1) == too_large; ++i) {
        keyboard.KeyPress(modifiers | (too_large ? ImGuiKey_LeftArrow : ImGuiKey_RightArrow));
        ASSERT_TRUE(window.wait_for_pass(keyboard));
      }
    }
    EXPECT_NEAR(ratio(), 1, 0.01);
  });
}

}  // namespace
}  // namespace nanscope
