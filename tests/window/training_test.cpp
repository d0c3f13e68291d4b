#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "engine/numbers/exact.h"
#include "engine/recipe/run_json.h"
#include "engine/recipe/trials.h"
#include "engine/session/run_request.h"
#include "imgui_internal.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/labs/training/words.h"

// A run in the window: its curve as it comes, a control that moves, an end before its end.
namespace nanscope {
namespace {

using ::testing::StartsWith;

TEST(TrainingWindow, ARunIsDrawnAndAnotherLearningRateRunsItAnew) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto first = latest(window);
    ASSERT_TRUE(first && first->history);
    EXPECT_EQ(first->steps, 40);
    EXPECT_EQ(first->history->loss.size(), 40u);
    EXPECT_LT(first->last.loss, first->history->loss.front());
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.02");
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_EQ(latest(window)->experiment.training.optimizer.lr, 0.02);
    EXPECT_NE(latest(window)->last.loss, first->last.loss);
  });
}

TEST(TrainingWindow, ALongRunIsSeenWhileItGoesOnAndStaysWhereItIsStopped) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window) != nullptr; }));
    const std::int64_t before = latest(window)->steps;
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window)->steps > before; }));
    EXPECT_FALSE(latest(window)->is_over());
    person.Yield(2);
    EXPECT_EQ(window.shell().notice(), nullptr);  // the picture is the experiment's
    EXPECT_EQ(window.shell().dimming(), 0);
    ASSERT_TRUE(window.shell().run_action("run.cancel"));
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_FALSE(latest(window)->is_over());
    person.Yield(2);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window), RunState::stopped)));
    EXPECT_THAT(run_sentence(*latest(window), RunState::stopped), StartsWith("Stopped after"));
  });
}

TEST(TrainingWindow, SpacePausesARunAndStartsItAndTheFullStopIsOneStep) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const std::int64_t paused = hand.steps();
    person.Yield(20);
    EXPECT_EQ(hand.steps(), paused);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window), RunState::paused)));
    EXPECT_EQ(window.shell().notice(), nullptr);
    for (int i = 1; i <= 3; ++i) {
      hand.press(ImGuiKey_Period);
      ASSERT_TRUE(hand.waits());
      EXPECT_EQ(hand.steps(), paused + i);
    }
    hand.click("run.one_step");
    ASSERT_TRUE(hand.waits());
    EXPECT_EQ(hand.steps(), paused + 4);
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.passes(paused + 20));
    hand.click("run.pause");
    ASSERT_TRUE(hand.waits());
    hand.click("run.start");
    ASSERT_TRUE(hand.passes(hand.steps()));
    hand.click("run.stop");
    ASSERT_TRUE(window.wait_until(person, [&] { return hand.state() == SlotState::idle; }));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window), RunState::stopped)));
    hand.press(ImGuiKey_Space);  // from its first step
    ASSERT_TRUE(window.wait_until(person, [&] { return hand.state() == SlotState::running; }));
  });
}

TEST(TrainingWindow, APauseIsSaidAtOnceWithOneStepEverywhere) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    for (int pause = 0; pause < 5; ++pause) {
      hand.press(ImGuiKey_Space);
      EXPECT_TRUE(is_on_screen("Paused after"));
      ASSERT_TRUE(hand.waits());
      person.Yield();
      const std::int64_t steps = hand.steps();
      EXPECT_TRUE(is_on_screen(fmt::format("Paused after {} of", steps)));
      EXPECT_TRUE(is_on_screen(fmt::format("{} of 100000 steps, paused", steps)));
      hand.press(ImGuiKey_Space);
      ASSERT_TRUE(hand.passes(steps + 5));
    }
  });
}

