#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// The shell around the lab: themes, palette, settings, the engine's states.
namespace nanscope {
namespace {

TEST(ShellWindow, ThemesSwitchFromTheMenuAndByShortcut) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    mouse.MenuClick("//##MainMenuBar/###menu.theme/###theme.dark");
    EXPECT_EQ(window.shell().theme(), ThemeId::dark);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_3);
    EXPECT_EQ(window.shell().theme(), ThemeId::projector);
    mouse.Yield(2);
    EXPECT_GT(ImGui::GetStyle().FontSizeBase, 20);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_1);
    EXPECT_EQ(window.shell().theme(), ThemeId::light);
  });
}

TEST(ShellWindow, ThePaletteTakesEveryLetterThatIsTypedOnceItHasBeenAskedFor) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    ASSERT_TRUE(window.wait_for_pass(keyboard));
    ASSERT_TRUE(window.shell().run_action("help.palette"));
    keyboard.KeyChars("scheme kai");  // from the frame on in which it opens
    keyboard.Yield(3);
    keyboard.KeyPress(ImGuiKey_Enter);
    keyboard.Yield(2);
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::kaiming);
  });
}

TEST(ShellWindow, EscapeClosesTheListOfKeys) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    const auto shown = [&] {
      const ImGuiWindow* list =
          keyboard.WindowInfo("//###shortcuts", ImGuiTestOpFlags_NoError).Window;
      return list && list->Active;
    };
    keyboard.KeyPress(ImGuiKey_F1);
    keyboard.Yield(2);
    EXPECT_TRUE(shown());
    keyboard.KeyPress(ImGuiKey_Escape);
    keyboard.Yield(2);
    EXPECT_FALSE(shown());
  });
}

TEST(ShellWindow, TheInspectorCutsNoName) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(3);
    const ImGuiID scope = person.GetID("pass", person.WindowInfo("//###inspector").ID);
    const ImGuiID id = person.GetID("pass", scope);
    const ImGuiTable* table = ImGui::TableFindByID(id);
    ASSERT_TRUE(table);
    const ImGuiTableColumn& names = table->Columns[0];
    EXPECT_LE(names.ContentMaxXUnfrozen, names.WorkMaxX + 1);
    const ImGuiTableColumn& numbers = table->Columns[1];
    EXPECT_LE(numbers.ContentMaxXUnfrozen, numbers.WorkMaxX + 1);
  });
}

TEST(ShellWindow, ThePaletteFindsActionsByAFewLetters) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) {
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P);
    keyboard.Yield(2);
    keyboard.KeyChars("scheme kai");
    keyboard.KeyPress(ImGuiKey_Enter);
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::kaiming);
    keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_P);
    keyboard.Yield(2);
    keyboard.KeyChars("dark");
    keyboard.KeyPress(ImGuiKey_Enter);
    EXPECT_EQ(window.shell().theme(), ThemeId::dark);
  });
}

TEST(ShellWindow, SettingsSurviveARestart) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/config/settings.json";
  Experiment left;
  {
    WindowHarness window({.shell = {.settings_path = path}});
    window.run([&](ImGuiTestContext& mouse) {
      mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_2);
      mouse.ItemInputValue(field_of("model.depth").c_str(), "21");
      left = window.shell().experiment();
      EXPECT_TRUE(window.shell().confirm_close());
    });
  }
  const Result<Settings> kept = load_settings(path);
  ASSERT_TRUE(kept);
  WindowHarness window({.shell = {.settings = *kept, .settings_path = path}});
  EXPECT_EQ(window.shell().experiment(), left);
  EXPECT_EQ(window.shell().theme(), ThemeId::dark);
}

