#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Demos in the window: found by lab and title, one after the other by key; and what they leave of
// other labs.
namespace nanscope {
namespace {

constexpr ImGuiKeyChord kNext = ImGuiMod_Ctrl | ImGuiKey_PageDown;
constexpr ImGuiKeyChord kPrevious = ImGuiMod_Ctrl | ImGuiKey_PageUp;

std::string title_on_screen(WindowHarness& window) {
  const std::string title = window.shell().window_title();
  return title.substr(0, title.find(" - NaNscope"));
}

void choose_demo(ImGuiTestContext& mouse, const std::string& name) {
  mouse.MenuClick(("//##MainMenuBar/###menu.demo/###demo." + name).c_str());
  mouse.Yield(2);
}

TEST(Demos, TheMenuListsTitlesByLab) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.MenuAction(ImGuiTestAction_Hover, "//##MainMenuBar/###menu.demo/###demo.tenth");
    ASSERT_FALSE(ImGui::GetCurrentContext()->OpenPopupStack.empty());
    // What stands in the open menu, from top to bottom.
    const ImGuiWindow* menu = ImGui::GetCurrentContext()->OpenPopupStack.back().Window;
    ASSERT_NE(menu, nullptr);
    const Demo* above = nullptr;
    float bottom = 0, between = 0;
    for (const Demo& demo : all_demos()) {
      const ImGuiTestItemInfo item =
          mouse.ItemInfo(mouse.GetID(("###demo." + demo.name).c_str(), menu->ID));
      ASSERT_NE(item.ID, 0u) << demo.name;
      // Dear ImGui keeps the beginning of a label.
      EXPECT_THAT(demo.title + "###demo." + demo.name, testing::StartsWith(item.DebugLabel));
      const float gap = item.RectFull.Min.y - bottom;
      if (above && above->experiment.lab == demo.experiment.lab)
        between = gap;
      else  // the lab's name stands there
        EXPECT_GT(gap, between + ImGui::GetFontSize() * 0.8f) << demo.title;
      bottom = item.RectFull.Max.y;
      above = &demo;
    }
    for (const char* step : {"###demos.next", "###demos.previous"})
      EXPECT_TRUE(mouse.ItemExists(mouse.GetID(step, menu->ID))) << step;
    choose_demo(mouse, "loss_scaling_window");
    EXPECT_EQ(title_on_screen(window), "Loss scaling moves gradients into fp16");
  });
}

TEST(Demos, FollowOneAnotherByKey) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const std::size_t count = all_demos().size();
    for (std::size_t i = 1; i <= count; ++i) {
      keyboard.KeyPress(kNext);
      keyboard.Yield(2);
      const Demo& demo = all_demos()[i % count];
      EXPECT_EQ(title_on_screen(window), demo.title);
      EXPECT_EQ(window.shell().experiment(), demo.experiment);
    }
    keyboard.KeyPress(kPrevious);
    keyboard.Yield(2);
    EXPECT_EQ(title_on_screen(window), all_demos().back().title);
    keyboard.KeyPress(kPrevious);
    keyboard.Yield(2);
    EXPECT_EQ(title_on_screen(window), all_demos()[count - 2].title);
  });
}

TEST(Demos, TheKeysAreTheirsToWhateverHasTheFocus) {
  WindowHarness window({.shell = {.experiment = demo_named("strides").experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] {
      return window.session().view().results.latest<TensorRequest>() != nullptr;
    }));
    person.Yield(3);
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    person.ItemClick("grid 1");
    person.KeyPress(kNext);
    person.Yield(2);
    EXPECT_EQ(title_on_screen(window), demo_named("view_refused").title);
    person.ItemClick("//###plots/###chain");
    person.KeyPress(kPrevious);
    person.Yield(2);
    EXPECT_EQ(title_on_screen(window), demo_named("strides").title);
    for (int i = 0; i < 6; ++i) person.KeyPress(kPrevious);
    person.Yield(2);
    ASSERT_EQ(title_on_screen(window), demo_named("bf16_survives").title);
    person.ItemClick(field_of("init.gain").c_str());
    person.KeyPress(kNext);
    person.Yield(2);
    EXPECT_EQ(title_on_screen(window), demo_named("truncation_cuts_nothing").title);
  });
}

TEST(Demos, WithoutOneTheKeysBeginWithTheLabsFirst) {
  Experiment mine;
  mine.lab = LabName::tensors;
  mine.tensors.expression = "ones(3)";
  WindowHarness window({.shell = {.experiment = mine}});
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.KeyPress(kNext);
    keyboard.Yield(2);
    EXPECT_EQ(title_on_screen(window), demo_named("strides").title);
  });
}

