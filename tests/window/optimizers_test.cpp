#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/experiment/demos.h"
#include "engine/optimizers/paths.h"
#include "harness.h"
#include "imgui_internal.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/optimizers/words.h"

// Optimizers on a surface in the window: the start under the pointer, a step, the demos.
namespace nanscope {
namespace {

/// A person in front of the lab, whose paths are there.
class Onlooker {
 public:
  Onlooker(WindowHarness& window, ImGuiTestContext& person) : window_(window), person_(person) {}

  const Optimizers& settings() const { return window_.shell().experiment().optimizers; }
  std::shared_ptr<const Paths> paths() const {
    return window_.session().view().results.latest<PathsRequest>();
  }
  /// Until the paths are those of the settings.
  bool waits() {
    const bool came = window_.wait_until(
        person_, [&] { return paths() && paths()->of == paths_request(settings()); });
    person_.Yield(2);  // the frame that shows it
    return came;
  }
  /// A point of a plot at these shares of its width and height.
  ImVec2 at(const char* plot, float x, float y) {
    const ImGuiID id =
        person_.GetID((std::string(plot) + "/###chart").c_str(),
                      person_.WindowInfo((std::string("//###plots/") + plot).c_str()).ID);
    const ImRect box = person_.ItemInfo(id).RectFull;
    return {box.Min.x + x * box.GetWidth(), box.Min.y + y * box.GetHeight()};
  }
  void click(ImVec2 place) {
    person_.MouseMoveToPos(place);
    person_.MouseClick();
    person_.Yield(2);
  }
  void drag(ImVec2 from, ImVec2 to) {
    person_.MouseMoveToPos(from);
    person_.MouseDown();
    person_.MouseMoveToPos(to);
    person_.MouseUp();
    person_.Yield(2);
  }

 private:
  WindowHarness& window_;
  ImGuiTestContext& person_;
};

TEST(OptimizersWindow, AClickSetsTheStartAndADragMovesIt) {
  WindowHarness window(showing(LabName::optimizers));
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    const ImVec2 first = onlooker.at("loss_surface", 0.6f, 0.4f);
    onlooker.click(first);
    const double x = onlooker.settings().x, y = onlooker.settings().y;
    EXPECT_GT(x, -4);
    EXPECT_NE(y, 1);
    ASSERT_TRUE(onlooker.waits());
    EXPECT_EQ(onlooker.paths()->of.start, (Pair{x, y}));
    onlooker.drag(first, onlooker.at("loss_surface", 0.7f, 0.6f));
    EXPECT_GT(onlooker.settings().x, x);
    EXPECT_LT(onlooker.settings().y, y);
    EXPECT_TRUE(window.shell().experiment().view.zoom.empty()) << "nothing was panned";
    ASSERT_TRUE(onlooker.waits());
    // The drag is one step back.
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_EQ(onlooker.settings().x, x);
    EXPECT_EQ(onlooker.settings().y, y);
  });
}

TEST(OptimizersWindow, ADragElsewherePansAndADoubleClickLeavesTheStart) {
  HarnessOptions options = showing(LabName::optimizers);
  options.shell.experiment->view.zoom = {{"loss_surface", ViewRange{-2, 2}, ViewRange{-1, 1}}};
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    onlooker.drag(onlooker.at("loss_surface", 0.6f, 0.5f), onlooker.at("loss_surface", 0.7f, 0.5f));
    EXPECT_EQ(onlooker.settings().x, -4);
    ASSERT_EQ(window.shell().experiment().view.zoom.size(), 1u);
    EXPECT_LT(window.shell().experiment().view.zoom[0].x->low, -2);
    person.MouseDoubleClick();
    person.Yield(2);
    EXPECT_TRUE(window.shell().experiment().view.zoom.empty());
    EXPECT_EQ(onlooker.settings().x, -4);
    EXPECT_EQ(onlooker.settings().y, 1);
  });
}

TEST(OptimizersWindow, TheAnatomyFollowsTheStepAndTheElement) {
  WindowHarness window(showing(LabName::optimizers));
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    EXPECT_TRUE(is_on_screen("momentum, step 1, x"));
    person.ItemInputValue(field_of("optimizers.step").c_str(), "5");
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("momentum, step 5, x"));
    onlooker.click(onlooker.at("descent", 0.5f, 0.6f));
    const int step = onlooker.settings().step;
    EXPECT_GT(step, 50);
    EXPECT_LT(step, 150);
    EXPECT_TRUE(is_on_screen(fmt::format("momentum, step {}, x", step)));
    person.ItemClick(choice_of("optimizers.element", "y").c_str());
    person.Yield(2);
    EXPECT_TRUE(is_on_screen(fmt::format("momentum, step {}, y", step)));
  });
}

TEST(OptimizersWindow, AnotherSurfaceBeginsAtItsOwnStart) {
  HarnessOptions options = showing(LabName::optimizers);
  options.shell.experiment->view.zoom = {{"loss_surface", ViewRange{-2, 2}, {}}};
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    EXPECT_EQ(window.shell().experiment().view.zoom.size(), 1u);
    person.ItemClick(choice_of("optimizers.surface", "rosenbrock").c_str());
    ASSERT_TRUE(onlooker.waits());
    EXPECT_EQ(onlooker.settings().x, -1.5);
    EXPECT_TRUE(window.shell().experiment().view.zoom.empty());
  });
}

TEST(OptimizersWindow, ItsDemosOpenAndSayWhatHappened) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    const std::vector<Demo> demos = *load_demos();
    int opened = 0;
    for (const Demo& demo : demos) {
      if (demo.experiment.lab != LabName::optimizers) continue;
      ++opened;
      ASSERT_TRUE(window.shell().run_action("demo." + demo.name));
      EXPECT_EQ(onlooker.settings(), demo.experiment.optimizers) << demo.name;
      ASSERT_TRUE(onlooker.waits()) << demo.name;
      EXPECT_TRUE(is_on_screen(paths_sentence(*onlooker.paths()))) << demo.name;
    }
    EXPECT_EQ(opened, 3);
  });
}

}  // namespace
}  // namespace nanscope
