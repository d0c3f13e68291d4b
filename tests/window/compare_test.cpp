#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/experiment/json.h"
#include "engine/roundoff/roundoff_request.h"
#include "harness.h"
#include "imgui_internal.h"
#include "paths.h"
#include "screen_text.h"

// A drag that one can see: locked axes, the ghost of what was before, and A|B.
namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The limits of a plot's axis as they are on the screen: locking writes them down.
ViewRange axis_on_screen(WindowHarness& window, ImGuiTestContext& person,
                         std::string_view plot = "forward_variance") {
  person.KeyPress(ImGuiKey_L);
  person.Yield(2);
  ViewRange range{0, 0};
  for (const ViewZoom& axis : window.shell().experiment().view.lock)
    if (axis.plot == plot) range = axis.y.value();
  person.KeyPress(ImGuiKey_L);
  person.Yield(2);
  EXPECT_TRUE(window.shell().experiment().view.lock.empty());
  return range;
}

/// The window of a plot's card, or null while it is not drawn.
const ImGuiWindow* card(ImGuiTestContext& person, const std::string& plot) {
  const ImGuiWindow* window =
      person.WindowInfo(("//###plots/" + plot).c_str(), ImGuiTestOpFlags_NoError).Window;
  return window && window->WasActive ? window : nullptr;
}

/// What a plot says at a height of its middle; an experiment where it says nothing.
std::string reading_at(ImGuiTestContext& person, const std::string& plot, float y) {
  const ImGuiWindow* plots = card(person, plot);
  if (!plots) return "no plot";
  person.MouseMoveToPos({plots->Pos.x + plots->Size.x * 0.5f, plots->Pos.y + y});
  person.Yield(3);
  ImGui::SetClipboardText("");
  person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_C);
  person.Yield(2);
  return ImGui::GetClipboardText();
}

/// What a plot says of a layer in its middle.
std::string reading(ImGuiTestContext& person, const std::string& plot = "forward_variance") {
  const ImGuiWindow* plots = card(person, plot);
  return plots ? reading_at(person, plot, plots->Size.y * 0.5f) : "no plot";
}

/// Where in a plot's card its plot area begins: there the first layer is read.
float top_of_area(ImGuiTestContext& person, const std::string& plot) {
  for (float y = 20; y < 150; y += 2)
    if (reading_at(person, plot, y).starts_with("linear")) return y;
  return -1;
}

void press_slider(ImGuiTestContext& mouse, const char* key) {
  mouse.MouseMove(slider_of(key).c_str());
  mouse.MouseDown();
}

TEST(Compare, ADragLocksTheAxesAndLeavesAGhost) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(2);
    const double gain = window.shell().experiment().network.init.gain;
    const ViewRange before = axis_on_screen(window, mouse);
    EXPECT_GT(before.high, 50);  // the demo explodes
    EXPECT_THAT(reading(mouse), Not(HasSubstr("before")));
    press_slider(mouse, "init.gain");
    const ImVec2 at = mouse.UiContext->IO.MousePos;
    for (int i = 1; i <= 10; ++i) mouse.MouseMoveToPos({at.x - 4.0f * static_cast<float>(i), at.y});
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(3);
    EXPECT_LT(window.shell().experiment().network.init.gain, gain);
    // The curve has moved within the axis, which stays.
    const ViewRange during = axis_on_screen(window, mouse);
    EXPECT_EQ(during.high, before.high);
    EXPECT_LE(during.low, before.low);
    mouse.MouseUp();
    mouse.Yield(3);
    EXPECT_LT(axis_on_screen(window, mouse).high, before.high);  // it fits the curve again
    EXPECT_THAT(reading(mouse), HasSubstr("before"));
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);  // what was before is on the screen
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_THAT(reading(mouse), Not(HasSubstr("before")));
  });
}

