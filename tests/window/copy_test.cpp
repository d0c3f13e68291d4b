#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/roundoff/roundoff_request.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Numbers to take along.
namespace nanscope {
namespace {

/// The first point of a window, from the top, where the pointer is a hand over a number.
bool move_to_a_number(ImGuiTestContext& person, const ImGuiWindow& window) {
  const ImRect room = window.InnerRect;
  for (float y = room.Min.y + 4; y < room.Max.y; y += 6) {
    person.MouseMoveToPos({room.Max.x - ImGui::GetFontSize() * 1.5f, y});
    person.Yield();
    if (ImGui::GetMouseCursor() == ImGuiMouseCursor_Hand) return true;
  }
  return false;
}

TEST(Copy, AClickOnANumberOfTheInspectorCopiesIt) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    ASSERT_TRUE(window.shell().experiment().lab == LabName::signal);
    mouse.Yield(2);
    ImGui::SetClipboardText("");
    ASSERT_TRUE(move_to_a_number(mouse, *mouse.GetWindowByRef("//###inspector")));
    mouse.MouseClick();
    mouse.Yield();
    const std::string number = ImGui::GetClipboardText();
    EXPECT_NE(number.find_first_of("0123456789"), std::string::npos);
    ImGui::SetClipboardText("");
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_C);
    mouse.Yield(2);
    EXPECT_EQ(ImGui::GetClipboardText(), number);  // where it is pointed at
    mouse.MouseClick(ImGuiMouseButton_Right);
    mouse.Yield(2);
    mouse.ItemClick("//$FOCUSED/###menu.copy_table");
    EXPECT_NE(std::string(ImGui::GetClipboardText()).find("\t" + number + "\n"), std::string::npos);
  });
}

std::string copied(ImGuiTestContext& person) {
  ImGui::SetClipboardText("");
  person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_C);
  person.Yield(2);
  return ImGui::GetClipboardText();
}

/// What the menu of a drawing has whatever is pointed at.
void expect_plot_entries(ImGuiTestContext& person) {
  for (const char* entry : {"Lock the axes", "Export this plot ...", "Copy data as CSV"})
    EXPECT_TRUE(person.ItemExists((std::string("//$FOCUSED/") + entry).c_str())) << entry;
}

TEST(Copy, AnElementIsCopiedExactlyWhereItIsPointedAt) {
  WindowHarness window(
      showing(LabName::tensors, "tensors.expression", "tensor([[9007199254740993]])"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
    person.Yield(4);
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    person.MouseMove("grid 1");
    person.Yield(2);
    EXPECT_EQ(copied(person), "9007199254740993");
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    expect_plot_entries(person);
    person.ItemClick("//$FOCUSED/###copy [0, 0]");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "[0, 0]");
    // Beside the cells the menu is there, too.
    const ImVec2 corner = person.WindowInfo("//###plots/cards").Window->InnerRect.Max;
    person.MouseMoveToPos({corner.x - 40, corner.y - 40});
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    expect_plot_entries(person);
  });
}

/// Clicks on the last place in a panel at which these words begin, written without blanks; what
/// came to the clipboard.
std::string copied_by_click(ImGuiTestContext& person, const std::string& panel,
                            const std::string& words) {
  ImGui::SetClipboardText("");
  const std::vector<Letter> letters = letters_on_screen();
  for (std::size_t i = letters.size(); i-- > 0;) {
    std::string here;
    if (!letters[i].window.ends_with(panel)) continue;
    for (std::size_t j = i; j < letters.size() && here.size() < words.size(); ++j)
      here += static_cast<char>(letters[j].code);
    if (here != words) continue;
    person.MouseMoveToPos(
        {(letters[i].low.x + letters[i].high.x) / 2, (letters[i].low.y + letters[i].high.y) / 2});
    person.Yield(2);
    EXPECT_EQ(ImGui::GetMouseCursor(), ImGuiMouseCursor_Hand) << words;
    person.MouseClick();
    person.Yield(2);
    return ImGui::GetClipboardText();
  }
  ADD_FAILURE() << words << " is not on the screen";
  return "";
}

