#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "engine/optimizers/paths.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "runs.h"
#include "screen_text.h"
#include "ui/export/picture.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/text/text.h"

// What is read of a layer covers no curves.
namespace nanscope {
namespace {

/// The reading of the place under the pointer, or null; help stands on the status bar.
const ImGuiWindow* reading() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  if (!tooltip || !tooltip->Active || tooltip->Hidden) return nullptr;
  return ImGui::FindWindowByName("###status")->Rect().Overlaps(tooltip->Rect()) ? nullptr : tooltip;
}

/// How many pixels are of a colour, as curves and cells are; grid, words and tints are not.
int colored_pixels(const Pixels& picture, const ImRect& box) {
  constexpr int kColor = 70;  // between its strongest and its weakest channel
  int count = 0;
  for (int y = static_cast<int>(box.Min.y); y < static_cast<int>(box.Max.y); ++y)
    for (int x = static_cast<int>(box.Min.x); x < static_cast<int>(box.Max.x); ++x) {
      const unsigned char* pixel =
          &picture.rgba[4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                             static_cast<std::size_t>(x))];
      const auto [low, high] = std::minmax({pixel[0], pixel[1], pixel[2]});
      count += high - low > kColor;
    }
  return count;
}

TEST(Reading, CoversNoCurveAndTitleAndLegendOnlyWhereThereIsNoOtherRoom) {
  int elsewhere = 0;
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      WindowHarness window(themed_window(theme, size));
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        person.MouseMoveToPos({size.x / 2, size.y - 2});
        person.Yield(3);
        const Pixels plots = window.look(person);
        for (const SignalPlot& one : signal_plots()) {
          const ImRect plot = chart_of(person, one.name);
          float top = 0;  // of the plot area: the first place that is read
          for (float y = plot.Min.y + 20; y < plot.Max.y && top == 0; y += 2) {
            person.MouseMoveToPos({plot.Min.x + 0.6f * plot.GetWidth(), y});
            person.Yield(2);
            if (reading()) top = y;
          }
          ASSERT_GT(top, 0) << one.name;
          for (const float share : {0.3f, 0.6f, 0.9f}) {
            const ImVec2 pointer{plot.Min.x + share * plot.GetWidth(), (top + plot.Max.y) / 2 - 20};
            person.MouseMoveToPos(pointer);
            person.Yield(3);
            ASSERT_TRUE(reading()) << one.name << share;
            const ImRect words = reading()->Rect();
            EXPECT_GE(words.Min.x, plot.Min.x) << one.name << " " << size.x << name_of(theme);
            EXPECT_LE(words.Max.x, plot.Max.x) << one.name << " " << size.x << name_of(theme);
            if (words.Max.y <= top) continue;
            ++elsewhere;
            EXPECT_GE(words.Min.y, top - 2) << one.name << " " << size.x << name_of(theme);
            EXPECT_LE(words.Max.y, plot.Max.y) << one.name << " " << size.x << name_of(theme);
            EXPECT_FALSE(words.Contains(pointer));
            EXPECT_EQ(colored_pixels(plots, words), 0)
                << one.name << " " << size.x << name_of(theme) << share;
          }
        }
      });
    }
  EXPECT_GT(elsewhere, 5);
}

TEST(Reading, OfOptimizersStandsInThePlotAreaWhereThereIsRoom) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    HarnessOptions options = themed_window(theme, {1280, 800});
    options.shell.experiment = Experiment{};
    options.shell.experiment->lab = LabName::optimizers;
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_result<PathsRequest>(person));
      person.Yield(3);
      const ImRect plot = chart_of(person, "loss_surface");
      float top = 0;  // below the legend
      for (const Letter& one : letters_on_screen())
        if (plot.Contains(one.low) && line_of(letters_on_screen(), one.run) == "momentum")
          top = std::max(top, one.high.y);
      ASSERT_GT(top, 0);
      for (const float share : {0.2f, 0.5f, 0.8f}) {
        const ImVec2 pointer{plot.Min.x + share * plot.GetWidth(), plot.GetCenter().y};
        person.MouseMoveToPos(pointer);
        person.Yield(3);
        ASSERT_TRUE(reading()) << share;
        const ImRect words = reading()->Rect();
        EXPECT_GE(words.Min.y, top) << name_of(theme) << share;
        EXPECT_LE(words.Max.y, plot.Max.y) << name_of(theme) << share;
        EXPECT_FALSE(words.Contains(pointer)) << name_of(theme) << share;
      }
    });
  }
}