TEST(Demos, ThePaletteFindsThemAndTheirKeysByTheSameTitles) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const auto choose = [&](const char* words) {
      keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P);
      keyboard.Yield(2);
      keyboard.KeyChars(words);
      keyboard.KeyPress(ImGuiKey_Enter);
      keyboard.Yield(2);
    };
    choose("kaiming repairs it");
    EXPECT_EQ(title_on_screen(window), "Kaiming repairs it");
    choose("next demo");
    EXPECT_EQ(title_on_screen(window), "tanh saturates");
  });
}

TEST(Palette, FindsEveryViewAndPlotOfEveryLabByItsTitle) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const auto shown = [&](const char* words) -> const Experiment& {
      keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P);
      keyboard.Yield(2);
      keyboard.KeyChars(words);
      keyboard.KeyPress(ImGuiKey_Enter);
      keyboard.Yield(3);
      return window.shell().experiment();
    };
    EXPECT_EQ(shown("ranges").numbers.view, "ranges");
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    EXPECT_EQ(shown("accumul").numbers.view, "accumulation");
    EXPECT_EQ(shown("Gradient variance by").view.plot, "backward_variance");
    EXPECT_EQ(window.shell().experiment().lab, LabName::signal);
    EXPECT_EQ(shown("tensors: memory").tensors.view, TensorsView::memory);
    EXPECT_EQ(shown("same sum along rows").view.plot, "memory_traversal");
    EXPECT_EQ(window.shell().experiment().tensors.view, TensorsView::timings);
    // What was looked at is no step: the first Ctrl+Z takes back the last view.
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    keyboard.Yield(2);
    EXPECT_EQ(window.shell().experiment().tensors.view, TensorsView::memory);
  });
}

TEST(Undo, SaysWhatCameBackAndInWhichLab) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemInputValue(field_of("init.gain").c_str(), "0.5");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    person.Yield(2);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().lab, LabName::signal);
    EXPECT_TRUE(is_on_screen("Signal: back to gain 1"));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Signal: back to gain 0.5"));
    EXPECT_FALSE(is_on_screen("back to gain 1"));  // one note about it
    choose_demo(person, "vanish");
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Signal: back to " + demo_named("explode").title));
  });
}

TEST(Demos, ALabKeepsItsExperimentWhileAnotherOneGetsADemo) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemInputValue(field_of("init.gain").c_str(), "0.07");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    person.Yield(2);
    person.ItemClick("//###plots/###chain");
    person.KeyCharsReplace("ones(7)");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    const Experiment signal = window.shell().experiment();
    const std::string signal_title = title_on_screen(window);
    ASSERT_EQ(signal.network.init.gain, 0.07);
    const std::string chain = signal.tensors.expression;
    ASSERT_EQ(chain, "ones(7)");

    choose_demo(person, "tenth");
    EXPECT_EQ(window.shell().experiment(), demo_named("tenth").experiment);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().tensors.expression, chain);
    choose_demo(person, "view_refused");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), demo_named("tenth").experiment);
    EXPECT_EQ(title_on_screen(window), demo_named("tenth").title);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), signal);
    EXPECT_EQ(title_on_screen(window), signal_title);
    // Something of its own replaces it.
    choose_demo(person, "vanish");
    EXPECT_EQ(window.shell().experiment(), demo_named("vanish").experiment);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), demo_named("view_refused").experiment);
  });
}

TEST(Demos, UndoTakesBackAllThatADemoSet) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    struct Seen {
      Experiment experiment;
      std::string title;
      bool operator==(const Seen&) const = default;
    };
    const auto seen = [&] {
      person.Yield(3);
      return Seen{window.shell().experiment(), window.shell().window_title()};
    };
    std::vector<Seen> steps{seen()};
    person.ItemInputValue(field_of("init.gain").c_str(), "0.5");
    steps.push_back(seen());
    for (const char* demo : {"vanish", "fp16_stalls", "strides", "loss_scaling_window"}) {
      choose_demo(person, demo);
      EXPECT_EQ(title_on_screen(window), demo_named(demo).title);
      steps.push_back(seen());
    }
    for (std::size_t i = steps.size() - 1; i-- > 0;) {
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
      EXPECT_EQ(seen(), steps[i]) << i;
    }
    for (std::size_t i = 1; i < steps.size(); ++i) {
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
      EXPECT_EQ(seen(), steps[i]) << i;
    }
    // From another lab, undo goes back to where the step was made.
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    EXPECT_EQ(title_on_screen(window), demo_named("vanish").title);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
    EXPECT_EQ(seen(), steps.back());
  });
}

