#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/demos.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/signal/compared.h"
#include "ui/labs/signal/plots/signal_plots.h"
#include "ui/labs/signal/words.h"
#include "ui/shell/type_size.h"
#include "ui/text/text.h"

// Large screens and lecture halls: everything is as large as it has to be.
namespace nanscope {
namespace {

ShellOptions in_theme(ThemeId theme) {
  ShellOptions options;
  options.settings.theme = theme;
  return options;
}

TEST(Hall, OnePlotItsSentenceAndOneSliderInLargeLetters) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}, {3840, 2160}}) {
      WindowHarness window({.shell = in_theme(theme), .size = size});
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        person.KeyPress(ImGuiKey_F9);
        person.KeyPress(ImGuiKey_F);
        person.Yield(3);
        EXPECT_TRUE(is_seen(person, "//###hall"));
        EXPECT_FALSE(is_seen(person, "//##MainMenuBar"));
        EXPECT_FALSE(is_seen(person, "//###status"));
        EXPECT_EQ(window.shell().experiment().view.plot, "forward_variance");
        EXPECT_GE(smallest_text(), size.y / 40) << size.x;
        EXPECT_TRUE(person.ItemExists("//###hall/init.gain/##slider"));
        EXPECT_FALSE(person.ItemExists("//###hall/model.depth/##slider"));
        person.KeyPress(ImGuiKey_Escape);
        person.Yield(3);
        EXPECT_FALSE(is_seen(person, "//###hall"));
        EXPECT_EQ(window.shell().experiment().view.plot, "");
        person.KeyPress(ImGuiKey_Escape);  // the plots alone
        person.Yield(3);
        EXPECT_TRUE(is_seen(person, "//###controls"));
      });
    }
}

TEST(Hall, OneKeyEntersItAndTheSliderWorksInIt) {
  WindowHarness window({.shell = in_theme(ThemeId::projector), .size = {1920, 1080}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    const double before = window.shell().experiment().network.init.gain;
    person.ItemDragWithDelta("//###hall/init.gain/##slider", {-200, 0});
    EXPECT_LT(window.shell().experiment().network.init.gain, before);
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(3);
    EXPECT_TRUE(is_seen(person, "//###controls"));
  });
}

TEST(Hall, DemosFollowOneAnotherInItWithOnePlotEach) {
  const std::vector<Demo> demos = *load_demos();
  WindowHarness window({.shell = in_theme(ThemeId::projector), .size = {1280, 720}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    const auto shows = [&](const Demo& demo) {
      // A run goes on meanwhile.
      const bool came = window.wait_until(person, [&] {
        return !window.shell().notice() &&
               (demo.experiment.lab == LabName::training || !window.session().view().working());
      });
      person.Yield(3);
      Experiment shown = window.shell().experiment();
      EXPECT_FALSE(shown.view.plot.empty()) << demo.name;
      shown.view = demo.experiment.view;
      return came && shown == demo.experiment && is_seen(person, "//###hall");
    };
    for (std::size_t i = 1; i <= demos.size(); ++i) {
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_PageDown);
      EXPECT_TRUE(shows(demos[i % demos.size()])) << i;
    }
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_PageUp);
    EXPECT_TRUE(shows(demos.back()));
    // Every lab is as it came when the hall is left.
    person.KeyPress(ImGuiKey_Escape);
    for (const ImGuiKey lab : {ImGuiKey_1, ImGuiKey_2, ImGuiKey_3}) {
      person.KeyPress(ImGuiMod_Alt | lab);
      person.Yield(3);
      EXPECT_EQ(window.shell().experiment().view.plot, "");
    }
  });
}

TEST(Hall, TheNumberOfARowIsAsLargeAsItsFormula) {
  HarnessOptions options = showing(LabName::numbers, "numbers.input", "0.1");
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    const std::vector<Letter> letters = letters_on_screen();
    const auto decimal = std::ranges::find_if(letters, [&](const Letter& one) {
      std::string line = line_of(letters, one.run);
      std::erase(line, ' ');
      return line == "=0.09375";
    });
    ASSERT_NE(decimal, letters.end());
    EXPECT_GE(decimal->size, 800 / 30) << "a digit is 0.73 of that";
  });
}