/// Where the pass has no number any more, none is ringed.
TEST(Reading, RingsNothingWhereTheValueIsNan) {
  WindowHarness window(themed_window(ThemeId::light, {1920, 1080}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(3);
    const ImRect plot = chart_of(person, "forward_variance");
    // The demo is nan from layer 37 of 50 on.
    const ImVec2 pointer{plot.Min.x + 0.9f * plot.GetWidth(), plot.GetCenter().y};
    person.MouseMoveToPos(pointer);
    person.Yield(3);
    ASSERT_TRUE(reading());
    const ImDrawList& drawn = *person.WindowInfo("//###plots/forward_variance").Window->DrawList;
    const auto is_ring = [&](const ImDrawVert& vertex) {
      constexpr float kNear = 12;
      return vertex.col == ImGui::GetColorU32(ImGuiCol_Text) &&
             std::hypot(vertex.pos.x - pointer.x, vertex.pos.y - pointer.y) < kNear;
    };
    EXPECT_TRUE(std::ranges::none_of(drawn.VtxBuffer, is_ring));
  });
}

TEST(Plots, TakeHalfOfTheWindowBesideControlsAndInspector) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    WindowHarness window(themed_window(theme, {1920, 1080}));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      ASSERT_TRUE(is_seen(person, "//###inspector"));
      EXPECT_GE(person.GetWindowByRef("//###plots")->Size.x, 1920 / 2) << name_of(theme);
    });
  }
}

TEST(Inspector, BesideItNothingOfThePlotsIsCutWithDots) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1280, 720}}) {
    HarnessOptions options = themed_window(ThemeId::projector, size);
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      for (const char* demo : {"explode", "fp16_overflows", "vanish"}) {
        ASSERT_TRUE(window.shell().run_action(std::string("demo.") + demo));
        ASSERT_TRUE(window.wait_for_pass(person));
        if (!is_seen(person, "//###inspector")) person.KeyPress(ImGuiKey_F3);
        person.Yield(4);
        for (const SignalPlot& one : signal_plots()) {
          const std::string words = letters_within(chart_of(person, one.name).ToVec4());
          EXPECT_EQ(words.find("..."), std::string::npos) << demo << " " << size.y << " " << words;
        }
      }
    });
  }
}

/// What is pinned stays to be read, and so does the legend.
TEST(Reading, LeavesWhatIsPinnedAndTheLegendFree) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const LabName lab : {LabName::signal, LabName::training, LabName::optimizers}) {
      HarnessOptions options =
          lab == LabName::training ? small_run(40) : themed_window(theme, {1280, 800});
      options.size = {1280, 800};
      options.shell.settings.theme = theme;
      if (lab == LabName::signal)
        options.shell.experiment = demo_named("kaiming_repairs").experiment;
      if (lab == LabName::optimizers) options.shell.experiment = Experiment{};
      Experiment& experiment = *options.shell.experiment;
      experiment.lab = lab;
      const std::string plot = lab == LabName::signal     ? "forward_variance"
                               : lab == LabName::training ? "loss"
                                                          : "descent";
      for (const double x : {10.0, 30.0}) experiment.view.pins.push_back({plot, x, 0});
      WindowHarness window(options);
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_until(person, [&] { return !window.session().view().working(); }));
        person.Yield(5);
        ASSERT_EQ(window.shell().experiment().view.pins.size(), 2u) << plot;
        EXPECT_THAT(faults_of_text(), ::testing::IsEmpty()) << plot;
        const ImRect chart = chart_of(person, plot);
        for (float share = 0.2f; share < 0.95f; share += 0.15f)
          for (const float height : {0.5f, 0.75f}) {
            person.MouseMoveToPos(
                {chart.Min.x + share * chart.GetWidth(), chart.Min.y + height * chart.GetHeight()});
            person.Yield(3);
            EXPECT_THAT(faults_of_text(), ::testing::IsEmpty())
                << plot << " " << name_of(theme) << " " << share << " " << height;
          }
      });
    }
}

/// A reading stays within its chart, also of one that is low.
TEST(Reading, OfALowChartDoesNotLieOverTheOneAbove) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1024, 600}}) {
    HarnessOptions options = themed_window(ThemeId::projector, size);
    options.shell.experiment = Experiment{};
    options.shell.experiment->lab = LabName::optimizers;
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_result<PathsRequest>(person));
      person.Yield(3);
      const ImRect chart = chart_of(person, "descent");
      for (const float share : {0.15f, 0.3f, 0.5f, 0.7f, 0.9f}) {
        person.MouseMoveToPos(
            {chart.Min.x + share * chart.GetWidth(), chart.Min.y + 0.6f * chart.GetHeight()});
        person.Yield(3);
        ASSERT_TRUE(reading()) << share;
        EXPECT_FALSE(reading()->Rect().Overlaps(chart_of(person, "loss_surface"))) << share;
        EXPECT_FALSE(reading()->Rect().Contains(ImGui::GetIO().MousePos)) << share;
      }
    });
  }
}

}  // namespace
}  // namespace nanscope
