#include "engine/optimizers/plane.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "engine/experiment/json.h"
#include "engine/recipe/run_json.h"
#include "harness.h"
#include "imgui_te_internal.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"
#include "ui/labs/optimizers/words.h"

// Optimizers on a plane through a run's parameters in the window.
namespace nanscope {
namespace {

HarnessOptions with_small_run() {
  HarnessOptions options = showing(LabName::optimizers);
  Experiment& experiment = *options.shell.experiment;
  for (const auto& [key, value] : {std::pair{"model.depth", "2"},
                                   {"model.width", "16"},
                                   {"model.activation", "tanh"},
                                   {"init.scheme", "inv_sqrt"},
                                   {"data.kind", "spiral"},
                                   {"batch", "32"},
                                   {"steps", "60"},
                                   {"optimizers.steps", "50"}})
    experiment = with_key(experiment, key, value).value();
  return options;
}

TEST(PlaneWindow, ShowsTheRunsPlaneFromItsControlsAndAClickBeginsThere) {
  WindowHarness window(with_small_run());
  window.run([&](ImGuiTestContext& person) {
    const auto settings = [&]() -> const Optimizers& {
      return window.shell().experiment().optimizers;
    };
    const auto paths = [&] { return window.session().view().results.latest<PathsRequest>(); };
    const auto waits = [&] {
      const bool came = window.wait_until(person, [&] {
        const SlotView slot = window.session().view().slot(PlaneRequest::kSlot);
        return slot.up_to_date() && !slot.at_work() &&
               slot.answered == descent_request(window.shell().experiment());
      });
      person.Yield(2);
      return came;
    };
    person.ItemClick(choice_of("optimizers.surface", "run").c_str());
    ASSERT_TRUE(waits());
    ASSERT_TRUE(paths()->plane);
    EXPECT_EQ(paths()->plane->side, 41);
    EXPECT_EQ(paths()->of.start, (Pair{0, 0}));
    EXPECT_TRUE(is_on_screen(paths_sentence(*paths())));
    EXPECT_GT(paths()->plane->share, 0.5);

    const ImRect chart = chart_of(person, "loss_surface");
    person.MouseMoveToPos(
        {chart.Min.x + 0.7f * chart.GetWidth(), chart.Min.y + 0.4f * chart.GetHeight()});
    person.MouseClick();
    person.Yield(2);
    ASSERT_TRUE(waits());
    EXPECT_NE(settings().x, 0);
    EXPECT_EQ(paths()->of.start, (Pair{settings().x, settings().y}));
    for (const Path& path : paths()->paths)
      EXPECT_EQ(path.steps.front().loss, paths()->paths[0].steps[0].loss);

    // A zoom is measured anew, on the plane that is there; without one that is shown again.
    const std::vector<double> whole = paths()->plane->losses;
    person.MouseWheelY(2);
    person.Yield(2);
    ASSERT_TRUE(waits());
    EXPECT_EQ(paths()->plane->zoomed.side, 41);
    EXPECT_LT(paths()->plane->zoomed.view[1] - paths()->plane->zoomed.view[0],
              paths()->plane->view[1] - paths()->plane->view[0]);
    EXPECT_EQ(paths()->plane->losses, whole);
    person.MouseDoubleClick();
    person.Yield(2);
    ASSERT_TRUE(waits());
    EXPECT_EQ(paths()->plane->zoomed.side, 0);

    person.ItemClick(choice_of("optimizers.directions", "random").c_str());
    person.ItemInputValue(field_of("optimizers.after").c_str(), "60");
    ASSERT_TRUE(waits());
    EXPECT_EQ(paths()->plane->directions, PlaneDirections::random);
    EXPECT_EQ(paths()->plane->after, 60);
    EXPECT_EQ(paths()->plane->view, (std::array<double, 4>{-1, 1, -1, 1}));
    person.ItemInputValue(field_of("optimizers.span").c_str(), "0.25");
    ASSERT_TRUE(waits());
    EXPECT_EQ(paths()->plane->view[1], 0.25);
    // What the run is is part of what is shown.
    person.ItemInputValue(field_of("model.depth").c_str(), "3");
    ASSERT_TRUE(waits());
    EXPECT_EQ(paths()->plane->parameters, 2 * 16 + 3 * 16 * 16 + 3 * 16)
        << "a spiral has 3 classes";
    EXPECT_TRUE(is_on_screen(paths_sentence(*paths())));

    person.ItemClick(choice_of("optimizers.surface", "saddle").c_str());
    ASSERT_TRUE(waits());
    EXPECT_FALSE(paths()->plane);
  });
}

/// What was changed on the run's way is part of it.
TEST(PlaneWindow, TakesTrainingsRunWithItsChanges) {
  const TemporaryFolder folder;
  Experiment run = with_small_run().shell.experiment.value();
  run.lab = LabName::training;
  run.training.steps = 20;
  const std::string file = folder.path() + "/run.json";
  std::ofstream(file) << header_to_json(
      {.experiment = run, .changes = {{10, "optimizer.lr", "0"}}});
  WindowHarness window(with_small_run());
  window.run([&](ImGuiTestContext& person) {
    window.shell().open_path(file);
    EXPECT_FALSE(window.shell().message());
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_EQ(latest(window)->changes.size(), 1u);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_5);
    person.ItemClick(choice_of("optimizers.surface", "run").c_str());
    ASSERT_TRUE(window.shell().run_action("run.take_training"));
    const auto plane = [&]() -> std::shared_ptr<const LossPlane> {
      const auto paths = window.session().view().results.latest<PathsRequest>();
      return paths ? paths->plane : nullptr;
    };
    ASSERT_TRUE(
        window.wait_until(person, [&] { return plane() != nullptr && plane()->changes == 1; }));
    ASSERT_EQ(plane()->run.size(), 21u);
    EXPECT_NE(plane()->run[9].at, plane()->run[10].at);
    EXPECT_EQ(plane()->run[10].at, plane()->run[20].at);
  });
}

/// The run's file of data is not there: the message stands, and another surface goes on.
TEST(PlaneWindow, SaysWhyThereIsNone) {
  HarnessOptions options = with_small_run();
  options.shell.experiment->optimizers = optimizers_on({}, SurfaceKind::run);
  options.shell.experiment->network.device = DeviceKind::cuda;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] {
      return window.session().view().slot(PlaneRequest::kSlot).error.has_value();
    }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("cuda does not train yet"));
    person.ItemClick(choice_of("optimizers.surface", "saddle").c_str());
    ASSERT_TRUE(window.wait_for_result<PathsRequest>(person));
  });
}

}  // namespace
}  // namespace nanscope