TEST(Hall, TheFrameOfTheFocusTouchesNoLetter) {
  for (const ImVec2 size : {ImVec2{1920, 1080}, {3840, 2160}}) {
    WindowHarness window({.shell = in_theme(ThemeId::light), .size = size});
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
      const ImGuiContext& imgui = *ImGui::GetCurrentContext();
      ImRect chart;
      for (int i = 0; i < 20 && chart.GetHeight() < size.y / 2; ++i) {
        person.KeyPress(ImGuiKey_Tab);
        person.Yield(3);
        chart = ImGui::WindowRectRelToAbs(imgui.NavWindow, imgui.NavWindow->NavRectRel[0]);
      }
      ASSERT_GE(chart.GetHeight(), size.y / 2);
      const ImU32 color = ImGui::GetColorU32(ImGuiCol_NavCursor);
      float frame = size.x;
      for (const ImDrawVert& vertex : imgui.NavWindow->DrawList->VtxBuffer)
        if (vertex.col == color) frame = std::min(frame, vertex.pos.x);
      Letter leftmost;
      leftmost.low = size;
      for (const Letter& one : letters_on_screen())
        if (chart.Contains(ImRect(one.low, one.high)) && one.low.x < leftmost.low.x) leftmost = one;
      EXPECT_GE(leftmost.low.x - frame, 0.25f * leftmost.size) << size.y;
    });
  }
}

TEST(Hall, EachLabHasASliderInItThatIsSeen) {
  WindowHarness window({.shell = in_theme(ThemeId::projector), .size = {1280, 720}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    for (const auto& [demo, slider] : {std::pair{"explode", "init.gain/##slider"},
                                       {"fp16_stalls", "numbers.addend/##slider"},
                                       {"strides", nullptr}}) {
      ASSERT_TRUE(window.shell().run_action(std::string("demo.") + demo));
      std::string place = slider ? slider : "";
      ASSERT_TRUE(window.wait_until(person, [&] {
        for (int i = 1; !slider && i < 9; ++i)
          if (std::string one = "parameter " + std::to_string(i) + "/##slider";
              person.ItemExists(("//###hall/" + one).c_str()))
            place = one;
        return !place.empty() && person.ItemExists(("//###hall/" + place).c_str());
      })) << demo;
      person.Yield(3);
      const ImRect seen = person.ItemInfo(("//###hall/" + place).c_str()).RectFull;
      EXPECT_GT(seen.GetHeight(), 10) << demo;
      EXPECT_LE(seen.Max.y, 720) << demo;
      EXPECT_GE(seen.Max.y, 600) << demo;  // below the plot
    }
  });
}

TEST(Hall, AChainShowsItsChosenOrLastStepWithASliderOfItAndKeysGoFromStepToStep) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    HarnessOptions options{.shell = in_theme(theme)};
    options.shell.experiment = Experiment{};
    options.shell.experiment->lab = LabName::tensors;
    WindowHarness window(options);
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
      const auto chain = [&] { return window.session().view().results.latest<TensorRequest>(); };
      ASSERT_TRUE(window.wait_until(person, [&] { return !chain()->parameters.empty(); }));
      person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
      person.Yield(5);
      const auto seen = [&](int step) {
        const auto grid =
            person.ItemInfo(fmt::format("//###hall/**/grid {}", step).c_str()).RectClipped;
        return grid.GetHeight() > 2 * ImGui::GetFontSize();
      };
      ASSERT_EQ(chain()->steps.size(), 4u);
      EXPECT_TRUE(seen(4));
      EXPECT_TRUE(is_on_screen("index st"));
      person.KeyPress(ImGuiKey_PageUp);
      person.Yield(5);
      EXPECT_EQ(window.shell().experiment().view.step, 3);
      EXPECT_TRUE(seen(3));
      EXPECT_TRUE(is_on_screen("transpose dim0"));
      for (int i = 0; i < 9; ++i) person.KeyPress(ImGuiKey_PageUp);
      person.Yield(5);
      EXPECT_EQ(window.shell().experiment().view.step, 1);
      EXPECT_TRUE(seen(1));
      person.KeyPress(ImGuiKey_PageDown);
      person.Yield(5);
      EXPECT_EQ(window.shell().experiment().view.step, 2);
      EXPECT_TRUE(is_on_screen("view size"));
    });
  }
}

