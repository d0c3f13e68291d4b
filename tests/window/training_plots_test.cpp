#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/recipe/decision_surface.h"
#include "engine/recipe/run_json.h"
#include "engine/recipe/trials.h"
#include "imgui_internal.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"

// What is seen of a run in the window: its plots, and those of other runs.
namespace nanscope {
namespace {

TEST(TrainingWindow, ThePointedStepIsSaidInAllChartsAndNoTooltipCoversAHead) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    const ImRect loss = person.WindowInfo("//###plots/loss").RectFull;
    person.MouseMoveToPos(loss.GetCenter());
    person.Yield(3);
    int said = 0;
    for (const char* plot : {"loss", "gradient_norm", "learning_rate"}) {
      const ImRect place = person.WindowInfo(fmt::format("//###plots/{}", plot).c_str()).RectFull;
      const std::string letters =
          letters_within({place.Min.x, place.Min.y, place.Max.x, place.Max.y});
      said +=
          letters.find("step1") != std::string::npos || letters.find("step2") != std::string::npos;
    }
    EXPECT_EQ(said, 3);
    const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
    EXPECT_FALSE(tooltip && tooltip->Active && tooltip->Rect().Overlaps(loss));
  });
}

TEST(TrainingWindow, PlotsAreDrawnOverSamplesAndLayersAsAMap) {
  HarnessOptions options = small_run(40);
  options.shell.experiment->training.statistics = 10;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Loss by step"));
    EXPECT_TRUE(is_on_screen("Variance of activations"));
    person.ItemClick("//###controls/view.x/##choice/###samples");
    person.ItemClick("//###controls/view.map/##choice/###update");
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Loss by samples"));
    EXPECT_TRUE(is_on_screen("Update / weights, norms"));
    EXPECT_EQ(latest(window)->steps, 40);  // the same run
    EXPECT_THAT(faults_of_text(), ::testing::IsEmpty());
    EXPECT_EQ(window.shell().experiment().view.x, RunAxis::samples);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Loss by step"));
    EXPECT_TRUE(is_on_screen("Variance of activations"));
    // A click on a column shows that step's layers, over depth.
    const ImRect map = chart_of(person, "layers");
    person.MouseMoveToPos(map.GetCenter());
    person.MouseClick();
    person.Yield(3);
    const std::optional<int> look = window.shell().experiment().view.look;
    ASSERT_TRUE(look);
    EXPECT_TRUE(*look == 10 || *look == 20) << *look;
    EXPECT_TRUE(is_on_screen(fmt::format("Layers at step {}", *look)));
    EXPECT_THAT(faults_of_text(), ::testing::IsEmpty());
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(3);
    EXPECT_FALSE(window.shell().experiment().view.look);
    EXPECT_FALSE(is_on_screen(fmt::format("Layers at step {}", *look)));
  });
}

TEST(TrainingWindow, AZoomedPlotSaysThatItDoesNotFollowTheRunAndHomeFollowsItAgain) {
  WindowHarness window(long_run());
  window.run([&](ImGuiTestContext& person) {
    const auto zooms = [&] { return window.shell().experiment().view.zoom.size(); };
    ASSERT_TRUE(Hand(window, person).passes(10));
    EXPECT_FALSE(window.shell().run_action("view.show_all"));
    for (const char* plot : {"loss", "gradient_norm"}) {
      person.MouseMoveToPos(chart_of(person, plot).GetCenter());
      person.MouseWheelY(2);
      person.Yield(2);
    }
    EXPECT_EQ(zooms(), 2u);
    EXPECT_TRUE(is_on_screen("zoomed, does not follow; Home does"));
    person.KeyPress(ImGuiKey_Home);
    person.Yield(3);
    EXPECT_EQ(zooms(), 0u);
    EXPECT_FALSE(is_on_screen("zoomed, does not follow; Home does"));
  });
}

