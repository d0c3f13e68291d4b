#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/experiment/demos.h"
#include "engine/optimizers/plane.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_internal.h"
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
    const bool came = window_.wait_until(person_, [&] {
      const SlotView slot = window_.session().view().slot(PathsRequest::kSlot);
      return slot.up_to_date() && !slot.at_work() &&
             slot.answered == descent_request(window_.shell().experiment());
    });
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

TEST(OptimizersWindow, ADragEndsWhereItIsLetGo) {
  WindowHarness window(showing(LabName::optimizers));
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    const double x = onlooker.settings().x;
    onlooker.click(onlooker.at("loss_surface", 0.4f, 0.4f));
    ASSERT_TRUE(onlooker.waits());
    const double clicked = onlooker.settings().x;
    ASSERT_NE(clicked, x);
    person.MouseMoveToPos(onlooker.at("loss_surface", 0.4f, 0.4f));
    person.MouseDown();
    person.MouseMoveToPos(onlooker.at("loss_surface", 0.6f, 0.5f));
    // The pointer goes on, and the button is let go before the next frame.
    const ImVec2 end = onlooker.at("loss_surface", 0.7f, 0.6f);
    person.Inputs->MousePosValue = end;
    person.Inputs->MouseButtonsValue = 0;
    person.Yield(3);
    const Pair dragged{onlooker.settings().x, onlooker.settings().y};
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    person.Yield(2);
    EXPECT_EQ(onlooker.settings().x, clicked) << "a drag is one step";
    onlooker.click(end);
    EXPECT_EQ((Pair{onlooker.settings().x, onlooker.settings().y}), dragged);
  });
}

TEST(OptimizersWindow, SpacePlaysTheStepsAndStopsThem) {
  HarnessOptions options = showing(LabName::optimizers, "optimizers.steps", "1000");
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    const auto step = [&] { return onlooker.settings().step; };
    person.MouseMoveToPos(onlooker.at("loss_surface", 0.5f, 0.5f));
    person.KeyPress(ImGuiKey_Space);
    ASSERT_TRUE(window.wait_until(person, [&] { return step() > 5; }));
    person.KeyPress(ImGuiKey_Space);
    const int stopped = step();
    EXPECT_LT(stopped, 1000);
    person.Yield(5);
    EXPECT_EQ(step(), stopped);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    EXPECT_EQ(step(), 1) << "a play is one step back";
    // It ends with the last step, and begins anew from there.
    person.KeyPress(ImGuiKey_End);
    person.Yield(2);
    EXPECT_EQ(step(), 1000);
    person.KeyPress(ImGuiKey_Space);
    person.Yield(2);
    EXPECT_LT(step(), 500);
    person.KeyPress(ImGuiKey_Space);
    // What else moves the step ends the play.
    person.KeyPress(ImGuiKey_Space);
    person.ItemInputValue(field_of("optimizers.step").c_str(), "7");
    person.Yield(5);
    EXPECT_EQ(step(), 7);
  });
}

TEST(OptimizersWindow, KeysGoFromStepToStepOverThePlots) {
  WindowHarness window(showing(LabName::optimizers));
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    const auto press = [&](ImGuiKey key) {
      person.KeyPress(key);
      person.Yield(2);
      return onlooker.settings().step;
    };
    person.MouseMoveToPos(onlooker.at("loss_surface", 0.5f, 0.5f));
    EXPECT_EQ(press(ImGuiKey_RightArrow), 2);
    EXPECT_EQ(press(ImGuiKey_Period), 3);
    EXPECT_EQ(press(ImGuiKey_End), 200);
    EXPECT_EQ(press(ImGuiKey_RightArrow), 200);
    EXPECT_EQ(press(ImGuiKey_LeftArrow), 199);
    EXPECT_EQ(press(ImGuiKey_F5), 1);
    // In the hall, too.
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    person.Yield(3);
    EXPECT_EQ(press(ImGuiKey_RightArrow), 2);
    EXPECT_EQ(press(ImGuiKey_F5), 1);
    person.KeyPress(ImGuiKey_Escape);
    // A field that is typed into has its keys.
    person.ItemClick(field_of("optimizers.lr").c_str());
    EXPECT_EQ(press(ImGuiKey_RightArrow), 1);
  });
}

TEST(OptimizersWindow, EveryNumberOfTheAnatomyCanBeCopied) {
  WindowHarness window(showing(LabName::optimizers, "optimizers.format", "bf16"));
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    const auto paths = onlooker.paths();
    const Path& path = paths->paths[1];
    ASSERT_EQ(path.optimizer.kind, onlooker.settings().watched);
    const AnatomyLine last = anatomy_of(paths->of, path, 1).back();
    ASSERT_NE(last.operation.value[0], last.exact[0]);
    const ImRect table = person.ItemInfo("//###inspector/anatomy/###chart").RectFull;
    const auto cell = [&](float share) {
      return ImVec2{table.Min.x + share * table.GetWidth(), table.Max.y - ImGui::GetFontSize()};
    };
    onlooker.click(cell(0.25f));
    EXPECT_EQ(ImGui::GetClipboardText(), fmt::format("{}", last.operation.value[0]));
    onlooker.click(cell(0.6f));
    EXPECT_EQ(ImGui::GetClipboardText(), fmt::format("{}", last.exact[0]));
    person.MouseMoveToPos(cell(0.25f));
    person.MouseClick(ImGuiMouseButton_Right);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("Export this plot"));
    EXPECT_TRUE(is_on_screen("Copy a value"));
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
    EXPECT_EQ(opened, 5);
  });
}

/// As in every lab.
TEST(OptimizersWindow, HomeShowsAllOfEveryPlotAndLeavesTheStep) {
  HarnessOptions options = showing(LabName::optimizers, "optimizers.step", "20");
  options.shell.experiment->view.zoom = {{"loss_surface", ViewRange{-2, 2}, ViewRange{-1, 1}},
                                         {"descent", ViewRange{10, 60}, {}}};
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Onlooker onlooker(window, person);
    ASSERT_TRUE(onlooker.waits());
    person.MouseMoveToPos(onlooker.at("loss_surface", 0.5f, 0.5f));
    EXPECT_EQ(window.shell().experiment().view.zoom.size(), 2u);
    person.KeyPress(ImGuiKey_Home);
    person.Yield(3);
    EXPECT_TRUE(window.shell().experiment().view.zoom.empty());
    EXPECT_EQ(onlooker.settings().step, 20);
  });
}

}  // namespace
}  // namespace nanscope