TEST(ShellWindow, ASmallScreenGivesThePlotsTheInspectorsRoom) {
  WindowHarness small({.size = {800, 600}});
  small.run([&](ImGuiTestContext& keyboard) {
    keyboard.Yield(2);
    const ImGuiWindow* plots = keyboard.GetWindowByRef("//###plots");
    ASSERT_NE(plots, nullptr);
    EXPECT_GE(plots->Size.x, 400);
    keyboard.KeyPress(ImGuiKey_F3);
    keyboard.Yield(2);
    EXPECT_LT(plots->Size.x, 400);
  });
}

TEST(ShellWindow, BrokenSettingsAreSetAsideAndSaidSo) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/settings.json";
  std::ofstream(path) << "{\"theme\": 3, ";
  const Result<Settings> kept = load_settings(path);
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().message().find(path + ".broken"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(path + ".broken"));
  EXPECT_FALSE(std::filesystem::exists(path));
  WindowHarness window({.shell = {.settings_path = path, .problem = kept.error()}});
  window.run([&](ImGuiTestContext& mouse) {
    mouse.Yield(2);
    EXPECT_TRUE(window.shell().message());
    mouse.ItemClick("//###message/###dismiss");
  });
}

TEST(ShellWindow, AnEngineThatCannotBeOpenedLeavesTheWindowUsable) {
  WindowHarness window({.loader = []() -> Result<std::unique_ptr<Engine>> {
    return work_error("libnanscope_engine.so", "is not there. Run ./nanscope to build it.");
  }});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_until(
        mouse, [&] { return window.session().view().engine_state == EngineState::broken; }));
    mouse.ItemClick(choice_of("init.scheme", "xavier").c_str());
    EXPECT_EQ(window.shell().experiment().network.init.scheme, InitScheme::xavier);
    mouse.ItemClick("//###plots/###copy");
    EXPECT_NE(std::string(ImGui::GetClipboardText()).find("libnanscope_engine.so"),
              std::string::npos);
    EXPECT_FALSE(window.shell().run_action("file.export"));
  });
}

/// An engine whose passes last until they are stopped.
class SlowEngine final : public Engine {
 public:
  explicit SlowEngine(std::atomic<int>& passes) : passes_(passes) {}
  EngineInfo info() const override { return {}; }
  Result<std::unique_ptr<Job>> make_job(const JobRequest&) override {
    return one_slice([this](const JobContext& context) -> Result<SignalSnapshot> {
      ++passes_;
      while (!context.stop().stop_requested()) {
        context.progress()(message("drawing weights"), 0.5);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      return cancelled_error();
    });
  }

 private:
  std::atomic<int>& passes_;
};

TEST(ShellWindow, ALongPassShowsItsProgressAndCanBeCancelled) {
  std::atomic<int> passes = 0;
  WindowHarness window({.loader = [&]() -> Result<std::unique_ptr<Engine>> {
    return std::make_unique<SlowEngine>(passes);
  }});
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_until(mouse, [&] {
      return window.session().view().slot(SignalRequest::kSlot).progress.text() ==
             "drawing weights";
    }));
    mouse.Yield(2);
    mouse.ItemClick("//###status/###cancel");
    ASSERT_TRUE(window.wait_until(mouse, [&] { return !window.session().view().working(); }));
    EXPECT_EQ(passes, 1);
    EXPECT_FALSE(window.shell().message());
    // A control that moves asks anew.
    mouse.ItemClick(choice_of("init.scheme", "xavier").c_str());
    ASSERT_TRUE(window.wait_until(mouse, [&] { return passes == 2; }));
  });
}

TEST(ShellWindow, AnExperimentThatNeedsTooMuchMemoryIsAMessageAndTheNextOneRuns) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    Experiment huge = window.shell().experiment();
    huge.network.model.width = 4096;
    huge.network.model.depth = 200;
    huge.network.networks = 256;  // 3.4 TB of weights in fp32
    ImGui::SetClipboardText(to_json(huge).c_str());
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_V);
    EXPECT_EQ(window.shell().experiment(), huge);
    ASSERT_TRUE(window.wait_until(mouse, [&] { return window.shell().message().has_value(); }));
    EXPECT_EQ(window.shell().message()->kind, Error::Kind::work);
    mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    // The plots still show this experiment's pass: wait for the message to go, which a new one
    // does.
    EXPECT_TRUE(window.wait_until(mouse, [&] { return !window.shell().message(); }));
    EXPECT_TRUE(window.wait_for_pass(mouse));
  });
}

