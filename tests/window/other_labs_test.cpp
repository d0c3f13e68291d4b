#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// What is done in one lab, and what the others hold meanwhile.
namespace nanscope {
namespace {

const Demo& first_demo() { return demo_named("explode"); }

void show_lab(ImGuiTestContext& person, ImGuiKey number) {
  person.KeyPress(ImGuiMod_Alt | number);
  person.Yield(3);
}

void set(WindowHarness& window, ImGuiTestContext& person, const char* choice) {
  ASSERT_TRUE(window.shell().run_action(std::string("set.") + choice)) << choice;
  person.Yield(3);
}

void press_control(ImGuiTestContext& person, ImGuiKey key) {
  person.KeyPress(ImGuiMod_Ctrl | key);
  person.Yield(3);
}

TEST(OtherLabs, KeepWhatTheyHoldWhenOneGoesBackToItsDemo) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const auto now = [&]() -> const Experiment& { return window.shell().experiment(); };
    show_lab(person, ImGuiKey_4);
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.25");
    show_lab(person, ImGuiKey_3);
    person.ItemClick("//###plots/###chain");
    person.KeyCharsReplace("arange(6).view(2,3)");
    show_lab(person, ImGuiKey_2);
    person.ItemClick("//###controls/###input");
    person.KeyCharsReplaceEnter("0.7");
    show_lab(person, ImGuiKey_1);
    set(window, person, "init.scheme=kaiming");
    ASSERT_EQ(now().network.init.scheme, InitScheme::kaiming);
    press_control(person, ImGuiKey_R);
    EXPECT_EQ(now().network, first_demo().experiment.network);
    EXPECT_FALSE(window.shell().run_action("edit.reset"));  // there is nothing more to take back
    EXPECT_EQ(window.shell().window_title(), first_demo().title + " - NaNscope");
    show_lab(person, ImGuiKey_2);
    EXPECT_EQ(now().numbers.input, "0.7");
    show_lab(person, ImGuiKey_3);
    EXPECT_EQ(now().tensors.expression, "arange(6).view(2,3)");
    EXPECT_EQ(now().training.optimizer.lr, 0.25);
    // One step, in the lab in which it was made.
    press_control(person, ImGuiKey_Z);
    EXPECT_EQ(now().lab, LabName::signal);
    EXPECT_EQ(now().network.init.scheme, InitScheme::kaiming);
    EXPECT_EQ(now().numbers.input, "0.7");
  });
}

TEST(OtherLabs, AChangeInOneLeavesTheHintOfAnothersDemo) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    show_lab(person, ImGuiKey_2);
    set(window, person, "numbers.view=accumulation");
    show_lab(person, ImGuiKey_1);
    EXPECT_TRUE(is_on_screen(first_demo().summary));
    EXPECT_FALSE(is_on_screen("Changed since"));
    EXPECT_EQ(window.shell().window_title(), first_demo().title + " - NaNscope");
    set(window, person, "precision=fp64");
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_TRUE(is_on_screen("Changed since it was opened"));
    EXPECT_EQ(window.shell().window_title(), first_demo().title + "* - NaNscope");
  });
}

TEST(OtherLabs, LeaveEachOthersControlsWhereTheyAreScrolledTo) {
  WindowHarness window({.size = {1280, 600}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ImGuiWindow& controls = *person.GetWindowByRef("//###controls");
    person.ScrollToBottom("//###controls");
    person.Yield(2);
    const float left = controls.Scroll.y;
    ASSERT_GT(left, 100);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
    person.Yield(3);
    EXPECT_EQ(controls.Scroll.y, 0);
    // From its first frame on, also out of a lab with less to scroll.
    EXPECT_LT(controls.ScrollMax.y, left);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    ASSERT_TRUE(window.wait_until(
        person, [&] { return window.shell().experiment().lab == LabName::signal; }));
    for (int frame = 0; frame < 4; ++frame) {
      person.Yield();
      EXPECT_EQ(controls.Scroll.y, left) << frame;
    }
  });
}

TEST(OtherLabs, AnOpenedPictureIsNoDemoToHaveBeenChosen) {
  ShellOptions options;
  options.experiment = first_demo().experiment;
  options.document_path = "slide.png";
  WindowHarness window({.shell = options});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_TRUE(is_on_screen(first_demo().summary));
    show_lab(person, ImGuiKey_2);
    set(window, person, "numbers.view=accumulation");
    show_lab(person, ImGuiKey_1);
    EXPECT_TRUE(is_on_screen(first_demo().summary));
    set(window, person, "precision=fp64");
    EXPECT_TRUE(is_on_screen("Changed since it was opened"));
  });
}

TEST(Undo, SaysWhatAnotherLabGotBack) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    ASSERT_TRUE(window.shell().run_action("demo.view_refused"));
    person.Yield(3);
    show_lab(person, ImGuiKey_1);
    press_control(person, ImGuiKey_Z);
    EXPECT_TRUE(is_on_screen("Tensors: back to chain arange(24)"));
  });
}

TEST(Undo, SaysWhatBecameOfB) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemInputValue(field_of("init.gain").c_str(), "0.08838834764831845");
    ASSERT_TRUE(window.shell().run_action("compare.keep"));
    person.Yield(3);
    set(window, person, "precision=fp16");
    press_control(person, ImGuiKey_Z);
    EXPECT_TRUE(is_on_screen("Signal: back to precision fp32"));
    EXPECT_FALSE(is_on_screen("back to precision fp32,"));  // B is as it was
    press_control(person, ImGuiKey_Z);
    EXPECT_TRUE(is_on_screen("Signal: back to no comparison"));
    press_control(person, ImGuiKey_Y);
    EXPECT_TRUE(is_on_screen("Signal: back to a comparison with the same settings"));
    person.ItemInputValue(field_of("init.gain").c_str(), "1");
    ASSERT_TRUE(window.shell().run_action("compare.end"));
    person.Yield(3);
    press_control(person, ImGuiKey_Z);
    EXPECT_TRUE(is_on_screen("Signal: back to a comparison with gain 0.0883883"));
    EXPECT_FALSE(is_on_screen("0.08838834764831845"));
  });
}

}  // namespace
}  // namespace nanscope