TEST(TrainingWindow, ALiveKeyActsOnTheRunThatGoesOnAndItsRecipeRepeatsIt) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    // An end that can be waited for.
    const std::int64_t steps = hand.steps() + 30;
    person.ItemInputValue(field_of("steps").c_str(), std::to_string(steps).c_str());
    person.Yield(3);
    ASSERT_TRUE(hand.waits());
    const std::int64_t paused = hand.steps();
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.02");
    person.Yield(3);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(hand.waits());
    EXPECT_EQ(hand.steps(), paused + 1);
    ASSERT_FALSE(latest(window)->changes.empty());
    EXPECT_EQ(latest(window)->changes.back(), (LiveChange{paused, "optimizer.lr", "0.02"}));
    EXPECT_TRUE(is_on_screen("learning rate 0.02"));
    // Undo is a change as well.
    hand.press(ImGuiMod_Ctrl | ImGuiKey_Z);
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
    const auto run = latest(window);
    ASSERT_TRUE(run->is_over());
    EXPECT_EQ(run->steps, steps);
    EXPECT_EQ(run->changes.back(), (LiveChange{paused + 1, "optimizer.lr", "0.0001"}));
    person.ItemClick("//###inspector/###run file");
    person.Yield(2);
    const auto copied = run_from_lines(ImGui::GetClipboardText());
    ASSERT_TRUE(copied) << to_string(copied.error());
    EXPECT_EQ(copied->changes, run->changes);
    EXPECT_EQ(copied->history->loss, run->history->loss);
    const auto engine = load_engine();
    ASSERT_TRUE(engine);
    const auto repeated = answer(**engine, TrainingRequest{run->experiment, run->changes});
    ASSERT_TRUE(repeated);
    EXPECT_EQ(repeated->history->loss, run->history->loss);
    EXPECT_EQ(repeated->history->grad_norm, run->history->grad_norm);
  });
}

TEST(TrainingWindow, AKeyThatIsNotLiveRewindsAndSaysSo) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    person.ItemInputValue(field_of("model.width").c_str(), "24");
    ASSERT_TRUE(window.wait_until(
        person, [&] { return latest(window)->experiment.network.model.width == 24; }));
    ASSERT_TRUE(hand.passes(0));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Began anew with width 24."));
    EXPECT_TRUE(latest(window)->changes.empty());
  });
}

TEST(TrainingWindow, ARunIsRewoundToTheSameWeightsAndMadeLonger) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(wait_for_run(window, person));
    const auto first = latest(window);
    hand.click("run.rewind");
    ASSERT_TRUE(window.wait_until(
        person, [&] { return latest(window) != first && hand.state() == SlotState::resting; }));
    EXPECT_EQ(latest(window)->history->loss, first->history->loss);
    EXPECT_FALSE(is_on_screen("Runs beside it"));  // it is the same run
    hand.click("run.longer");
    ASSERT_TRUE(hand.passes(79));
    ASSERT_TRUE(hand.waits());
    EXPECT_EQ(hand.steps(), 80);
    EXPECT_EQ(window.shell().experiment().training.steps, 80);
    EXPECT_EQ(std::vector(latest(window)->history->loss.begin(),
                          latest(window)->history->loss.begin() + 40),
              first->history->loss);
    // New weights: another run.
    hand.press(ImGuiMod_Ctrl | ImGuiKey_N);
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->experiment.network.seed == 2 && latest(window)->steps > 0;
    }));
    EXPECT_NE(latest(window)->history->loss.front(), first->history->loss.front());
  });
}

TEST(TrainingWindow, APausedRunThatIsRewoundStaysInTheChartsUntilTheNextOneTakesAStep) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    hand.press(ImGuiKey_F5);
    ASSERT_TRUE(window.wait_until(
        person, [&] { return hand.steps() == 0 && hand.state() == SlotState::resting; }));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window), RunState::paused)));
    EXPECT_TRUE(is_on_screen("Loss by step"));
    EXPECT_EQ(window.shell().dimming(), 0);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(window.wait_until(person, [&] { return hand.steps() == 1; }));
  });
}