TEST(ShellWindow, AFrameAsksForWhatItHasDrawn) {
  WindowHarness window;
  window.frame();
  const auto draw_only = [&] {
    ImGui::NewFrame();
    window.shell().draw();
    ImGui::EndFrame();
  };
  ASSERT_TRUE(window.shell().run_action("run.gain_up"));
  EXPECT_FALSE(window.shell().has_request());  // of the frame on the screen
  draw_only();
  EXPECT_TRUE(window.shell().has_request());
  window.shell().submit();
  EXPECT_FALSE(window.shell().has_request());
  draw_only();
  EXPECT_FALSE(window.shell().has_request());
}

TEST(ShellWindow, AnIdleWindowAsksForNoFrames) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    // Settings that were just changed are kept after a second of the window's own time.
    EXPECT_TRUE(window.wait_until(
        mouse, [&] { return std::isinf(window.shell().seconds_to_next_frame()); }));
  });
}

TEST(ShellWindow, ALayerIsChosenInAPlotAndReadInTheInspector) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& mouse) {
    ASSERT_TRUE(window.wait_for_pass(mouse));
    EXPECT_FALSE(mouse.ItemExists("//###inspector/histogram bars"));
    const ImGuiTestItemInfo plot = mouse.WindowInfo("//###plots/forward_variance");
    ASSERT_NE(plot.Window, nullptr);
    mouse.MouseMoveToPos(plot.RectFull.GetCenter());
    mouse.MouseClick();
    mouse.MouseMove(slider_of("model.depth").c_str());
    EXPECT_TRUE(mouse.ItemExists("//###inspector/histogram bars"));
  });
}

/// How far a point is from a window, in pixels.
float distance(const ImGuiWindow& window, ImVec2 point) {
  const ImRect bounds = window.Rect();
  return std::hypot(std::max({bounds.Min.x - point.x, 0.0f, point.x - bounds.Max.x}),
                    std::max({bounds.Min.y - point.y, 0.0f, point.y - bounds.Max.y}));
}

TEST(ShellWindow, WhatThePointerIsOnSpeaksRatherThanTheControlWithTheKeyboard) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const std::string slider = slider_of("model.depth");
    const ImVec2 control = person.ItemInfo(slider.c_str()).RectFull.GetCenter();
    const ImGuiTestItemInfo plot = person.WindowInfo("//###plots/forward_variance");
    ASSERT_NE(plot.Window, nullptr);
    const ImVec2 layer = plot.RectFull.GetCenter();
    // On the plot, and then beside everything that has something to say.
    for (const bool on_plot : {true, false}) {
      const ImVec2 pointer = on_plot ? layer : ImVec2{layer.x, 4};
      person.MouseMoveToPos(pointer);
      person.NavMoveTo(slider.c_str());
      if (on_plot) person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_F1);  // once: it stays
      person.SleepNoSkip(1.0f, 0.1f);                             // help takes its time
      const auto tooltips = seen_tooltips();
      ASSERT_EQ(tooltips.size(), 1u);
      constexpr float kBeside = 60;
      // A reading stands over its plot's head.
      EXPECT_EQ(plot.RectFull.Overlaps(tooltips.front()->Rect()), on_plot);
      EXPECT_GT(distance(*tooltips.front(), control), kBeside);
      EXPECT_EQ(is_on_screen("Number of layers of width"), !on_plot);
    }
  });
}

TEST(ShellWindow, QuittingAsksTheHost) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& keyboard) { keyboard.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Q); });
  EXPECT_TRUE(window.close_asked());
}

}  // namespace
}  // namespace nanscope
