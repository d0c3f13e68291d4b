#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "engine/roundoff/roundoff_request.h"
#include "engine/tensor_language/memory_timings.h"
#include "harness.h"
#include "imgui_internal.h"

// Zooming, panning, pinning and copying with pointer and keys, in a chart of each lab.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A chart in a card, or among the plots where it stands in none.
class ChartUnderTest {
 public:
  ChartUnderTest(ImGuiTestContext& person, const std::string& plot, bool in_card = true)
      : person_(person) {
    const std::string window = "//###plots" + (in_card ? "/" + plot : "");
    id_ = person.GetID((plot + "/###chart").c_str(), person.WindowInfo(window.c_str()).ID);
  }
  /// "2x, 1x": how many times as close its axes are.
  std::string zoom() const {
    const std::string label = person_.ItemInfo(id_).DebugLabel;
    return label.substr(0, label.find('#'));
  }
  /// A point at these shares of the chart's width and height.
  ImVec2 at(float x, float y) const {
    const ImRect box = person_.ItemInfo(id_).RectFull;
    return {box.Min.x + x * box.GetWidth(), box.Min.y + y * box.GetHeight()};
  }
  void point(float x, float y) const {
    person_.MouseMoveToPos(at(x, y));
    person_.Yield(2);
  }
  void wheel(float notches) const {
    person_.MouseWheelY(notches);
    person_.Yield(2);
  }
  void drag(ImVec2 to, ImGuiMouseButton button = ImGuiMouseButton_Left) const {
    person_.MouseDown(button);
    person_.MouseMoveToPos(to);
    person_.MouseUp(button);
    person_.Yield(2);
  }
  void double_click() const {
    person_.MouseDoubleClick();
    person_.Yield(2);
  }
  void press(ImGuiKeyChord key) const {
    person_.KeyPress(key);
    person_.Yield(2);
  }
  /// What the chart says at the pointer, by way of the clipboard.
  std::string copied() const {
    ImGui::SetClipboardText("");
    press(ImGuiMod_Ctrl | ImGuiKey_C);
    return ImGui::GetClipboardText();
  }
  /// Moves to a curve, which is in reach somewhere along the middle: what is said there, or "".
  std::string point_at_curve() const {
    for (float y = 0.2f; y < 0.9f; y += 0.04f) {
      point(0.6f, y);
      if (std::string words = copied(); !words.starts_with("{")) return words;
    }
    return "";
  }
  std::string copied_line() const {
    const std::string words = copied();
    return words.substr(0, words.find('\n'));
  }

 private:
  ImGuiTestContext& person_;
  ImGuiID id_ = 0;
};

TEST(SignalCharts, ZoomPanAndShowAllByPointer) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "forward_variance");
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    chart.point(0.75f, 0.6f);
    const std::string right = chart.copied_line();
    chart.point(0.5f, 0.6f);
    const std::string layer = chart.copied_line();
    EXPECT_THAT(layer, StartsWith("linear "));
    EXPECT_NE(layer, right);
    // About the pointer: it stays on its layer, and others come nearer.
    chart.wheel(6);
    EXPECT_EQ(chart.zoom(), "8x, 8x");
    EXPECT_EQ(chart.copied_line(), layer);
    chart.point(0.75f, 0.6f);
    EXPECT_NE(chart.copied_line(), right);
    // A drag takes what is under the pointer along.
    chart.point(0.5f, 0.6f);
    chart.drag(chart.at(0.7f, 0.5f));
    EXPECT_EQ(chart.copied_line(), layer);
    EXPECT_EQ(chart.zoom(), "8x, 8x");
    chart.double_click();
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    chart.point(0.75f, 0.6f);
    EXPECT_EQ(chart.copied_line(), right);
  });
}

