#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "screens.h"

// Tab and Shift+Tab: through every control of a lab, and one sees where one is.
namespace nanscope {
namespace {

constexpr int kMostStops = 400;

ImGuiContext& dear_imgui() { return *ImGui::GetCurrentContext(); }

/// Whether the frame around what has the focus, or the field that is typed into, is on the screen.
bool focus_is_seen() {
  const ImGuiContext& imgui = dear_imgui();
  const ImGuiWindow* window = imgui.NavWindow;
  if (imgui.NavId == 0 || !window) return false;
  const ImRect item = ImGui::WindowRectRelToAbs(imgui.NavWindow, window->NavRectRel[0]);
  if (!window->InnerRect.Overlaps(item)) return false;
  if (imgui.ActiveId == imgui.NavId) return true;  // its cursor stands in it
  // A vertex in the colour of the focus near each corner, outside of the item.
  const ImU32 color = ImGui::GetColorU32(ImGuiCol_NavCursor);
  constexpr float kNear = 8;
  int corners = 0;
  for (const ImVec2 corner : {item.Min, item.Max, item.GetTL(), item.GetTR(), item.GetBL()}) {
    const bool marked =
        std::ranges::any_of(window->DrawList->VtxBuffer, [&](const ImDrawVert& vertex) {
          return (vertex.col & ~IM_COL32_A_MASK) == (color & ~IM_COL32_A_MASK) &&
                 std::hypot(vertex.pos.x - corner.x, vertex.pos.y - corner.y) < kNear;
        });
    corners += marked;
  }
  return corners >= 4;
}

/// What has the focus, by id and by the window it stands in.
std::string focused() {
  const ImGuiContext& imgui = dear_imgui();
  return fmt::format("{:08x} in {}", imgui.NavId, imgui.NavWindow ? imgui.NavWindow->Name : "");
}

/// The stops of Tab (or Shift+Tab) from where the focus is, once round.
std::vector<std::string> once_round(ImGuiTestContext& keyboard, ImGuiKeyChord key) {
  std::vector<std::string> stops;
  std::set<std::string> met;
  for (int i = 0; i < kMostStops; ++i) {
    keyboard.KeyPress(key);
    keyboard.Yield(3);
    const std::string stop = focused();
    if (!met.insert(stop).second) {
      EXPECT_EQ(stop, stops.front());
      return stops;
    }
    stops.push_back(stop);
    EXPECT_TRUE(focus_is_seen()) << stop << " " << i;
  }
  ADD_FAILURE() << "Tab does not come round";
  return stops;
}

/// The items of the controls that a person can use.
std::set<ImGuiID> controls(ImGuiTestContext& person) {
  ImGuiTestItemList items;
  person.GatherItems(&items, ImGuiTestRef("//###controls"));
  std::set<ImGuiID> found;
  for (const ImGuiTestItemInfo& item : items)
    if (!(item.ItemFlags &
          (ImGuiItemFlags_Disabled | ImGuiItemFlags_NoNav | ImGuiItemFlags_NoTabStop)))
      found.insert(item.ID);
  return found;
}

/// Each lab, with few bits and cells: each of them is a stop.
std::vector<Screen> screens() {
  Screen signal{"signal", {}}, numbers{"numbers", {}}, tensors{"tensors", {}};
  signal.experiment.network.model.depth = 5;
  numbers.experiment = *with_key(Experiment{}, "numbers.formats", "fp16,e4m3");
  numbers.experiment.lab = LabName::numbers;
  tensors.experiment = *with_key(Experiment{}, "tensors.expression", "arange(4).view(2,2).t()");
  tensors.experiment.lab = LabName::tensors;
  return {signal, numbers, tensors};
}

class Focus : public testing::TestWithParam<ThemeId> {};

TEST_P(Focus, TabGoesThroughEveryControlOfEachLabAndBackAndIsSeen) {
  HarnessOptions options{.size = {1280, 800}};
  options.shell.settings.theme = GetParam();
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    for (const Screen& screen : screens()) {
      ASSERT_TRUE(show_screen(window, keyboard, screen)) << screen.name;
      SCOPED_TRACE(screen.name);
      keyboard.KeyPress(ImGuiKey_Escape);
      keyboard.Yield(2);
      std::vector<std::string> forward = once_round(keyboard, ImGuiKey_Tab);
      ASSERT_GT(forward.size(), 3u);
      for (const ImGuiID control : controls(keyboard)) {
        const bool met = std::ranges::any_of(forward, [&](const std::string& stop) {
          return stop.starts_with(fmt::format("{:08x}", control));
        });
        EXPECT_TRUE(met) << keyboard.ItemInfo(control).DebugLabel;
      }
      // Now the first has the focus; backward comes the last.
      std::vector<std::string> backward = once_round(keyboard, ImGuiMod_Shift | ImGuiKey_Tab);
      std::ranges::reverse(backward);
      EXPECT_EQ(backward, forward);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Themes, Focus,
                         testing::Values(ThemeId::light, ThemeId::dark, ThemeId::projector),
                         [](const auto& one) { return std::string(name_of(one.param)); });

}  // namespace
}  // namespace nanscope