/// The control's way back is the demo's of its own lab.
TEST(Demos, ResetAndHintAreThoseOfTheLabsOwnDemo) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    choose_demo(person, "vanish");
    choose_demo(person, "tenth");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    person.ItemInputValue(field_of("init.gain").c_str(), "3");
    EXPECT_EQ(window.shell().experiment().network.init.gain, 3);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_R);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), demo_named("vanish").experiment);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), demo_named("tenth").experiment);
  });
}

TEST(Demos, ResetLeavesWhatIsLookedAtInOtherLabs) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const auto view = [&] { return window.shell().experiment().view; };
    const auto go_to = [&](ImGuiKey lab) {
      person.KeyPress(ImGuiMod_Alt | lab);
      person.Yield(3);
    };
    person.MouseMoveToPos(person.WindowInfo("//###plots/forward_variance").RectFull.GetCenter());
    person.MouseWheelY(2);
    person.MouseClick();
    person.KeyPress(ImGuiKey_P);
    go_to(ImGuiKey_3);
    ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
    person.ItemClick("//###controls/###step 2");
    person.Yield(3);
    go_to(ImGuiKey_1);
    const ViewSpec before = view();
    ASSERT_TRUE(before.layer && before.zoom.size() == 1 && before.pins.size() == 1);
    ASSERT_EQ(before.step, 2);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_R);
    person.Yield(3);
    EXPECT_FALSE(view().layer);
    EXPECT_TRUE(view().zoom.empty());
    EXPECT_TRUE(view().pins.empty());
    EXPECT_EQ(view().step, 2);  // of the chain
  });
}

TEST(Undo, WithoutAStepSaysSoAndChangesNothing) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/settings.json";
  for (const bool again : {false, true}) {
    HarnessOptions options;
    options.shell.settings = *load_settings(path);
    options.shell.settings_path = path;
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      if (!again) {
        ASSERT_TRUE(window.shell().run_action("set.precision=fp16"));
        window.shell().confirm_close();
        return;
      }
      const Experiment before = window.shell().experiment();
      EXPECT_EQ(before.network.precision, Precision::fp16);
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
      person.Yield(3);
      EXPECT_EQ(window.shell().experiment(), before);
      EXPECT_TRUE(is_on_screen("There is nothing to undo."));
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Y);
      person.Yield(3);
      EXPECT_TRUE(is_on_screen("There is nothing to redo."));
    });
  }
}

TEST(Demos, ALabWithoutADemoOfItsOwnGoesBackToItsDefaultsAndLeavesTheOthersTheirs) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemInputValue(field_of("model.depth").c_str(), "7");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
    person.Yield(2);
    EXPECT_EQ(title_on_screen(window).find(demo_named("explode").title), std::string::npos);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_R);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_PageDown);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().network.model.depth, 7);
  });
}

TEST(Demos, EachLabsExperimentSurvivesARestart) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/settings.json";
  Experiment signal;
  {
    WindowHarness window({.shell = {.settings_path = path}});
    window.run([&](ImGuiTestContext& person) {
      person.ItemInputValue(field_of("model.depth").c_str(), "7");
      signal = window.shell().experiment();
      choose_demo(person, "fp16_stalls");
      EXPECT_TRUE(window.shell().confirm_close());
    });
  }
  const Result<Settings> kept = load_settings(path);
  ASSERT_TRUE(kept);
  WindowHarness window({.shell = {.settings = *kept, .settings_path = path}});
  window.run([&](ImGuiTestContext& person) {
    EXPECT_EQ(window.shell().experiment(), demo_named("fp16_stalls").experiment);
    EXPECT_EQ(title_on_screen(window), demo_named("fp16_stalls").title);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), signal);
    EXPECT_EQ(title_on_screen(window), demo_named("explode").title + "*");
  });
}

/// What is pasted or dropped belongs to the lab that shows it.
TEST(Demos, APastedExperimentReplacesItsLabsOwn) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    const Experiment signal = window.shell().experiment();
    const Experiment& pasted = demo_named("strides").experiment;
    ImGui::SetClipboardText(to_json(pasted).c_str());
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), pasted);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), signal);
  });
}

}  // namespace
}  // namespace nanscope