TEST(SignalCharts, ZoomToABoxWithTheRightButtonOrShift) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "histogram");
    chart.point(0.3f, 0.4f);
    chart.drag(chart.at(0.6f, 0.4f), ImGuiMouseButton_Right);
    EXPECT_THAT(chart.zoom(), HasSubstr(", 1x"));  // a flat box is about the layers
    EXPECT_NE(chart.zoom(), "1x, 1x");
    chart.press(ImGuiKey_0);
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    chart.point(0.3f, 0.4f);
    person.KeyDown(ImGuiMod_Shift);
    chart.drag(chart.at(0.6f, 0.7f));
    person.KeyUp(ImGuiMod_Shift);
    EXPECT_NE(chart.zoom(), "1x, 1x");
    EXPECT_EQ(chart.zoom().find(", 1x"), std::string::npos);
    // The box does not open the menu, a click does; and no layer was chosen on the way.
    EXPECT_EQ(ImGui::GetCurrentContext()->OpenPopupStack.Size, 0);
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    EXPECT_EQ(ImGui::GetCurrentContext()->OpenPopupStack.Size, 1);
    person.KeyPress(ImGuiKey_Escape);
    person.MouseMoveToPos({2, ImGui::GetIO().DisplaySize.y - 2});
    person.Yield(2);
    EXPECT_FALSE(person.ItemExists("//###inspector/histogram bars"));
  });
}

TEST(SignalCharts, ZoomAndPanByKeys) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "backward_variance");
    chart.point(0.5f, 0.6f);
    const std::string layer = chart.copied_line();
    chart.press(ImGuiKey_Equal);
    chart.press(ImGuiKey_Equal);
    EXPECT_EQ(chart.zoom(), "2x, 2x");
    person.MouseClick();  // gives it the focus, and keeps the layer
    person.Yield(2);
    EXPECT_TRUE(person.ItemExists("//###inspector/histogram bars"));
    const std::string before = chart.copied_line();
    for (int i = 0; i < 3; ++i) chart.press(ImGuiKey_RightArrow);
    EXPECT_NE(chart.copied_line(), before);
    for (int i = 0; i < 3; ++i) chart.press(ImGuiKey_LeftArrow);
    EXPECT_EQ(chart.copied_line(), before);
    chart.press(ImGuiKey_Minus);
    EXPECT_EQ(chart.zoom(), "1.41x, 1.41x");
    chart.press(ImGuiKey_0);
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    EXPECT_EQ(chart.copied_line(), layer);
  });
}

TEST(SignalCharts, ADoubleClickChoosesNoLayer) {
  WindowHarness window(showing(LabName::signal));
  const auto chosen = [&] { return window.shell().experiment().view.layer; };
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "forward_variance");
    chart.point(0.6f, 0.6f);
    chart.wheel(4);
    chart.double_click();
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    EXPECT_FALSE(chosen());
    // A chosen layer stays chosen.
    person.MouseClick();
    person.Yield(30);  // longer than a double click
    const auto layer = chosen();
    EXPECT_TRUE(layer);
    chart.point(0.4f, 0.6f);
    chart.wheel(4);
    chart.double_click();
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    EXPECT_EQ(chosen(), layer);
    person.Yield(30);
    chart.double_click();  // the plot alone
    EXPECT_EQ(window.shell().experiment().view.plot, "forward_variance");
    EXPECT_EQ(chosen(), layer);
  });
}

TEST(SignalCharts, SayThatTheirAxesAreLocked) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "histogram");
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    chart.press(ImGuiKey_L);
    EXPECT_EQ(chart.zoom(), "1x, 1x, locked");
    chart.press(ImGuiKey_L);
    EXPECT_EQ(chart.zoom(), "1x, 1x");
  });
}

TEST(SignalCharts, TwoPinnedReadingsAreCompared) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const Experiment before = window.shell().experiment();
    const ChartUnderTest chart(person, "forward_variance");
    chart.point(0.3f, 0.6f);
    const std::string first = chart.copied_line();
    chart.press(ImGuiKey_P);
    chart.point(0.6f, 0.6f);
    const std::string second = chart.copied_line();
    person.MouseClick(ImGuiMouseButton_Middle);
    person.Yield(2);
    const std::string compared = chart.copied();
    EXPECT_THAT(compared, HasSubstr("1  " + first));
    EXPECT_THAT(compared, HasSubstr("2  " + second));
    EXPECT_THAT(compared, HasSubstr("2 / 1"));
    // The same key on the same place takes it away.
    chart.press(ImGuiKey_P);
    EXPECT_EQ(chart.copied_line(), second);
    // Beside the charts the keys mean what they always do.
    person.MouseMoveToPos({2, ImGui::GetIO().DisplaySize.y - 2});
    person.Yield(2);
    EXPECT_THAT(chart.copied(), StartsWith("{"));
    // What is pinned is looked at, and no step of its own.
    Experiment after = window.shell().experiment();
    ASSERT_EQ(after.view.pins.size(), 1u);
    EXPECT_EQ(after.view.pins[0].plot, "forward_variance");
    EXPECT_EQ(after.view.pins[0].x, std::round(after.view.pins[0].x));  // a layer's number
    after.view.pins.clear();
    EXPECT_EQ(after, before);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().view.pins.size(), 1u);
  });
}