TEST(Hall, TheFieldOfANumberSaysWhatItIs) {
  WindowHarness window(showing(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    const ImRect field = person.ItemInfo("//###hall/###input").RectFull;
    EXPECT_EQ(letters_within({0, field.Min.y, field.Min.x, field.Max.y}), "Number");
    EXPECT_GT(field.GetWidth(), 200);
  });
}

TEST(Hall, PageUpAndDownGoFromPlotToPlot) {
  WindowHarness window(showing(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    const auto after = [&](ImGuiKey key) {
      person.KeyPress(key);
      person.Yield(3);
      return window.shell().experiment().view.plot;
    };
    const std::string first = window.shell().experiment().view.plot;
    const std::string second = after(ImGuiKey_PageDown);
    EXPECT_NE(second, first);
    EXPECT_EQ(after(ImGuiKey_PageUp), first);
    EXPECT_EQ(window.shell().experiment().numbers.input, "0.1");
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_1);
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(3);
    std::vector<std::string> seen{window.shell().experiment().view.plot};
    for (std::size_t i = 1; i < signal_plots().size(); ++i) {
      const std::string plot = after(ImGuiKey_PageDown);
      EXPECT_EQ(std::ranges::count(seen, plot), 0) << plot;
      seen.push_back(plot);
    }
    EXPECT_EQ(after(ImGuiKey_PageDown), seen.front());  // round and round
    EXPECT_EQ(after(ImGuiKey_PageUp), seen.back());
  });
}

/// The widths of panels and sliders as shares of the window are those on 1080 lines.
TEST(LargeScreens, EverythingGrowsTogether) {
  struct Measures {
    float controls, slider, text;
  };
  const auto measured = [](ImVec2 size) {
    Measures found{};
    WindowHarness window({.size = size});
    window.run([&](ImGuiTestContext& person) {
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_3);
      person.Yield(3);
      found = {person.GetWindowByRef("//###controls")->Size.x,
               person.ItemInfo(slider_of("model.depth").c_str()).RectFull.GetWidth(),
               ImGui::GetFontSize()};
    });
    return found;
  };
  const Measures usual = measured({1920, 1080}), large = measured({3840, 2160});
  EXPECT_NEAR(large.controls / usual.controls, 2, 0.05);
  EXPECT_NEAR(large.slider / usual.slider, 2, 0.1);
  EXPECT_NEAR(large.text / usual.text, 2, 0.05);
  EXPECT_GT(usual.slider, 5 * usual.text);
}

/// The look of what is on the screen.
Style style_on_screen(ThemeId theme) {
  const auto& loaded = ImGui::GetIO().Fonts->Fonts;
  const Fonts fonts{loaded[0], loaded[1], loaded[2], loaded[3]};
  return make_style(theme, fonts, ImGui::GetFontSize() / make_style(theme, fonts).font_size);
}

/// The height of the part of a chart in which its curves are.
float curve_height(WindowHarness& window, ImGuiTestContext& person, const SignalPlot& plot) {
  const std::string card = "//###plots/" + std::string(plot.name);
  const ImGuiID chart = person.GetID((std::string(plot.name) + "/###chart").c_str(),
                                     person.WindowInfo(card.c_str()).ID);
  const ImRect place = person.ItemInfo(chart).RectFull;
  const SignalView view =
      view_of_results(window.shell().experiment(), window.session().view().results);
  const ChartFrame frame =
      plot_of(plot, view, {})
          .frame(style_on_screen(window.shell().theme()), {place.Min, place.GetSize()});
  return frame.high.y - frame.low.y;
}

