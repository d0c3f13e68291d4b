#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

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

TEST(Keyboard, ALabThatIsAskedForByKeyIsTypedInto) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const auto press = [&](ImGuiKeyChord keys) {
      keyboard.KeyPress(keys);
      keyboard.Yield(4);
    };
    const auto typing = [] { return ImGui::GetIO().WantTextInput; };
    press(ImGuiMod_Alt | ImGuiKey_2);
    keyboard.KeyChars("1/3");
    keyboard.Yield(2);
    EXPECT_EQ(window.shell().experiment().numbers.input, "1/3");
    press(ImGuiMod_Alt | ImGuiKey_3);
    keyboard.KeyChars("arange(6)");
    keyboard.Yield(2);
    EXPECT_EQ(window.shell().experiment().tensors.expression, "arange(6)");
    // Where the next key is none of a text, it is the lab's.
    press(ImGuiMod_Alt | ImGuiKey_1);
    EXPECT_FALSE(typing());
    press(ImGuiMod_Alt | ImGuiKey_4);
    EXPECT_FALSE(typing());
    press(ImGuiMod_Alt | ImGuiKey_3);
    press(ImGuiKey_Escape);
    press(ImGuiMod_Shift | ImGuiKey_F9);
    press(ImGuiMod_Alt | ImGuiKey_2);
    EXPECT_FALSE(typing());
    press(ImGuiMod_Alt | ImGuiKey_3);
    EXPECT_FALSE(typing());
    EXPECT_EQ(window.shell().experiment().tensors.expression, "arange(6)");
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

/// With the explode demo: the last layer as large as the input, by a gain that is typed.
TEST(Keyboard, AGainIsFoundAtWhichTheSignalStays) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const auto ratio = [&] {
      const auto pass = window.session().view().results.latest<SignalRequest>();
      return pass->layers.back().of(SignalTensor::activation).variance /
             (pass->input.second_moment - pass->input.mean * pass->input.mean);
    };
    keyboard.ItemInputValue(field_of("init.gain").c_str(), "sqrt(2/512)");
    EXPECT_DOUBLE_EQ(window.shell().experiment().network.init.gain, 0.0625);
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    // The variance goes with gain^100 in fifty layers.
    const double wanted = 0.0625 * std::pow(ratio(), -0.01);
    keyboard.ItemInputValue(field_of("init.gain").c_str(), fmt::format("{:.7g}", wanted).c_str());
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    EXPECT_NEAR(ratio(), 1, 0.01);
  });
}

TEST(Keyboard, ArrowsWithCtrlOrAltLeaveTheFocusWhereItIs) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const auto gain = [&] { return window.shell().experiment().network.init.gain; };
    const auto presses = [&](const char* place) {
      const ImGuiID focused = imgui().NavId;
      for (const ImGuiKeyChord keys :
           {ImGuiMod_Ctrl | ImGuiKey_DownArrow, ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_UpArrow,
            ImGuiMod_Alt | ImGuiKey_DownArrow, ImGuiMod_Ctrl | ImGuiKey_UpArrow}) {
        const double before = gain();
        keyboard.KeyPress(keys);
        keyboard.Yield(3);
        EXPECT_NE(gain(), before) << place << " " << ImGui::GetKeyChordName(keys);
        EXPECT_EQ(imgui().NavId, focused) << place << " " << ImGui::GetKeyChordName(keys);
      }
    };
    presses("nowhere");
    keyboard.NavMoveTo(slider_of("model.depth").c_str());
    presses("slider");
    keyboard.KeyPress(ImGuiKey_DownArrow);
    keyboard.Yield(2);
    EXPECT_NE(imgui().NavId, keyboard.ItemInfo(slider_of("model.depth").c_str()).ID);
    keyboard.SetRef(keyboard.WindowInfo("//###plots/forward_variance").Window);
    keyboard.NavMoveTo("forward_variance/###chart");
    presses("chart");
    // What has the focus shows no help over itself.
    keyboard.SleepNoSkip(1.5f, 0.1f);
    EXPECT_EQ(imgui().TooltipPreviousWindow, nullptr);
  });
}

TEST(Keyboard, WhatADialogCoversDoesNothing) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const Experiment before = window.shell().experiment();
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
    keyboard.Yield(3);
    ASSERT_TRUE(keyboard.ItemExists("//###export/###next"));
    for (const ImGuiKeyChord keys : {ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_E,
                                     ImGuiMod_Ctrl | ImGuiKey_UpArrow, ImGuiMod_Alt | ImGuiKey_2})
      keyboard.KeyPress(keys);
    keyboard.Yield(3);
    EXPECT_FALSE(is_on_screen("Making the picture"));
    EXPECT_FALSE(is_on_screen("Exported"));
    EXPECT_EQ(window.shell().experiment(), before);
    EXPECT_TRUE(keyboard.ItemExists("//###export/###next"));
    keyboard.KeyPress(ImGuiKey_Escape);
    keyboard.Yield(2);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_UpArrow);
    EXPECT_NE(window.shell().experiment(), before);
  });
}

}  // namespace
}  // namespace nanscope