TEST(TrainingWindow, GradientsOfANarrowFormatAreDrawnBesideItsRange) {
  HarnessOptions options = small_run(40);
  options.shell.experiment->network.precision = Precision::mixed_fp16;
  options.shell.experiment->training.loss_scale = {.kind = LossScaleKind::fixed, .init = 1024};
  options.shell.experiment->training.statistics = 10;
  options.shell.experiment->view.look = 20;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Gradient magnitudes at step 20"));
    EXPECT_THAT(faults_of_text(), ::testing::IsEmpty());
    EXPECT_TRUE(is_on_screen("Layers at step 20"));
    // Over depth a click chooses the layer, and another one lets it go.
    person.MouseMoveToPos(chart_of(person, "step_layers").GetCenter());
    person.MouseClick();
    person.Yield(3);
    const auto layer = window.shell().experiment().view.layer;
    ASSERT_TRUE(layer);
    person.MouseMoveToPos({5, 795});  // no reading lies over anything
    person.Yield(3);
    EXPECT_TRUE(is_on_screen(fmt::format("Gradient magnitudes of linear {} at step 20", *layer)));
    EXPECT_THAT(faults_of_text(), ::testing::IsEmpty());
    person.MouseMoveToPos(chart_of(person, "step_layers").GetCenter());
    person.SleepNoSkip(1.0f, 0.1f);  // no double click
    person.MouseClick();
    person.Yield(3);
    EXPECT_FALSE(window.shell().experiment().view.layer);
  });
}

TEST(TrainingWindow, PointsOfAPlaneAreDrawnOverWhatTheRunMakesOfIt) {
  HarnessOptions options = small_run(40);
  options.shell.experiment->data.kind = DataKind::spiral;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Decision surface"));
    EXPECT_TRUE(is_on_screen("after 40 steps"));
    person.KeyPress(ImGuiKey_F5);
    person.KeyPress(ImGuiKey_Space);
    person.KeyPress(ImGuiKey_Period);
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->surface && latest(window)->surface->steps == latest(window)->steps;
    }));
  });
}

/// What is chosen in the menu of a run's row.
void choose_in_row(ImGuiTestContext& person, const std::string& row, const char* entry) {
  person.ItemClick((row + "###menu").c_str());
  person.Yield(2);
  person.ItemClick((std::string("//$FOCUSED/###") + entry).c_str());
}

TEST(TrainingWindow, RunsBeforeItStayBesideItAndAreHiddenNamedAndRemoved) {
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto first = latest(window);
    person.ItemInputValue(field_of("model.width").c_str(), "24");
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 16"));
    const std::string row = "//###inspector/earlier/$$0/";
    person.ItemInputValue((row + "###name").c_str(), "narrow");
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("width 16"));
    EXPECT_TRUE(is_on_screen("narrow"));
    choose_in_row(person, row, "run.use");
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_EQ(latest(window)->history->loss, first->history->loss);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 24"));
    // Another colour is another row's name for Dear ImGui.
    person.ItemClick("//###inspector/earlier/$$1/###look");
    person.Yield(2);
    EXPECT_FALSE(person.ItemExists("//###inspector/earlier/$$1/###look"));
    EXPECT_TRUE(person.ItemExists("//###inspector/earlier/$$2/###look"));
    EXPECT_TRUE(is_on_screen("width 24"));
    choose_in_row(person, row, "run.remove");
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("narrow"));
  });
}