TEST(Copy, ShapesStridesAndBytesOfAChainAreCopiedByAClick) {
  for (const char* view : {"chain", "memory"}) {
    HarnessOptions options =
        showing(LabName::tensors, "tensors.expression", "arange(24).view(4, 6)");
    options.shell.experiment = *with_key(*options.shell.experiment, "tensors.view", view);
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
      person.Yield(4);
      if (view == std::string("chain")) {
        EXPECT_EQ(copied_by_click(person, "###plots", "(4,6)"), "(4, 6)");
        EXPECT_EQ(copied_by_click(person, "###plots", "(6,1)"), "(6, 1)");
      }
      EXPECT_EQ(copied_by_click(person, "###plots", "192B"), "192 B");
    });
  }
}

TEST(Copy, TheWholeExactValueIsCopiedByAClick) {
  HarnessOptions options = showing(LabName::numbers, "numbers.input", "0.1");
  options.shell.experiment = *with_key(*options.shell.experiment, "numbers.formats", "fp32");
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    person.Yield(4);
    EXPECT_EQ(copied_by_click(person, "###inspector", "0.10000000149011611"),
              "0.100000001490116119384765625");
  });
}

TEST(Copy, TheSizesOfTheStatusBarAreCopiedByAClick) {
  WindowHarness window(showing(LabName::tensors, "tensors.expression", "arange(24)"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
    person.Yield(4);
    EXPECT_EQ(copied_by_click(person, "###status", "peak192B"), "peak 192 B");
  });
}

HarnessOptions a_tenth_in_fp16() {
  HarnessOptions options = showing(LabName::numbers, "numbers.input", "0.1");
  options.shell.experiment = *with_key(*options.shell.experiment, "numbers.formats", "fp16");
  return options;
}

TEST(Copy, ARowOfBitsIsCopiedWhereItIsPointedAt) {
  WindowHarness window(a_tenth_in_fp16());
  window.run([&](ImGuiTestContext& person) {
    person.Yield(4);
    const ImGuiID grid = person.WindowInfo("//###plots/number_bits").ID;
    person.MouseMove(person.GetID("fp16/bit 3", grid));
    person.Yield(2);
    EXPECT_EQ(copied(person), "0.0999755859375");
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    expect_plot_entries(person);
    person.ItemClick("//$FOCUSED/###copy 0x2e66");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "0x2e66");
    EXPECT_EQ(window.shell().experiment().numbers.input, "0.1");  // nothing was painted
  });
}

TEST(Copy, ANumberBesideTheBitsIsCopiedByAClick) {
  WindowHarness window(a_tenth_in_fp16());
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(4);
    const ImRect grid = mouse.WindowInfo("//###plots/number_bits").RectFull;
    const ImGuiID id = mouse.WindowInfo("//###plots/number_bits").ID;
    const float below = mouse.ItemInfo(mouse.GetID("fp16/bit 3", id)).RectFull.Max.y;
    std::set<std::string> copied;
    for (float y = below + 4; y < grid.Max.y; y += 12)
      for (float x = grid.Min.x + 60; x < grid.Max.x - 20; x += 60) {
        mouse.MouseMoveToPos({x, y});
        mouse.Yield();
        if (ImGui::GetMouseCursor() != ImGuiMouseCursor_Hand) continue;
        ImGui::SetClipboardText("");
        mouse.MouseClick();
        mouse.Yield(2);
        copied.insert(ImGui::GetClipboardText());
      }
    EXPECT_EQ(copied, (std::set<std::string>{"0.0999755859375", "2.44140625e-05"}));
    EXPECT_EQ(window.shell().experiment().numbers.input, "0.1");  // nothing was painted
    const ImRect line = mouse.WindowInfo("//###plots/number_line").RectFull;
    mouse.MouseMoveToPos({line.GetCenter().x, line.Max.y - 0.35f * line.GetHeight()});
    mouse.MouseClick();
    mouse.Yield(2);
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "0.0999755859375");
  });
}

