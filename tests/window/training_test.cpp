#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "engine/recipe/run_history.h"
#include "engine/recipe/training_request.h"
#include "harness.h"
#include "paths.h"
#include "screen_text.h"
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

std::shared_ptr<const RunSummary> latest(WindowHarness& window) {
  return window.session().view().results.latest<TrainingRequest>();
}

/// Until the run of what is on the screen has ended.
bool wait_for_run(WindowHarness& window, ImGuiTestContext& person) {
  person.Yield(2);
  return window.wait_until(person, [&] {
    const SlotView slot = window.session().view().slot(TrainingRequest::kSlot);
    return slot.up_to_date() && slot.state == SlotState::idle;
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
  // Seconds, but not so many that it asks first.
  constexpr int kSteps = 2500;
  HarnessOptions options = small_run(kSteps);
  options.shell.experiment->network.model.width = 64;
  options.shell.experiment->data.batch = 512;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window) != nullptr; }));
    const std::int64_t before = latest(window)->steps;
    ASSERT_TRUE(window.wait_until(person, [&] { return latest(window)->steps > before; }));
    EXPECT_LT(latest(window)->steps, kSteps);
    person.Yield(2);
    EXPECT_EQ(window.shell().notice(), nullptr);  // the picture is the experiment's
    EXPECT_EQ(window.shell().dimming(), 0);
    ASSERT_TRUE(window.shell().run_action("run.cancel"));
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_LT(latest(window)->steps, kSteps);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window), true)));
    EXPECT_THAT(run_sentence(*latest(window), true), StartsWith("Stopped after"));
  });
}

}  // namespace
}  // namespace nanscope