TEST(TrainingWindow, TheRunIsSavedAndItsFileRepeatsItWithItsChangesAndSaysWhereItDied) {
  const TemporaryFolder folder;
  HarnessOptions options{.shell = {.experiment = demo_named("train_eps_vanishes").experiment}};
  options.shell.settings.last_folder = folder.path();
  const std::string path = folder.path() + "/dead.jsonl";
  const LiveChange change{1, "optimizer.lr", "0.0005"};
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary changed = *latest(window);
    changed.changes = {change};
    person.Yield(2);  // the shell has seen that it is over
    ASSERT_TRUE(window.shell().run_action("file.save_run"));
    person.Yield(2);
    person.ItemInputValue("//###file chooser/##name", "dead");
    if (person.ItemExists("//###file chooser/###accept"))
      person.ItemClick("//###file chooser/###accept");
    person.Yield(2);
    const auto saved = read_run(path);
    ASSERT_TRUE(saved) << to_string(saved.error());
    EXPECT_EQ(saved->experiment, latest(window)->experiment);
    ASSERT_TRUE(saved->autopsy);
    // With a change on its way, opened from another lab: that run again.
    ASSERT_TRUE(write_file_atomically(path, run_to_lines(changed)));
    ASSERT_TRUE(window.shell().run_action("lab.numbers"));
    person.Yield(2);
    window.shell().open_path(path);
    ASSERT_TRUE(window.wait_until(person, [&] {
      return latest(window)->changes == std::vector{change} && hand.state() == SlotState::resting;
    }));
    const auto again = latest(window);
    person.Yield(5);
    EXPECT_EQ(latest(window), again);  // it does not begin anew
    // Beside another run the file's says where it died.
    person.ItemInputValue(field_of("optimizer.eps").c_str(), "1e-6");
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(2);
    EXPECT_FALSE(is_on_screen("Where it stopped being finite"));
    choose_in_row(person, "//###inspector/earlier/$$0/", "run.why");
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Where it stopped being finite"));
  });
}

TEST(TrainingWindow, ARunFileIsACurveBesideTheRun) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/other.jsonl";
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary other = *latest(window);
    other.experiment.network.seed = 7;
    ASSERT_TRUE(write_file_atomically(path, run_to_lines(other)));
    const Experiment before = window.shell().experiment();
    window.shell().open_path(path);
    person.Yield(3);
    EXPECT_FALSE(window.shell().message());
    EXPECT_EQ(window.shell().experiment(), before);
    EXPECT_TRUE(is_on_screen("other.jsonl"));
    ASSERT_TRUE(write_file_atomically(path, "no run"));
    window.shell().open_path(path);
    ASSERT_TRUE(window.shell().message());
    EXPECT_THAT(to_string(*window.shell().message()), ::testing::HasSubstr("other.jsonl"));
  });
}

TEST(TrainingWindow, DamagedLinesOfARunFileAreSaidWhereItIsOpened) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/torn.jsonl";
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary other = *latest(window);
    other.experiment.network.seed = 7;
    std::string lines = run_to_lines(other);
    lines.insert(lines.find('\n') + 1, "{\"step\": 0, \"lo\n");
    ASSERT_TRUE(write_file_atomically(path, lines));
    const std::string said = "Line 2 of the run file is damaged and passed over.";
    window.shell().open_path(path);
    person.Yield(3);
    EXPECT_FALSE(window.shell().message());
    EXPECT_TRUE(is_on_screen("torn.jsonl"));
    EXPECT_TRUE(is_on_screen(said));
    // From another lab, where it becomes what the lab shows.
    person.SleepNoSkip(6, 0.5f);
    EXPECT_FALSE(is_on_screen(said));
    ASSERT_TRUE(window.shell().run_action("lab.numbers"));
    person.Yield(2);
    window.shell().open_path(path);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen(said));
  });
}

/// What a row of the inspector shows of a run's name.
std::string shown_name(ImGuiTestContext& person, int row) {
  const std::string field = fmt::format("//###inspector/earlier/$${}/###name", row);
  return letters_within(person.ItemInfo(field.c_str()).RectFull.ToVec4());
}