/// What the clicks on the numbers of the inspector copy, from its top down.
std::set<std::string> copied_in_inspector(ImGuiTestContext& mouse) {
  const ImRect room = mouse.GetWindowByRef("//###inspector")->InnerRect;
  std::set<std::string> all;
  for (float y = room.Min.y + 4; y < room.Max.y; y += 12)
    for (const float x : {room.Min.x + 40, room.Max.x - 120, room.Max.x - 40}) {
      mouse.MouseMoveToPos({x, y});
      mouse.Yield();
      if (ImGui::GetMouseCursor() != ImGuiMouseCursor_Hand) continue;
      ImGui::SetClipboardText("");
      mouse.MouseClick();
      mouse.Yield(2);
      all.insert(ImGui::GetClipboardText());
    }
  return all;
}

TEST(Copy, CostsAndWhatIsMeasuredOfALayerAreCopiedByAClick) {
  HarnessOptions options;
  options.size = {1280, 1000};
  Experiment experiment;
  experiment.view.layer = 3;
  options.shell.experiment = experiment;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    mouse.Yield(4);
    const auto pass = window.session().view().results.latest<SignalRequest>();
    const std::set<std::string> copied = copied_in_inspector(mouse);
    // 2 B C C; X, W and z in four bytes each.
    const int rows = experiment.data.batch, width = experiment.network.model.width;
    EXPECT_TRUE(copied.contains(fmt::format("{}", 2.0 * rows * width * width)));
    EXPECT_TRUE(copied.contains(std::to_string(4 * width * (2 * rows + width))));
    const double variance = pass->layers[2].of(SignalTensor::preactivation).variance;
    EXPECT_TRUE(copied.contains(fmt::format("{}", variance)));
    EXPECT_FALSE(copied.contains(fmt::format("measured: {:.3g}", variance)));
    const ImRect bars = mouse.ItemInfo("//###inspector/histogram bars").RectFull;
    mouse.MouseMoveToPos({bars.GetCenter().x, bars.GetCenter().y});
    mouse.MouseClick(ImGuiMouseButton_Right);
    mouse.Yield(2);
    mouse.ItemClick("//$FOCUSED/###menu.copy_table");
    const std::string table = ImGui::GetClipboardText();
    EXPECT_TRUE(table.starts_with("power of 2\t> 0\t< 0\n")) << table;
    EXPECT_GT(std::ranges::count(table, '\n'), 3);
  });
}

TEST(Copy, ACellOfATableIsCopiedInFull) {
  WindowHarness window(showing(LabName::numbers, "numbers.view", "accumulation"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<RoundoffRequest>(person));
    person.Yield(2);
    const ImRect room = person.WindowInfo("//###plots/roundoff_table").Window->InnerRect;
    std::string number;
    for (float x = 0.05f; x < 1 && number.empty(); x += 0.02f) {
      person.MouseMoveToPos(
          {room.Min.x + x * room.GetWidth(), room.Min.y + 0.5f * room.GetHeight()});
      person.Yield(2);
      const std::string words = copied(person);
      if (!words.empty() && words.find_first_not_of("0123456789.e+-") == std::string::npos)
        number = words;
    }
    EXPECT_FALSE(number.empty());
    ImGui::SetClipboardText("");
    person.MouseClick();
    person.Yield(2);
    EXPECT_EQ(ImGui::GetClipboardText(), number);
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    expect_plot_entries(person);
    person.MenuClick("//$FOCUSED/Copy a value/###value 0");
    EXPECT_NEAR(std::atof(ImGui::GetClipboardText()), std::atof(number.c_str()),
                1e-2 * std::abs(std::atof(number.c_str())));
  });
}

