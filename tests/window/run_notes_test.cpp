#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "engine/base/file.h"
#include "engine/pytorch/experiment_script.h"
#include "engine/recipe/run_json.h"
#include "imgui_internal.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"

// What the window says of a run that changes, and of those that stay beside it.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TrainingWindow, HowOftenLayersAreLookedAtChangesWhileTheRunGoesOn) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const std::int64_t paused = hand.steps();
    ASSERT_TRUE(latest(window)->history->layers.empty());
    person.ItemInputValue(field_of("statistics").c_str(), "2");
    person.Yield(3);
    for (int i = 0; i < 3; ++i) {
      hand.press(ImGuiKey_Period);
      ASSERT_TRUE(hand.waits());
    }
    EXPECT_EQ(hand.steps(), paused + 3);
    EXPECT_EQ(latest(window)->changes, (std::vector{LiveChange{paused, "statistics", "2"}}));
    EXPECT_FALSE(latest(window)->history->layers.empty());
    EXPECT_EQ(std::ssize(latest(window)->history->steps), paused + 3);
    EXPECT_FALSE(is_on_screen("Began anew"));
    EXPECT_TRUE(is_on_screen("Variance of activations"));
  });
}

TEST(TrainingWindow, TheInspectorAndTheScriptHaveTheRateOfNow) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const std::int64_t paused = hand.steps();
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.02");
    person.Yield(3);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(hand.waits());
    ImGui::SetScrollY(ImGui::FindWindowByName("###inspector"), 1e6f);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("lr=0.02"));
    EXPECT_TRUE(is_on_screen(fmt::format("learning rate 0.02 from step {}", paused)));
    ASSERT_TRUE(window.shell().run_action("edit.copy_pytorch"));
    const std::string script = ImGui::GetClipboardText();
    EXPECT_THAT(script, HasSubstr(fmt::format("learning_rate_{}", paused)));
    // The command line's, of the run's file.
    const auto read = run_from_lines(run_to_lines(*latest(window)));
    ASSERT_TRUE(read);
    EXPECT_EQ(script, *pytorch_script(read->experiment, read->changes));
  });
}

TEST(TrainingWindow, WhereNothingIsComparedBSaysWhatStandsBesideInstead) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    hand.press(ImGuiKey_B);
    EXPECT_TRUE(is_on_screen("Runs stand beside one another"));
    EXPECT_FALSE(window.shell().experiment().compare.on);
  });
}

TEST(TrainingWindow, TheMenuOfDemosIsCalledSoWhereNoneIsShown) {
  WindowHarness window(small_run(20));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto label = [&] {
      return letters_within(person.WindowInfo("//##MainMenuBar").RectFull.ToVec4());
    };
    // The letters of a font are drawn when they are needed: the frame after that can be read.
    window.wait_until(person, [&] { return label().find("Demos") != std::string::npos; });
    EXPECT_THAT(label(), AllOf(HasSubstr("Demos"), Not(HasSubstr("experiment"))));
    ASSERT_TRUE(window.shell().run_action("demo.explode"));
    person.Yield(3);
    EXPECT_THAT(label(), HasSubstr("Demo:"));
  });
}

TEST(TrainingWindow, SpacePausesTheRunWhereAFieldHadTheFocusBeforeADialog) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.0002");
    person.Yield(3);
    ASSERT_TRUE(window.shell().run_action("file.save_run"));
    person.Yield(2);
    person.ItemInputValue("//###file chooser/##name", "kept");
    if (person.ItemExists("//###file chooser/###accept")) person.KeyPress(ImGuiKey_Enter);
    person.Yield(3);
    ASSERT_FALSE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
    hand.press(ImGuiKey_Space);
    EXPECT_FALSE(ImGui::GetIO().WantTextInput) << "the field stays closed";
    EXPECT_TRUE(hand.waits());
  });
}

TEST(TrainingWindow, SpacePausesTheRunWhereAFieldHadTheFocusBeforeThePalette) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.0002");
    person.Yield(3);
    ASSERT_TRUE(window.shell().run_action("help.palette"));
    person.KeyChars("theme dark");
    person.Yield(3);
    person.KeyPress(ImGuiKey_Enter);
    person.Yield(3);
    ASSERT_EQ(window.shell().theme(), ThemeId::dark);
    hand.press(ImGuiKey_Space);
    EXPECT_FALSE(ImGui::GetIO().WantTextInput) << "the field stays closed";
    EXPECT_TRUE(hand.waits());
  });
}

TEST(TrainingWindow, ARunFileStaysBesideAnotherDemoAndOneClickLetsItGo) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/other.jsonl";
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary other = *latest(window);
    other.experiment.network.seed = 7;
    ASSERT_TRUE(write_file_atomically(path, run_to_lines(other)));
    window.shell().open_path(path);
    person.Yield(3);
    ASSERT_TRUE(window.shell().run_action("demo.train_spiral"));
    ASSERT_TRUE(
        window.wait_until(person, [] { return is_on_screen("other.jsonl stays beside the run"); }));
    EXPECT_TRUE(person.ItemExists("//###inspector/earlier/$$0/###menu"));
    for (int toast = 0; toast < 3; ++toast)
      if (const std::string button = fmt::format("//###toast {}/###run", toast);
          person.ItemExists(button.c_str()))
        person.ItemClick(button.c_str());
    person.Yield(3);
    EXPECT_FALSE(is_on_screen("other.jsonl stays beside the run"));
    EXPECT_FALSE(person.ItemExists("//###inspector/earlier/$$0/###menu"));
  });
}

TEST(TrainingWindow, OneOfSeveralNetworksIsChosenWhoseLayersAreShown) {
  HarnessOptions options = small_run(30);
  options.shell.experiment->network.networks = 3;
  options.shell.experiment->training.statistics = 5;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto first = latest(window);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("seed 1"));
    EXPECT_FALSE(is_on_screen("seed 3"));
    person.ItemInputValue(field_of("view.network").c_str(), "3");
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("seed 3"));
    EXPECT_EQ(latest(window), first);  // no run of its own
  });
}

}  // namespace
}  // namespace nanscope
