#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "engine/session/run_request.h"
#include "imgui_internal.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"

// What a hand does to a setting without letting go is one change of the run.
namespace nanscope {
namespace {

/// Runs beside the one that is there.
int rows_beside(ImGuiTestContext& person) {
  int rows = 0;
  for (int look = 0; look < 8; ++look)
    rows += person.ItemExists(fmt::format("//###inspector/earlier/$${}/###menu", look).c_str());
  return rows;
}

/// The same changes of the same run give the same losses again.
void expect_repeats(const RunSummary& run) {
  const auto engine = load_engine();
  ASSERT_TRUE(engine);
  Experiment experiment = run.experiment;
  experiment.training.steps = static_cast<int>(run.steps);
  const auto repeated = answer(**engine, TrainingRequest{experiment, run.changes});
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->history->loss, run.history->loss);
}

/// Takes hold of a slider and brings it to several places; `reached` says when each may be left.
template <class Reached>
void drag_over(ImGuiTestContext& person, const char* key, const Reached& reached) {
  person.MouseMove(slider_of(key).c_str());
  const ImVec2 from = ImGui::GetMousePos();
  person.MouseDown();
  for (const float way : {12.0f, 24.0f, 36.0f, 48.0f}) {
    person.MouseMoveToPos({from.x + way, from.y});
    person.Yield(3);
    EXPECT_TRUE(reached()) << way;
  }
  person.MouseUp();
  person.Yield(3);
}

TEST(OneChange, ADragBesideARunThatGoesOnIsOneWhenTheHandLetsGo) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    drag_over(person, "optimizer.lr", [&] {
      EXPECT_TRUE(is_on_screen("set when you let go"));
      return hand.passes(hand.steps() + 5) && latest(window)->changes.empty();
    });
    const double lr = window.shell().experiment().training.optimizer.lr;
    EXPECT_NE(lr, 1e-4);
    ASSERT_TRUE(window.wait_until(person, [&] { return !latest(window)->changes.empty(); }));
    ASSERT_TRUE(hand.pauses_after(hand.steps() + 5));
    const auto run = latest(window);
    ASSERT_EQ(run->changes.size(), 1u);
    EXPECT_EQ(before_step(run->experiment, run->changes, run->steps).training.optimizer.lr, lr);
    EXPECT_FALSE(is_on_screen("set when you let go"));
    EXPECT_EQ(rows_beside(person), 0);
    expect_repeats(*run);
  });
}

TEST(OneChange, ABurstOfKeysIsOne) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.NavMoveTo(slider_of("optimizer.lr").c_str());
    for (int press = 0; press < 5; ++press) {
      person.KeyPress(ImGuiKey_RightArrow);
      person.Yield(2);
    }
    ASSERT_TRUE(window.wait_until(person, [&] { return !latest(window)->changes.empty(); }));
    ASSERT_TRUE(hand.pauses_after(hand.steps() + 5));
    ASSERT_EQ(latest(window)->changes.size(), 1u);
    EXPECT_GT(window.shell().experiment().training.optimizer.lr, 1.04e-4);
  });
}

TEST(OneChange, ADragBesideADeadRunLeavesThatOneBesideTheLast) {
  WindowHarness window({.shell = {.experiment = demo_named("train_eps_vanishes").experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto dead = latest(window);
    ASSERT_TRUE(dead->is_lost());
    // Each value begins a run, which has steps before the next one does.
    drag_over(person, "optimizer.lr", [&] { return wait_for_run(window, person); });
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(latest(window)->changes.empty());
    EXPECT_EQ(rows_beside(person), 1);
    // The next drag is another hand.
    drag_over(person, "optimizer.lr", [&] { return wait_for_run(window, person); });
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_EQ(rows_beside(person), 2);
  });
}

TEST(OneChange, WhatIsSetBesideARunThatWaitsIsThereAtItsNextStep) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const double seconds = latest(window)->seconds;
    const std::int64_t paused = hand.steps();
    for (const char* lr : {"0.003", "0.002"}) {
      person.ItemInputValue(field_of("optimizer.lr").c_str(), lr);
      ASSERT_TRUE(hand.waits());
    }
    EXPECT_EQ(latest(window)->seconds, seconds) << "waiting is no work";
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(window.wait_until(person, [&] { return hand.steps() == paused + 1; }));
    EXPECT_EQ(latest(window)->changes,
              (std::vector<LiveChange>{{paused, "optimizer.lr", "0.002"}}));
  });
}

}  // namespace
}  // namespace nanscope