/// Beside its curve stands what makes a run another one: first what the other runs have not.
TEST(TrainingWindow, ALongNameOfARunBeginsWithWhatDiffersAndIsWhole) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    HarnessOptions options = small_run(40);
    options.size = {1280, 800};
    options.shell.settings.theme = theme;
    WindowHarness window(std::move(options));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(wait_for_run(window, person));
      for (const char* scheme : {"normal", "orthogonal"}) {
        person.ItemClick(choice_of("init.scheme", scheme).c_str());
        ASSERT_TRUE(wait_for_run(window, person));
      }
      if (!is_seen(person, "//###inspector")) person.KeyPress(ImGuiKey_F3);
      person.Yield(3);
      EXPECT_EQ(shown_name(person, 0), "schemekaiming") << name_of(theme);
      EXPECT_EQ(shown_name(person, 1), "schemenormal") << name_of(theme);
      // Two settings more in which both differ from the run that is there, and not from one
      // another.
      person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.0123");
      ASSERT_TRUE(wait_for_run(window, person));
      person.ItemInputValue(field_of("model.width").c_str(), "24");
      ASSERT_TRUE(wait_for_run(window, person));
      person.Yield(3);
      for (const auto& [row, scheme] :
           {std::pair{0, std::string("schemekaiming")}, {1, std::string("schemenormal")}}) {
        const std::string name = shown_name(person, row);
        EXPECT_TRUE(name.starts_with(scheme)) << name;
        for (const char* setting : {"width16", "learningrate"})
          EXPECT_THAT(name, ::testing::HasSubstr(setting)) << name_of(theme);
      }
    });
  }
}

TEST(TrainingWindow, RunFilesThatBeginAlikeAreToldApartAndTheirMenuIsReachedByKeys) {
  const TemporaryFolder folder;
  WindowHarness window(small_run(40));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    RunSummary other = *latest(window);
    for (const int seed : {7, 8}) {
      const std::string path = fmt::format(
          "{}/a_very_long_beginning_of_a_name_of_a_run_seed_{}.jsonl", folder.path(), seed);
      other.experiment.network.seed = static_cast<std::uint64_t>(seed);
      ASSERT_TRUE(write_file_atomically(path, run_to_lines(other)));
      window.shell().open_path(path);
      person.Yield(3);
    }
    for (const int row : {0, 1})
      EXPECT_EQ(shown_name(person, row),
                fmt::format("a_very_long_beginning_of_a_name_of_a_run_seed_{}.jsonl", row + 7));
    person.NavMoveTo("//###inspector/earlier/$$0/###menu");
    person.KeyPress(ImGuiKey_Enter);
    person.Yield(2);
    ASSERT_TRUE(person.ItemExists("//$FOCUSED/###run.remove"));
    person.ItemClick("//$FOCUSED/###run.remove");
    person.Yield(2);
    EXPECT_FALSE(person.ItemExists("//###inspector/earlier/$$0/###menu"));
    EXPECT_TRUE(person.ItemExists("//###inspector/earlier/$$1/###menu"));
  });
}

/// Beside a chosen step's layers the map stays large enough to be read.
TEST(TrainingWindow, TheMapBesideAChosenStepIsNotLow) {
  HarnessOptions options = small_run(40);
  options.size = {1280, 800};
  options.shell.settings.theme = ThemeId::projector;
  options.shell.experiment->training.statistics = 5;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Learning rate by step"));
    person.MouseMoveToPos(chart_of(person, "layers").GetCenter());
    person.MouseClick();
    person.Yield(3);
    ASSERT_TRUE(window.shell().experiment().view.look);
    for (const char* plot : {"loss", "layers", "step_layers"})
      EXPECT_GE(chart_of(person, plot).GetHeight(), 13 * ImGui::GetFontSize()) << plot;
    EXPECT_FALSE(is_on_screen("Learning rate by step")) << "it gives way";
    EXPECT_TRUE(is_on_screen("gradient norm, learning rate make room for the layers of step"));
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Learning rate by step"));
  });
}