TEST(Compare, ADragLocksTheAxesOfAnExperimentOnRounding) {
  Experiment experiment = *with_key({}, "numbers.view", "accumulation");
  experiment.lab = LabName::numbers;
  WindowHarness window({.shell = {.experiment = experiment}});
  const auto settle = [&](ImGuiTestContext& person) {
    const bool came = window.wait_until(person, [&] {
      const SessionView& view = window.session().view();
      return view.slot(RoundoffRequest::kSlot).up_to_date() &&
             view.results.latest<RoundoffRequest>() != nullptr;
    });
    person.Yield(3);
    return came;
  };
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(settle(mouse));
    const ViewRange before = axis_on_screen(window, mouse, "roundoff");
    EXPECT_GT(before.high, 0.9);  // the sum is 1
    // From 1e-8 to 1e4: the addend of 1e-4 stands at a third.
    const ImRect track = mouse.ItemInfo(slider_of("numbers.addend").c_str()).RectFull;
    const ImVec2 at{track.Min.x + track.GetWidth() * 0.3f, track.GetCenter().y};
    mouse.MouseMoveToPos(at);
    mouse.MouseDown();
    for (int i = 1; i <= 5; ++i) mouse.MouseMoveToPos({at.x - 3.0f * static_cast<float>(i), at.y});
    ASSERT_TRUE(settle(mouse));
    EXPECT_LT(window.shell().experiment().numbers.settings.addend, 1e-4);
    EXPECT_EQ(axis_on_screen(window, mouse, "roundoff"), before);
    mouse.MouseUp();
    mouse.Yield(3);
    EXPECT_LT(axis_on_screen(window, mouse, "roundoff").high, before.high);
  });
}

TEST(Compare, ADragLocksTheMagnitudesAndLeavesTheirGhost) {
  Experiment experiment;
  experiment.network.model.depth = 12;
  experiment.network.model.width = 64;
  WindowHarness window({.shell = {.experiment = experiment}});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(2);
    const ViewRange before = axis_on_screen(window, mouse, "histogram");
    EXPECT_GT(before.high, before.low);
    const float top = top_of_area(mouse, "histogram");
    EXPECT_GT(top, 0);
    EXPECT_THAT(reading(mouse, "histogram"), Not(HasSubstr("before")));
    press_slider(mouse, "init.gain");
    const ImVec2 at = mouse.UiContext->IO.MousePos;
    for (int i = 1; i <= 30; ++i) mouse.MouseMoveToPos({at.x - 4.0f * static_cast<float>(i), at.y});
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(3);
    // The values have become smaller: the axis has grown to them, and kept its upper end.
    const ViewRange during = axis_on_screen(window, mouse, "histogram");
    EXPECT_EQ(during.high, before.high);
    EXPECT_LT(during.low, before.low);
    mouse.MouseUp();
    mouse.Yield(3);
    EXPECT_THAT(reading(mouse, "histogram"), HasSubstr("before"));
    EXPECT_EQ(top_of_area(mouse, "histogram"), top);  // the ghost's name has moved nothing
  });
}

TEST(Compare, AGhostMovesNothing) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(2);
    const float top = top_of_area(mouse, "backward_variance");
    EXPECT_GT(top, 0);
    press_slider(mouse, "init.gain");
    const ImVec2 at = mouse.UiContext->IO.MousePos;
    for (int i = 1; i <= 10; ++i) mouse.MouseMoveToPos({at.x - 4.0f * static_cast<float>(i), at.y});
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.MouseUp();
    mouse.Yield(3);
    ASSERT_THAT(reading(mouse, "backward_variance"), HasSubstr("before"));
    EXPECT_EQ(top_of_area(mouse, "backward_variance"), top);
  });
}

TEST(Compare, ALockedAxisGrowsOnlyWhereTheCurveLeavesIt) {
  WindowHarness window;
  const auto locked = [&] {
    for (const ViewZoom& axis : window.shell().experiment().view.lock)
      if (axis.plot == "forward_variance") return axis.y.value();
    return ViewRange{0, 0};
  };
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.Yield(2);
    keyboard.KeyPress(ImGuiKey_L);
    keyboard.Yield(2);
    const ViewRange before = locked();
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_DownArrow, 5);
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.Yield(3);
    EXPECT_EQ(locked().high, before.high);
    EXPECT_EQ(locked().low, before.low);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_DownArrow, 60);  // the signal vanishes
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.Yield(3);
    EXPECT_EQ(locked().high, before.high);
    EXPECT_LT(locked().low, before.low);
    // A picture that is opened again has the same axes.
    const auto again = from_json(to_json(window.shell().experiment()));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->view, window.shell().experiment().view);
  });
}

