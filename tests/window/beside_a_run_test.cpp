#include <gtest/gtest.h>

#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"
#include "ui/labs/training/words.h"

// What else is done while a run goes on.
namespace nanscope {
namespace {

/// A run, a person at it, and other labs that are asked meanwhile.
class BesideARun : public testing::Test {
 protected:
  BesideARun() : window_(endless_run()) {}

  static HarnessOptions endless_run() {
    HarnessOptions options = long_run();
    options.shell.experiment->training.steps = 10'000'000;
    return options;
  }

  void show_lab(ImGuiTestContext& person, ImGuiKey number) {
    person.KeyPress(ImGuiMod_Alt | number);
    person.Yield(3);
  }
  template <class Request>
  auto result() {
    return window_.session().view().results.latest<Request>();
  }
  /// Frames until the run has taken another step: it is still the first one, which was never begun
  /// anew.
  void expect_it_goes_on(ImGuiTestContext& person, Hand& hand) {
    const std::int64_t before = hand.steps();
    EXPECT_GT(before, reached_);
    ASSERT_TRUE(hand.passes(before));
    EXPECT_EQ(hand.state(), SlotState::running);
    reached_ = before;
    person.Yield(2);
  }

  WindowHarness window_;
  std::int64_t reached_ = 0;
};

TEST_F(BesideARun, ASignalPassAndAChainAreAnsweredAndTheRunIsNotDisturbed) {
  window_.run([&](ImGuiTestContext& person) {
    Hand hand(window_, person);
    ASSERT_TRUE(hand.passes(10));
    expect_it_goes_on(person, hand);

    show_lab(person, ImGuiKey_1);
    const auto passed = [&](Precision precision) {
      const auto pass = result<SignalRequest>();
      return pass && pass->experiment.network.precision == precision;
    };
    ASSERT_TRUE(window_.wait_until(person, [&] { return passed(Precision::fp32); }));
    expect_it_goes_on(person, hand);

    show_lab(person, ImGuiKey_3);
    person.ItemClick("//###plots/###chain");
    person.KeyCharsReplace("arange(12).view(3,4).t()");
    ASSERT_TRUE(window_.wait_until(person, [&] {
      const auto chain = result<TensorRequest>();
      return chain && chain->expression == "arange(12).view(3,4).t()";
    }));
    expect_it_goes_on(person, hand);

    for (const ImGuiKey lab : {ImGuiKey_2, ImGuiKey_5, ImGuiKey_4}) show_lab(person, lab);
    expect_it_goes_on(person, hand);
    EXPECT_TRUE(latest(window_)->changes.empty());
    hand.press(ImGuiKey_Space);
    ASSERT_TRUE(hand.waits());
    const std::int64_t paused = hand.steps();
    person.Yield(20);
    EXPECT_EQ(hand.steps(), paused);
    EXPECT_TRUE(is_on_screen(run_sentence(*latest(window_), RunState::paused)));
  });
}

TEST(ARunThatWaits, GoesOnWaitingWhateverOtherLabsAndDemosDo) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    const auto alt = [&](ImGuiKey number) { hand.press(ImGuiMod_Alt | number); };
    const auto still_waits = [&] {
      return wait_for_run(window, person) && hand.state() == SlotState::resting &&
             hand.steps() == 0 && latest(window) && !latest(window)->is_over();
    };
    alt(ImGuiKey_6);
    alt(ImGuiKey_4);
    ASSERT_TRUE(still_waits());
    alt(ImGuiKey_1);
    person.ItemClick(control("model.residual", "###toggle").c_str());
    person.Yield(2);
    hand.press(ImGuiMod_Ctrl | ImGuiKey_PageDown);
    hand.press(ImGuiMod_Ctrl | ImGuiKey_PageUp);
    alt(ImGuiKey_4);
    EXPECT_TRUE(still_waits());
    // A demo of its own begins at once, and is taken back.
    ASSERT_TRUE(window.shell().run_action("demo.train_digits"));
    person.Yield(2);
    ASSERT_TRUE(hand.passes(0));
    hand.press(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_TRUE(still_waits());
    // Its own control is a wish.
    person.ItemInputValue(field_of("model.depth").c_str(), "2");
    EXPECT_TRUE(hand.passes(0));
  });
}

}  // namespace
}  // namespace nanscope