TEST(TrainingWindow, ARunThatDiesIsCuredByOneClickAndOneUndoTakesItBack) {
  WindowHarness window({.shell = {.experiment = demo_named("train_eps_vanishes").experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_TRUE(window.wait_for_result<TrialsRequest>(person));
    EXPECT_EQ(latest(window)->steps, 3);  // it waits where it died
    EXPECT_TRUE(is_on_screen("The loss is inf at step 2: the steps before it led there."));
    EXPECT_TRUE(is_on_screen("Tried, and finite with:"));
    person.ItemClick("//###plots/###cure optimizer.eps=1e-6");
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->experiment.training.optimizer.eps == 1e-6 && latest(window)->is_over();
    }));
    EXPECT_FALSE(latest(window)->first_nonfinite);
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("Tried, and finite with:"));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().training.optimizer.eps, 1e-8);
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window)->steps == 3; }));
    ASSERT_TRUE(Hand(window, person).waits());
    // Space goes on past it.
    person.Yield(2);
    person.KeyPress(ImGuiKey_Space);
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window)->is_over(); }));
    EXPECT_TRUE(latest(window)->first_nonfinite);
  });
}

TEST(TrainingWindow, ARunThatGoesOnPastItsDeathIsPaused) {
  HarnessOptions options{.shell = {.experiment = demo_named("train_eps_vanishes").experiment}};
  options.shell.experiment->training.steps = 1000000;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(wait_for_run(window, person));
    const std::int64_t died = hand.steps();
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.pauses_after(died));
    EXPECT_FALSE(latest(window)->is_over());
  });
}

TEST(TrainingWindow, TheFirstVisitToTheLabWaitsForAWord) {
  HarnessOptions options;
  options.shell.experiment = Experiment();
  options.shell.experiment->network.model.depth = 2;
  options.shell.experiment->network.model.width = 16;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    Hand hand(window, person);
    hand.press(ImGuiMod_Alt | ImGuiKey_4);
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window) && hand.waits(); }));
    EXPECT_EQ(hand.steps(), 0);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Before its first step: Space starts the run"));
    EXPECT_TRUE(is_on_screen("Loss by step"));  // with empty axes
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.passes(0));
  });
}

TEST(TrainingWindow, AnAutopsyIsFollowedToTheBitsOfANumberAndToACure) {
  WindowHarness window({.shell = {.experiment = demo_named("train_eps_vanishes").experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_TRUE(window.wait_for_result<TrialsRequest>(person));
    const auto autopsy = latest(window)->autopsy;
    ASSERT_TRUE(autopsy && !autopsy->operands.empty());
    EXPECT_TRUE(is_on_screen(autopsy_sentence(*autopsy)));
    EXPECT_TRUE(is_on_screen(autopsy_reason(*autopsy)));
    const AutopsyNumber& operand = autopsy->operands.front();
    EXPECT_TRUE(is_on_screen(operand.name));
    EXPECT_TRUE(is_on_screen(operand.format + " " + bits_text(operand)));
    person.ItemClick("//###inspector/operands/###operand 0");
    EXPECT_EQ(window.shell().experiment().lab, LabName::numbers);
    const auto number = parse_number(window.shell().experiment().numbers.input);
    ASSERT_TRUE(number);
    EXPECT_TRUE(is_exactly(operand.value, *number));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    ASSERT_EQ(window.shell().experiment().lab, LabName::training);
    person.Yield(2);
    person.ItemClick("//###plots/###cure optimizer.eps=1e-6");
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->experiment.training.optimizer.eps == 1e-6 && latest(window)->is_over();
    }));
    EXPECT_FALSE(latest(window)->autopsy);
    person.Yield(2);
    EXPECT_FALSE(is_on_screen(autopsy_sentence(*autopsy)));
  });
}