TEST(LargeScreens, TheLargestTextLeavesThePlots) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1024, 600}, {1280, 800}, {1920, 1080}}) {
      WindowHarness window({.shell = in_theme(theme), .size = size});
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        for (int i = 0; i < 25; ++i) person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Equal);
        person.Yield(3);
        const ImGuiTestItemInfo plot = person.WindowInfo("//###plots/forward_variance");
        ASSERT_NE(plot.Window, nullptr);
        const float line = ImGui::GetFontSize();
        EXPECT_GT(plot.RectFull.GetWidth(), 12 * line) << size.x;
        EXPECT_GT(plot.RectFull.GetHeight(), 8 * line) << size.x;
        for (const SignalPlot& one : signal_plots()) {
          const std::string card = "//###plots/" + std::string(one.name);
          EXPECT_GT(person.WindowInfo(card.c_str()).RectFull.GetHeight(), size.y / 3) << size.x;
          EXPECT_GT(curve_height(window, person, one), size.y / 10) << one.name << " " << size.x;
        }
        const std::string theme_menu = text(fmt::format("theme.{}", name_of(theme)));
        EXPECT_NE(letters_within({0, 0, size.x, 3 * line}).find(theme_menu), std::string::npos);
        // The next press the other way is seen at once.
        person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Minus);
        person.Yield(3);
        EXPECT_TRUE(ImGui::GetFontSize() < line || largest_zoom(theme, size, 1) == 1);
      });
    }
}

TEST(LargeScreens, TextStopsAtWhatCanBeReadAndSaysSoOnce) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    WindowHarness window({.shell = in_theme(theme)});
    window.run([&](ImGuiTestContext& person) {
      const auto toasts = [] {
        return std::ranges::count_if(
            ImGui::GetCurrentContext()->Windows, [](const ImGuiWindow* one) {
              return one->WasActive && std::string_view(one->Name).starts_with("###toast");
            });
      };
      for (const ImGuiKey key : {ImGuiKey_Minus, ImGuiKey_Equal}) {
        for (int i = 0; i < 30; ++i) person.KeyPress(ImGuiMod_Ctrl | key);
        person.Yield(3);
        EXPECT_GE(ImGui::GetFontSize(), 12);
        EXPECT_EQ(toasts(), 1);
      }
    });
  }
}

TEST(Hall, ALongSentenceTakesTwoLinesBeforeItShrinks) {
  for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
    WindowHarness window({.shell = in_theme(ThemeId::projector), .size = size});
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
      for (const char* demo : {"vanish", "tanh_saturates", "explode"}) {
        ASSERT_TRUE(window.shell().run_action(std::string("demo.") + demo));
        ASSERT_TRUE(window.wait_for_pass(person));
        person.Yield(3);
        const auto pass = window.session().view().results.latest<SignalRequest>();
        const std::string words = sentence(*pass);
        const std::string first = words.substr(0, words.find(' '));
        const std::vector<Letter> letters = letters_on_screen();
        const auto line = std::ranges::find_if(letters, [&](const Letter& letter) {
          return line_of(letters, letter.run).starts_with(first);
        });
        ASSERT_NE(line, letters.end()) << words;
        EXPECT_GE(line->size, ImGui::GetFontSize()) << words << " " << size.x;
      }
    });
  }
}

TEST(Hall, HelpDoesNotLieOverThePlot) {
  WindowHarness window({.shell = in_theme(ThemeId::projector), .size = {1280, 720}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const char* help = "Multiplies every drawn weight";
    person.MouseMove(slider_of("init.gain").c_str());
    person.SleepNoSkip(1.5f, 0.1f);
    EXPECT_TRUE(is_on_screen(help));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    person.MouseMove("//###hall/init.gain/##slider");
    person.SleepNoSkip(1.5f, 0.1f);
    EXPECT_FALSE(is_on_screen(help));
  });
}

TEST(Hall, AGainOfManyDigitsIsReadWhole) {
  WindowHarness window({.shell = in_theme(ThemeId::light), .size = {1280, 800}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    person.ItemInputValue("//###hall/init.gain/##value", "sqrt(2/256)");
    person.Yield(3);
    const ImRect field = person.ItemInfo("//###hall/init.gain/##value").RectFull;
    EXPECT_EQ(letters_within(field.ToVec4()), "0.08838834764831845");
  });
}

}  // namespace
}  // namespace nanscope