TEST(TrainingWindow, TwoPinnedReadingsAreComparedInTheWindow) {
  HarnessOptions options = small_run(60);
  options.size = {1920, 1080};
  options.shell.settings.theme = ThemeId::projector;
  options.shell.experiment->training.optimizer.kind = OptimizerKind::adam;
  options.shell.experiment->training.optimizer.lr = 3e-4;
  options.shell.experiment->view.pins = {{"loss", 10, 1}, {"loss", 30, 1}};
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    for (const char* lr : {"1e-3", "2e-3", "4e-3"}) {
      person.MouseMoveToPos({1900, 1075});
      person.Yield(4);
      EXPECT_EQ(window.shell().experiment().view.pins.size(), 2u);
      EXPECT_THAT(letters_within(person.WindowInfo("//###plots/loss").RectFull.ToVec4()),
                  ::testing::HasSubstr("2/1"))
          << lr;
      EXPECT_THAT(faults_of_text(), ::testing::IsEmpty()) << lr;
      person.ItemInputValue(field_of("optimizer.lr").c_str(), lr);
      ASSERT_TRUE(wait_for_run(window, person));
    }
  });
}

/// There its curve would be a point.
TEST(TrainingWindow, ARunThatDiedAtOnceShowsItsLayersInAHallToo) {
  WindowHarness window({.shell = {.experiment = demo_named("train_explodes").experiment}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Layers at step 0, where it stopped being finite"));
    EXPECT_FALSE(is_on_screen("Learning rate by step"));
    person.MouseMoveToPos({5, 795});
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Layers at step 0, where it stopped being finite"));
    EXPECT_FALSE(is_on_screen("Loss by step"));
    person.KeyPress(ImGuiKey_PageDown);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("Loss by step"));
  });
}

/// On as many rows as they take.
TEST(TrainingWindow, WhatIsTriedHasItsPlaceBeforeItIsKnownWhetherItHelps) {
  WindowHarness window({.shell = {.experiment = demo_named("train_explodes").experiment}});
  window.run([&](ImGuiTestContext& person) {
    const auto cures = [&] {
      std::vector<ImRect> places;
      for (const char* cure :
           {"init.scheme=kaiming", "init.scheme=inv_sqrt", "model.norm=layernorm"}) {
        const ImGuiTestItemInfo button = person.ItemInfo(
            fmt::format("//###plots/###cure {}", cure).c_str(), ImGuiTestOpFlags_NoError);
        if (button.ID) places.push_back(button.RectFull);
      }
      return places;
    };
    ASSERT_TRUE(window.wait_until(person, [&] { return !cures().empty(); }));
    const std::vector<ImRect> first = cures();
    ASSERT_EQ(first.size(), 3u);
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_TRUE(window.wait_for_result<TrialsRequest>(person));
    person.Yield(2);
    const std::vector<ImRect> last = cures();
    ASSERT_EQ(last.size(), 3u);
    for (std::size_t i = 0; i < last.size(); ++i) {
      EXPECT_EQ(last[i].Min.x, first[i].Min.x) << i;
      EXPECT_EQ(last[i].Min.y, first[i].Min.y) << i;
    }
    EXPECT_TRUE(is_on_screen("Tried, and finite with:"));
  });
}

TEST(TrainingWindow, CuresAreAllInSightBesideTheInspector) {
  HarnessOptions options{.shell = {.experiment = demo_named("train_explodes").experiment},
                         .size = {1280, 800}};
  options.shell.settings.theme = ThemeId::projector;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_TRUE(window.wait_for_result<TrialsRequest>(person));
    if (!is_seen(person, "//###inspector")) person.KeyPress(ImGuiKey_F3);
    person.Yield(4);
    const ImRect plots = person.GetWindowByRef("//###plots")->InnerRect;
    int cures = 0;
    for (const char* cure :
         {"init.scheme=kaiming", "init.scheme=inv_sqrt", "model.norm=layernorm"}) {
      const ImGuiTestItemInfo button = person.ItemInfo(
          fmt::format("//###plots/###cure {}", cure).c_str(), ImGuiTestOpFlags_NoError);
      if (!button.ID) continue;
      ++cures;
      EXPECT_TRUE(plots.Contains(button.RectFull)) << cure;
    }
    EXPECT_GE(cures, 2);
  });
}

}  // namespace
}  // namespace nanscope