TEST(TrainingWindow, SpaceAfterATypedValuePausesTheRun) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.NavMoveTo(slider_of("optimizer.beta1").c_str());
    hand.press(ImGuiKey_Tab);  // into its field
    person.KeyCharsReplace("0.8");
    hand.press(ImGuiKey_Enter);
    ASSERT_EQ(window.shell().experiment().training.optimizer.beta1, 0.8);
    ASSERT_TRUE(ImGui::GetIO().NavVisible);
    hand.press(ImGuiKey_Space);
    EXPECT_FALSE(ImGui::GetIO().WantTextInput) << "the field stays closed";
    EXPECT_TRUE(hand.waits());
    // Enter opens it again.
    hand.press(ImGuiKey_Enter);
    person.Yield(2);
    EXPECT_NE(ImGui::GetCurrentContext()->ActiveId, 0u);
  });
}

TEST(TrainingWindow, SpacePausesTheRunWhereASliderHasTheFocusAfterADialog) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.ItemDragWithDelta(slider_of("optimizer.lr").c_str(), {30, 0});
    const ImGuiID slider = ImGui::GetCurrentContext()->NavId;
    ASSERT_TRUE(window.shell().run_action("file.save_run"));
    person.Yield(2);
    person.ItemInputValue("//###file chooser/##name", "kept");
    if (person.ItemExists("//###file chooser/###accept")) person.KeyPress(ImGuiKey_Enter);
    person.Yield(2);
    hand.press(ImGuiKey_F5);
    ASSERT_TRUE(hand.passes(3));
    ASSERT_TRUE(ImGui::GetIO().NavVisible);
    ASSERT_EQ(ImGui::GetCurrentContext()->NavId, slider);
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
    const std::int64_t paused = hand.steps();
    hand.press(ImGuiKey_Space);
    EXPECT_TRUE(hand.passes(paused));
  });
}

TEST(TrainingWindow, TheRunBeforeOneThatWaitsAtItsFirstStepIsDimmed) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(40));
    person.Yield(2);
    const auto colored = [&] {
      constexpr int kColor = 70;  // between a pixel's strongest and its weakest channel
      const ImRect loss = chart_of(person, "loss");
      const Pixels& screen = window.look(person);
      int count = 0;
      for (int y = static_cast<int>(loss.Min.y); y < static_cast<int>(loss.Max.y); ++y)
        for (int x = static_cast<int>(loss.Min.x); x < static_cast<int>(loss.Max.x); ++x) {
          const unsigned char* pixel =
              &screen.rgba[4 * (static_cast<std::size_t>(y * screen.width + x))];
          const auto [low, high] = std::minmax({pixel[0], pixel[1], pixel[2]});
          count += high - low > kColor;
        }
      return count;
    };
    const ImRect inspector = person.GetWindowByRef("//###inspector")->InnerRect;
    const auto dark = [&] {
      const Pixels& screen = window.look(person);
      int count = 0;
      for (int y = static_cast<int>(inspector.Min.y); y < static_cast<int>(inspector.Max.y); ++y)
        for (int x = static_cast<int>(inspector.Min.x); x < static_cast<int>(inspector.Max.x); ++x)
          count += screen.rgba[4 * (static_cast<std::size_t>(y * screen.width + x))] < 100;
      return count;
    };
    const int before = colored(), dark_before = dark();
    ASSERT_GT(before, 100);
    ASSERT_GT(dark_before, 300);
    const std::string told = letters_within(inspector.ToVec4());
    hand.press(ImGuiKey_F5);
    ASSERT_TRUE(hand.waits());
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Before its first step"));
    EXPECT_TRUE(is_on_screen("Dimmed: the run before it"));
    EXPECT_FALSE(is_on_screen("0 steps/s"));
    EXPECT_LT(colored(), before / 2);
    // The inspector tells of what is drawn, and as dimly.
    EXPECT_LT(dark(), dark_before / 4);
    EXPECT_EQ(letters_within(inspector.ToVec4()), told);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(window.wait_until(person, [&] { return hand.steps() == 1; }));
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("Dimmed"));
  });
}

}  // namespace
}  // namespace nanscope