TEST(SignalCharts, PinsOfAFileAreThereWhenItIsOpened) {
  HarnessOptions options =
      showing(LabName::signal, "view.pins", "forward_variance x 10 y 0; forward_variance x 20 y 0");
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    const ChartUnderTest chart(person, "forward_variance");
    chart.point(0.5f, 0.6f);
    EXPECT_THAT(chart.copied(), HasSubstr("1  linear 10\n2  linear 20\n"));
    const std::vector<ViewPin> pins = window.shell().experiment().view.pins;
    ASSERT_EQ(pins.size(), 2u);
    EXPECT_GT(pins[0].y, 5);  // on the curve, which explodes
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    person.ItemClick("//$FOCUSED/Unpin this plot's readings");
    person.Yield(2);
    EXPECT_TRUE(window.shell().experiment().view.pins.empty());
  });
}

TEST(SignalCharts, AllReadingsOfTheLabAreUnpinnedAtOnce) {
  WindowHarness window(showing(LabName::signal, "view.pins",
                               "forward_variance x 10 y 0; special_values x 20 y 50; "
                               "number_resolution x 1 y 1"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    ASSERT_EQ(window.shell().experiment().view.pins.size(), 3u);
    ChartUnderTest(person, "histogram").point(0.5f, 0.6f);
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    person.ItemClick("//$FOCUSED/Unpin this lab's readings");
    person.Yield(2);
    // Another lab's stay.
    ASSERT_EQ(window.shell().experiment().view.pins.size(), 1u);
    EXPECT_EQ(window.shell().experiment().view.pins[0].plot, "number_resolution");
  });
}

TEST(SignalCharts, UndoAfterAResetBringsBackWhatWasLookedAt) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.shell().run_action("demo.explode"));
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "forward_variance");
    chart.point(0.5f, 0.6f);
    chart.press(ImGuiKey_P);
    chart.wheel(2);
    chart.press(ImGuiMod_Ctrl | ImGuiKey_DownArrow);
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    const Experiment before = window.shell().experiment();
    ASSERT_EQ(before.view.pins.size(), 1u);
    ASSERT_EQ(before.view.zoom.size(), 1u);
    chart.press(ImGuiMod_Ctrl | ImGuiKey_R);
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    EXPECT_TRUE(window.shell().experiment().view.pins.empty());
    EXPECT_TRUE(window.shell().experiment().view.zoom.empty());
    chart.press(ImGuiMod_Ctrl | ImGuiKey_Z);
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment(), before);
  });
}

/// The menu of what the pointer is on has these entries.
void expect_plot_menu(ImGuiTestContext& person) {
  person.MouseClick(ImGuiMouseButton_Right);
  person.Yield(2);
  ASSERT_EQ(ImGui::GetCurrentContext()->OpenPopupStack.Size, 1);
  for (const char* entry : {"Pin this reading", "Copy this reading", "Copy a value", "Show all",
                            "Lock the axes", "Export this plot ...", "Copy data as CSV"})
    EXPECT_TRUE(person.ItemExists((std::string("//$FOCUSED/") + entry).c_str())) << entry;
  person.KeyPress(ImGuiKey_Escape);
  person.Yield(2);
}

TEST(SignalCharts, HaveAMenuThatCopiesAValueInAllOfItsDigits) {
  WindowHarness window(showing(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const ChartUnderTest chart(person, "forward_variance");
    chart.point(0.5f, 0.6f);
    expect_plot_menu(person);
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    ImGui::SetClipboardText("");
    person.MenuClick("//$FOCUSED/Copy a value/###value 0");
    EXPECT_GT(std::string(ImGui::GetClipboardText()).size(), 6u);
    EXPECT_GT(std::atof(ImGui::GetClipboardText()), 0);
    // Locked from the menu, too.
    chart.point(0.5f, 0.6f);
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    person.ItemClick("//$FOCUSED/Lock the axes");
    EXPECT_FALSE(window.shell().experiment().view.lock.empty());
  });
}