TEST(Copy, TheFieldOfANumberHasTheMenuOfAControl) {
  WindowHarness window(showing(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(3);
    mouse.ItemClick("//###controls/###input", ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy 0.1");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "0.1");
    mouse.ItemClick("//###controls/###input", ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy numbers.input=0.1");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "numbers.input=0.1");
  });
}

TEST(Copy, TheMenuOfAControlCopiesItsValueAndGoesBack) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy 0.0625");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy init.gain=0.0625");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "init.gain=0.0625");
    mouse.ItemClick(slider_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###reset");
    EXPECT_EQ(window.shell().experiment().network.init.gain, 1);
  });
}

TEST(Copy, TheFieldsOfControlsHaveTheMenuOfTheirSliders) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.ItemInputValue(field_of("init.gain").c_str(), "0.0625");
    mouse.ItemClick(field_of("init.gain").c_str(), ImGuiMouseButton_Right);
    mouse.ItemClick("//$FOCUSED/###copy init.gain=0.0625");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "init.gain=0.0625");
  });
}

TEST(Copy, AChainItsStepsAndItsNumbersAreCopied) {
  const std::string chain = "arange(12)[2:9].view(7)";
  WindowHarness window(showing(LabName::tensors, "tensors.expression", chain));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
    std::string slider;
    const auto slider_is_there = [&] {
      for (int i = 1; i < 4 && slider.empty(); ++i)
        if (const std::string one = control("parameter " + std::to_string(i), "##slider");
            person.ItemExists(one.c_str()))
          slider = one;
      return !slider.empty();
    };
    ASSERT_TRUE(window.wait_until(person, slider_is_there));
    person.ItemClick("//###plots/###chain", ImGuiMouseButton_Right);
    person.ItemClick(("//$FOCUSED/###copy " + chain).c_str());
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), chain);
    person.ItemClick("//###controls/###step 3", ImGuiMouseButton_Right);
    person.ItemClick("//$FOCUSED/###copy (7,)");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "(7,)");
    person.ItemClick(slider.c_str(), ImGuiMouseButton_Right);
    person.ItemClick("//$FOCUSED/###copy 12");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), "12");
  });
}

TEST(Copy, RowsOfMemoryAreCopiedWhereTheyArePointedAt) {
  HarnessOptions options = showing(LabName::tensors, "tensors.expression", "arange(12).view(3,4)");
  options.shell.experiment = *with_key(*options.shell.experiment, "tensors.view", "memory");
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
    person.Yield(4);
    const ImRect page = person.WindowInfo("//###plots/memory").Window->InnerRect;
    std::string row;
    for (float y = 0; y < page.GetHeight() / 2 && !row.starts_with("2 "); y += 6) {
      person.MouseMoveToPos({page.Min.x + 20, page.Min.y + y});
      person.Yield(2);
      row = copied(person);
    }
    EXPECT_EQ(row, "2 .view(3,4)");
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    expect_plot_entries(person);
    person.ItemClick("//$FOCUSED/###copy 2 .view(3,4)");
    EXPECT_EQ(std::string(ImGui::GetClipboardText()), row);
  });
}

TEST(Copy, ThePlotsOfTheMachinesMemoryHaveTheWholeMenu) {
  WindowHarness window(showing(LabName::tensors, "tensors.view", "timings"));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_result<MemoryTimingsRequest>(person));
    person.Yield(4);
    for (const char* plot : {"memory_traversal", "memory_copies"}) {
      const ImGuiID chart = person.GetID((std::string(plot) + "/###chart").c_str(),
                                         person.WindowInfo("//###plots").ID);
      person.MouseMove(chart);
      person.Yield(2);
      person.MouseClick(ImGuiMouseButton_Right);
      person.Yield(2);
      expect_plot_entries(person);
      person.ItemClick("//$FOCUSED/Show this plot alone");
      person.Yield(2);
      EXPECT_EQ(window.shell().experiment().view.plot, plot);
      person.KeyPress(ImGuiKey_F);
      person.Yield(2);
      EXPECT_EQ(window.shell().experiment().view.plot, "");
    }
  });
}

}  // namespace
}  // namespace nanscope