TEST(Compare, KeepsBWhileAIsChangedAndSwapsThem) {
  WindowHarness window;
  const auto compared = [&] { return comparison_text(window.shell().experiment().compare); };
  const auto other = [&] {
    return window.session().view().results.latest<SignalRequest>("signal.b");
  };
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    const double gain = window.shell().experiment().network.init.gain;
    EXPECT_FALSE(other());
    keyboard.KeyPress(ImGuiKey_B);
    EXPECT_EQ(compared(), "same");
    keyboard.ItemClick(choice_of("init.scheme", "kaiming").c_str());
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_DownArrow);
    EXPECT_THAT(compared(), AllOf(HasSubstr("init.scheme=normal"), HasSubstr("init.gain=1")));
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    ASSERT_TRUE(window.wait_until(keyboard, [&] { return other() != nullptr; }));
    keyboard.Yield(3);
    EXPECT_EQ(other()->experiment.network.init.scheme, InitScheme::normal);
    EXPECT_EQ(other()->experiment.network.init.gain, gain);
    EXPECT_THAT(reading(keyboard), HasSubstr("B activation"));
    EXPECT_THAT(reading(keyboard, "histogram"), HasSubstr("B "));
    keyboard.KeyPress(ImGuiMod_Shift | ImGuiKey_B);
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::normal);
    EXPECT_THAT(compared(), HasSubstr("init.scheme=kaiming"));
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::kaiming);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_B);
    keyboard.Yield(3);
    EXPECT_EQ(compared(), "");
    EXPECT_THAT(reading(keyboard), Not(HasSubstr("B activation")));
  });
}

TEST(Compare, SaysBothSettingsAboveThePlotsAndNoPassTwice) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.KeyPress(ImGuiKey_B);
    press_slider(mouse, "init.gain");
    const ImVec2 at = mouse.UiContext->IO.MousePos;
    for (int i = 1; i <= 10; ++i) mouse.MouseMoveToPos({at.x - 4.0f * static_cast<float>(i), at.y});
    mouse.MouseUp();
    ASSERT_TRUE(window.wait_for_pass(mouse));
    ASSERT_TRUE(window.wait_until(mouse, [&] { return !window.session().view().working(); }));
    mouse.Yield(3);
    const double gain = window.shell().experiment().network.init.gain;
    EXPECT_TRUE(is_on_screen(fmt::format("A: gain {:.6g}", gain)));
    EXPECT_TRUE(is_on_screen("B: gain 1"));
    // What was before the drag is B.
    EXPECT_THAT(reading(mouse), AllOf(HasSubstr("B activation"), Not(HasSubstr("before"))));
  });
}

TEST(Compare, WhatIsLookedAtTravelsWithTheExperiment) {
  Experiment experiment;
  experiment.network.model.depth = 12;
  experiment.network.model.width = 64;
  experiment.view = {.plot = "histogram", .histogram = SignalTensor::weight, .layer = 7};
  WindowHarness window({.shell = {.experiment = experiment}});
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    keyboard.Yield(2);
    EXPECT_EQ(window.session().view().results.latest<SignalRequest>()->histogram_tensor,
              SignalTensor::weight);
    EXPECT_EQ(card(keyboard, "forward_variance"), nullptr);
    EXPECT_NE(card(keyboard, "histogram"), nullptr);
    keyboard.KeyPress(ImGuiKey_F);
    keyboard.Yield(3);
    EXPECT_EQ(window.shell().experiment().view.plot, "");
    EXPECT_EQ(window.shell().experiment().view.layer, 7);
    EXPECT_NE(card(keyboard, "forward_variance"), nullptr);
  });
}

}  // namespace
}  // namespace nanscope