TEST(NumbersCharts, AreZoomedPannedAndPinned) {
  WindowHarness window(showing(LabName::numbers, "numbers.view", "accumulation"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<RoundoffRequest>(person));
    person.Yield(2);
    const ChartUnderTest chart(person, "roundoff");
    chart.point(0.5f, 0.6f);
    chart.wheel(2);
    EXPECT_EQ(chart.zoom(), "2x, 2x");
    chart.drag(chart.at(0.6f, 0.5f));
    EXPECT_EQ(chart.zoom(), "2x, 2x");
    EXPECT_THAT(chart.point_at_curve(), HasSubstr("additions"));
    chart.press(ImGuiKey_P);
    chart.double_click();
    EXPECT_EQ(chart.zoom(), "1x, 1x");
  });
}

TEST(NumbersCharts, HaveTheMenuOfAllCharts) {
  WindowHarness window(showing(LabName::numbers, "numbers.view", "accumulation"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<RoundoffRequest>(person));
    person.Yield(2);
    const ChartUnderTest chart(person, "roundoff");
    chart.point_at_curve();
    expect_plot_menu(person);
    // Locked axes stay while the settings change.
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    person.KeyPress(ImGuiKey_L);
    person.Yield(2);
    EXPECT_EQ(chart.zoom(), "1x, 1x, locked");
    const std::vector<ViewZoom> lock = window.shell().experiment().view.lock;
    ASSERT_EQ(lock.size(), 1u);
    EXPECT_TRUE(lock[0].x && lock[0].y);
  });
}

TEST(NumbersCharts, TheRangesTakeTheSameGestures) {
  WindowHarness window(showing(LabName::numbers, "numbers.view", "ranges"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(2);
    const ChartUnderTest ranges(person, "number_ranges");
    ranges.point(0.4f, 0.5f);
    ranges.wheel(4);
    EXPECT_EQ(ranges.zoom(), "4x, 1x");  // rows are not zoomed
    ranges.double_click();
    EXPECT_EQ(ranges.zoom(), "1x, 1x");
    const ChartUnderTest resolution(person, "number_resolution");
    resolution.point(0.5f, 0.5f);
    resolution.wheel(2);
    EXPECT_EQ(resolution.zoom(), "2x, 2x");
  });
}

TEST(NumbersCharts, TheNumberLineTakesTheSameGestures) {
  WindowHarness window(showing(LabName::numbers));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(2);
    const ChartUnderTest line(person, "number_line");
    line.point(0.5f, 0.6f);
    const std::string value = line.copied_line();
    line.wheel(1);
    EXPECT_EQ(line.zoom(), "1.41x, 1x");
    line.drag(line.at(0.7f, 0.6f));
    EXPECT_EQ(line.copied_line(), value);
    line.press(ImGuiKey_P);
    line.double_click();
    EXPECT_EQ(line.zoom(), "1x, 1x");
  });
}

TEST(TensorsCharts, OfTheMachinesMemoryAreZoomedPannedAndPinned) {
  WindowHarness window(showing(LabName::tensors, "tensors.view", "timings"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] {
      return window.session().view().results.latest<MemoryTimingsRequest>() != nullptr;
    }));
    person.Yield(2);
    const ChartUnderTest chart(person, "memory_traversal", /*in_card=*/false);
    chart.point(0.4f, 0.68f);
    chart.wheel(2);
    EXPECT_EQ(chart.zoom(), "2x, 1x");
    const std::string words = chart.copied_line();
    EXPECT_THAT(words, HasSubstr(" x "));  // "1024 x 1024, 4 MiB"
    chart.drag(chart.at(0.5f, 0.68f));
    EXPECT_EQ(chart.zoom(), "2x, 1x");
    chart.press(ImGuiKey_P);
    EXPECT_EQ(window.shell().experiment().view.pins.size(), 1u);
    chart.double_click();
    EXPECT_EQ(chart.zoom(), "1x, 1x");
    chart.point(0.4f, 0.6f);
    expect_plot_menu(person);
  });
}

}  // namespace
}  // namespace nanscope
