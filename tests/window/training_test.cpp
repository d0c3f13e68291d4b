#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "engine/base/file.h"
#include "engine/numbers/exact.h"
#include "engine/recipe/decision_surface.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"
#include "engine/recipe/training_request.h"
#include "engine/recipe/trials.h"
#include "engine/session/run_request.h"
#include "harness.h"
#include "imgui_internal.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/labs/training/words.h"

// A run in the window: its curve as it comes, a control that moves, an end before its end.
namespace nanscope {
namespace {

using ::testing::StartsWith;

/// A small net on the digits.
HarnessOptions small_run(int steps) {
  HarnessOptions options = showing(LabName::training, "steps", std::to_string(steps));
  Experiment& experiment = *options.shell.experiment;
  experiment.network.model.depth = 2;
  experiment.network.model.width = 16;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::digits;
  return options;
}

/// A run with seconds to go, of which nobody waits for the end.
HarnessOptions long_run() {
  HarnessOptions options = small_run(100000);
  options.shell.experiment->training.optimizer.lr = 1e-4;
  return options;
}

std::shared_ptr<const RunSummary> latest(WindowHarness& window) {
  return window.session().view().results.latest<TrainingRequest>();
}

/// Until the run of what is on the screen has ended.
bool wait_for_run(WindowHarness& window, ImGuiTestContext& person) {
  person.Yield(2);
  return window.wait_until(person, [&] {
    const SlotView slot = window.session().view().slot(TrainingRequest::kSlot);
    return slot.up_to_date() && !slot.at_work();
  });
}

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

/// A person at a run.
class Hand {
 public:
  Hand(WindowHarness& window, ImGuiTestContext& person) : window_(window), person_(person) {}

  std::int64_t steps() const { return latest(window_) ? latest(window_)->steps : 0; }
  SlotState state() const { return window_.session().view().slot(TrainingRequest::kSlot).state; }
  bool waits() {
    return window_.wait_until(person_, [&] { return state() == SlotState::resting; });
  }
  bool passes(std::int64_t step) {
    return window_.wait_until(person_, [&] { return steps() > step; });
  }
  void press(ImGuiKeyChord keys) {
    person_.KeyPress(keys);
    person_.Yield(2);
  }
  void click(const char* button) {
    person_.ItemClick((std::string("//###controls/###") + button).c_str());
    person_.Yield(2);
  }

 private:
  WindowHarness& window_;
  ImGuiTestContext& person_;
};

TEST(TrainingWindow, SpacePausesARunAndStartsItAndTheFullStopIsOneStep) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
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

TEST(TrainingWindow, ALiveKeyActsOnTheRunThatGoesOnAndItsRecipeRepeatsIt) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
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
    ASSERT_TRUE(hand.passes(10));
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
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
    ASSERT_TRUE(hand.passes(10));
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
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

TEST(TrainingWindow, ThePointedStepIsSaidInAllChartsAndNoTooltipCoversAHead) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    const ImRect loss = person.WindowInfo("//###plots/loss").RectFull;
    person.MouseMoveToPos(loss.GetCenter());
    person.Yield(3);
    int said = 0;
    for (const char* plot : {"loss", "gradient_norm", "learning_rate"}) {
      const ImRect place = person.WindowInfo(fmt::format("//###plots/{}", plot).c_str()).RectFull;
      const std::string letters =
          letters_within({place.Min.x, place.Min.y, place.Max.x, place.Max.y});
      said +=
          letters.find("step1") != std::string::npos || letters.find("step2") != std::string::npos;
    }
    EXPECT_EQ(said, 3);
    const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
    EXPECT_FALSE(tooltip && tooltip->Active && tooltip->Rect().Overlaps(loss));
  });
}

TEST(TrainingWindow, PlotsAreDrawnOverSamplesAndLayersAsAMap) {
  HarnessOptions options = small_run(40);
  options.shell.experiment->training.statistics = 10;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Loss by step"));
    EXPECT_TRUE(is_on_screen("Variance of activations"));
    person.ItemClick("//###controls/view.x/##choice/###samples");
    person.ItemClick("//###controls/view.map/##choice/###update");
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Loss by samples"));
    EXPECT_TRUE(is_on_screen("Update / weights, norms"));
    EXPECT_EQ(latest(window)->steps, 40);  // the same run
    EXPECT_THAT(faults_of_text(), ::testing::IsEmpty());
    EXPECT_EQ(window.shell().experiment().view.x, RunAxis::samples);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Loss by step"));
    EXPECT_TRUE(is_on_screen("Variance of activations"));
  });
}

TEST(TrainingWindow, AZoomedPlotSaysThatItDoesNotFollowTheRunAndHomeFollowsItAgain) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    const auto zooms = [&] { return window.shell().experiment().view.zoom.size(); };
    ASSERT_TRUE(Hand(window, person).passes(10));
    EXPECT_FALSE(window.shell().run_action("view.show_all"));
    for (const char* plot : {"loss", "gradient_norm"}) {
      person.MouseMoveToPos(chart_of(person, plot).GetCenter());
      person.MouseWheelY(2);
      person.Yield(2);
    }
    EXPECT_EQ(zooms(), 2u);
    EXPECT_TRUE(is_on_screen("zoomed, does not follow; Home does"));
    person.KeyPress(ImGuiKey_Home);
    person.Yield(3);
    EXPECT_EQ(zooms(), 0u);
    EXPECT_FALSE(is_on_screen("zoomed, does not follow; Home does"));
  });
}

TEST(TrainingWindow, PointsOfAPlaneAreDrawnOverWhatTheRunMakesOfIt) {
  HarnessOptions options = small_run(40);
  options.shell.experiment->data.kind = DataKind::spiral;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Decision surface"));
    EXPECT_TRUE(is_on_screen("after 40 steps"));
    person.KeyPress(ImGuiKey_F5);
    person.KeyPress(ImGuiKey_Space);
    person.KeyPress(ImGuiKey_Period);
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->surface && latest(window)->surface->steps == latest(window)->steps;
    }));
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
    ASSERT_TRUE(hand.passes(died));
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
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

TEST(TrainingWindow, RunsBeforeItStayBesideItAndAreHiddenNamedAndRemoved) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto first = latest(window);
    person.ItemInputValue(field_of("model.width").c_str(), "24");
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 16"));
    const std::string row = "//###inspector/earlier/$$0/";
    person.ItemInputValue((row + "###name").c_str(), "narrow");
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("width 16"));
    EXPECT_TRUE(is_on_screen("narrow"));
    person.ItemClick((row + "###use").c_str());
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_EQ(latest(window)->history->loss, first->history->loss);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 24"));
    person.ItemClick((row + "###remove").c_str());
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("narrow"));
  });
}

TEST(TrainingWindow, ARunFileIsACurveBesideTheRun) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/other.jsonl";
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary other = *latest(window);
    other.experiment.network.seed = 7;
    ASSERT_TRUE(write_file_atomically(path, run_to_lines(other)));
    const Experiment before = window.shell().experiment();
    window.shell().open_path(path);
    person.Yield(3);
    EXPECT_FALSE(window.shell().message());
    EXPECT_EQ(window.shell().experiment(), before);
    EXPECT_TRUE(is_on_screen("other.jsonl"));
    ASSERT_TRUE(write_file_atomically(path, "no run"));
    window.shell().open_path(path);
    ASSERT_TRUE(window.shell().message());
    EXPECT_THAT(to_string(*window.shell().message()), ::testing::HasSubstr("other.jsonl"));
  });
}

}  // namespace
}  // namespace nanscope
