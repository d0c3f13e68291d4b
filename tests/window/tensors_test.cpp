#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/tensors/plots/tensor_words.h"

// The Tensors lab as people use it: chains are typed, errors followed to their repair, cells
// pointed at and written.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

constexpr const char* kField = "//###plots/###chain";

class TensorsWindow : public testing::Test {
 protected:
  TensorsWindow()
      : window_({.shell = {.experiment = tensors_experiment()}, .size = {1600, 1000}}) {}

  static Experiment tensors_experiment() {
    Experiment experiment;
    experiment.lab = LabName::tensors;
    return experiment;
  }
  const std::string& expression() const { return window_.shell().experiment().tensors.expression; }
  std::shared_ptr<const TensorChain> chain() {
    return window_.session().view().results.latest<TensorRequest>();
  }
  /// Frames until the chain on the screen is that of the text.
  bool settle(ImGuiTestContext& person) {
    const bool came =
        window_.wait_until(person, [&] { return chain() && chain()->expression == expression(); });
    person.Yield(2);
    return came;
  }
  void type(ImGuiTestContext& person, const char* words) {
    person.ItemClick(kField);
    person.KeyCharsReplace(words);
    ASSERT_TRUE(settle(person));
  }
  /// Gives a step's grid the keyboard: the element in the middle of it is chosen.
  void choose_grid(ImGuiTestContext& person, const std::string& grid) {
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    person.ItemClick(grid.c_str());
    person.SetRef("//###plots");
  }

  mutable WindowHarness window_;
};

TEST_F(TensorsWindow, ATypedChainIsCarriedOut) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    EXPECT_EQ(chain()->steps.size(), 4u);
    type(person, "arange(6).view(2,3).t()");
    EXPECT_EQ(expression(), "arange(6).view(2,3).t()");
    ASSERT_EQ(chain()->steps.size(), 3u);
    EXPECT_EQ(chain()->steps[2].stride, (std::vector<std::int64_t>{1, 3}));
    EXPECT_FALSE(chain()->error);
    person.KeyPress(ImGuiKey_Escape);
    EXPECT_TRUE(window_.shell().run_action("edit.undo"));
    EXPECT_EQ(expression(), Experiment{}.tensors.expression);
  });
}

/// Enter, and the call that is added.
TEST_F(TensorsWindow, ALineThatBeginsWithADotGoesOnWithTheStepBefore) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(24).view(2,3,4)");
    person.KeyPress(ImGuiKey_Enter);
    person.KeyChars(".view(24)");
    person.Yield(2);
    ASSERT_TRUE(settle(person));
    EXPECT_EQ(expression(), "arange(24).view(2,3,4)\n.view(24)");
    EXPECT_FALSE(chain()->error);
    ASSERT_EQ(chain()->steps.size(), 3u);
    EXPECT_EQ(chain()->steps[2].shape, (std::vector<std::int64_t>{24}));
  });
}

TEST_F(TensorsWindow, AnErrorIsFollowedToItsRepair) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(12).view(3,4).t().view(12)");
    ASSERT_TRUE(chain()->error);
    EXPECT_THAT(chain()->error->message(), HasSubstr("view size is not compatible"));
    ASSERT_FALSE(chain()->error->repairs.empty());
    person.ItemClick("//###plots/###repair0");
    ASSERT_TRUE(settle(person));
    EXPECT_FALSE(chain()->error);
    EXPECT_EQ(chain()->steps.back().shape, (std::vector<std::int64_t>{12}));
    EXPECT_EQ(chain()->steps.back().cells.values[1], 4);
    EXPECT_FALSE(person.ItemExists("//###plots/###repair0"));
  });
}

TEST_F(TensorsWindow, TheStepThatRefusesIsInSight) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(120).view(10,12).t().add(1).mul(2).view(7)");
    ASSERT_TRUE(chain()->error);
    person.Yield(4);
    const ImGuiWindow* cards = person.WindowInfo("//###plots/cards").Window;
    EXPECT_GT(cards->ScrollMax.y, 100);
    EXPECT_GT(cards->Scroll.y, 0);
    type(person, "arange(120).view(10,12).t().add(1).mul(2)");
    ASSERT_FALSE(chain()->error);
  });
}

TEST_F(TensorsWindow, TheKeyboardAloneTypesAChainAndRepairsIt) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    // The first Tab stop of the middle panel is the field.
    person.ItemNavActivate(kField);
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_A);
    person.KeyChars("arange(12).view(3,4).t().view(12)");
    ASSERT_TRUE(settle(person));
    ASSERT_TRUE(chain()->error);
    person.KeyPress(ImGuiKey_Tab);
    person.Yield(2);
    EXPECT_EQ(ImGui::GetFocusID(), person.GetID("//###plots/###repair0"));
    person.KeyPress(ImGuiKey_Enter);
    ASSERT_TRUE(settle(person));
    EXPECT_EQ(expression(), "arange(12).view(3,4).t().reshape(12)");
    EXPECT_FALSE(chain()->error);
  });
}

TEST_F(TensorsWindow, PointingAtAProductsCellShowsItsRowAndItsColumn) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(6.).view(2,3) @ arange(12.).view(3,4)");
    person.KeyPress(ImGuiKey_Escape);
    EXPECT_FALSE(person.ItemExists("//###inspector/###source 1"));
    // The address and the sources follow the pointer; nothing is clicked.
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    person.ScrollToItemY("grid 5");
    person.MouseMove("grid 5");
    person.Yield(2);
    EXPECT_TRUE(person.ItemExists("//###inspector/###inspect"));
    EXPECT_TRUE(person.ItemExists("//###inspector/###source 1"));
    EXPECT_TRUE(person.ItemExists("//###inspector/###source 2"));
    person.MouseMove("grid 2");
    person.Yield(2);
    EXPECT_FALSE(person.ItemExists("//###inspector/###source 1")) << "a view computes nothing";
    EXPECT_TRUE(person.ItemExists("//###inspector/###reader 1"));
  });
}

TEST_F(TensorsWindow, TheWindowOntoALargeTensorIsMovedAlongEveryDimension) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(5*300*400).view(5,300,400)");
    person.KeyPress(ImGuiKey_Escape);
    const auto begin = [&](std::size_t d) { return chain()->steps[1].cells.begin[d]; };
    EXPECT_EQ(begin(0), 0);
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    // To the end of the leading dimension with the mouse, one back with the keyboard.
    person.ItemDragWithDelta("scroll 2 0", {400, 0});
    EXPECT_TRUE(window_.wait_until(person, [&] { return begin(0) == 4; }));
    EXPECT_EQ(chain()->steps[1].cells.values.front(), 4 * 300 * 400);
    person.NavMoveTo("scroll 2 0");
    person.KeyPress(ImGuiKey_LeftArrow);
    EXPECT_TRUE(window_.wait_until(person, [&] { return begin(0) == 3; }));
    person.ItemDragWithDelta("scroll 2 1", {400, 0});
    EXPECT_TRUE(window_.wait_until(person, [&] { return begin(1) == 300 - kWindowSide; }));
    EXPECT_EQ(begin(2), 0);
  });
}

TEST_F(TensorsWindow, WhatIsChosenAndScrolledToIsPartOfTheView) {
  window_.run([&](ImGuiTestContext& person) {
    const auto view = [&] { return window_.shell().experiment().view; };
    type(person, "arange(5*300*400).view(5,300,400)");
    person.KeyPress(ImGuiKey_Escape);
    EXPECT_FALSE(view().step);
    person.ItemClick("//###controls/###step 2");
    person.Yield(2);
    EXPECT_EQ(view().step, 2);
    person.SetRef(person.WindowInfo("//###plots/cards").Window);
    person.ItemDragWithDelta("scroll 2 0", {400, 0});
    EXPECT_TRUE(window_.wait_until(person, [&] { return !view().windows.empty(); }));
    EXPECT_EQ(view().windows, (std::vector<ViewElement>{{2, {4, 0, 0}}}));
    type(person, "arange(12).view(3,4).t()");
    person.KeyPress(ImGuiKey_Escape);
    choose_grid(person, "grid 3");
    person.Yield(2);
    ASSERT_TRUE(view().element);
    EXPECT_EQ(view().element->step, 3);
    EXPECT_EQ(view().step, 3);
    // Of a chain that is shorter nothing is left.
    type(person, "arange(12)");
    person.Yield(3);
    EXPECT_FALSE(view().step);
    EXPECT_FALSE(view().element);
    EXPECT_TRUE(view().windows.empty());
  });
}

TEST(TensorsView, AReopenedExperimentShowsItsElement) {
  Experiment experiment;
  experiment.lab = LabName::tensors;
  experiment.tensors.expression = "arange(12).view(3,4).t()";
  experiment.view.step = 3;
  experiment.view.element = ViewElement{.step = 3, .index = {1, 2}};
  WindowHarness window({.shell = {.experiment = experiment}, .size = {1600, 1000}});
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(
        window.wait_until(person, [&] { return person.ItemExists("//###inspector/###reader 1"); }));
    EXPECT_EQ(window.shell().experiment(), experiment);
    // Element [2, 1] of the view before is the same cell: a click goes there.
    person.ItemClick("//###inspector/###reader 2");
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().view.element, (ViewElement{.step = 2, .index = {2, 1}}));
    EXPECT_EQ(window.shell().experiment().view.step, 2);
  });
}

TEST_F(TensorsWindow, ASliderStopsWhereLibTorchDoesAndSaysWhy) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(24).view(4,6).narrow(1,2,3)");
    const auto tried = [&] { return chain() && chain()->parameters.size() == 6; };
    ASSERT_TRUE(window_.wait_until(person, tried));
    person.Yield(2);
    // narrow(1, 2, 3): from 2 on, 3 of the 6; it can begin at 3, not at 4.
    person.ItemClick("//###controls/parameter 5/##slider");
    for (int step = 0; step < 6; ++step) person.KeyPress(ImGuiKey_RightArrow);
    ASSERT_TRUE(settle(person));
    ASSERT_TRUE(window_.wait_until(person, tried));
    EXPECT_EQ(expression(), "arange(24).view(4,6).narrow(1,3,3)");
    EXPECT_THAT(stop_words(chain()->parameters[4], 3),
                HasSubstr("Not above 3: start (4) + length (3) exceeds dimension size (6)"));
  });
}

TEST_F(TensorsWindow, ARangeStandsStillWhileTheMouseDoes) {
  window_.run([&](ImGuiTestContext& person) {
    for (const auto& [words, slider] :
         {std::pair{"arange(24).view(2,3,4).transpose(1,2)[:, 1:3]", 7}, {"rand(24)", 0}}) {
      type(person, words);
      const auto tried = [&] { return chain() && !chain()->parameters.empty(); };
      ASSERT_TRUE(window_.wait_until(person, tried));
      person.Yield(2);
      const std::string item = fmt::format("//###controls/parameter {}/##slider", slider + 1);
      const ImRect track = person.ItemInfo(item.c_str()).RectFull;
      person.MouseMove(item.c_str());
      person.MouseDown(ImGuiMouseButton_Left);
      person.MouseMoveToPos({track.Max.x + 40, track.GetCenter().y});
      ASSERT_TRUE(settle(person));
      const std::string reached = expression();
      EXPECT_NE(reached, words);
      // Longer than the pause after which the numbers of a chain are tried.
      for (int frame = 0; frame < 90; ++frame) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        person.Yield();
        ASSERT_EQ(expression(), reached) << "after frame " << frame;
      }
      person.MouseUp(ImGuiMouseButton_Left);
      EXPECT_TRUE(window_.wait_until(person, tried)) << "the range follows once it is let go";
      EXPECT_EQ(expression(), reached);
      person.MouseMove("//###plots");
    }
  });
}

TEST_F(TensorsWindow, AMisspelledNameIsCorrectedByAClick) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(12).vieww(3,4)");
    ASSERT_TRUE(chain()->error);
    EXPECT_EQ(chain()->error->kind, TensorErrorKind::syntax);
    person.ItemClick("//###plots/###repair0");
    ASSERT_TRUE(settle(person));
    EXPECT_EQ(expression(), "arange(12).view(3,4)");
  });
}

TEST_F(TensorsWindow, AChosenCellIsWrittenAndItsReadersChange) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(12).view(3,4).t()");
    EXPECT_FALSE(person.ItemExists("//###inspector/###write"));
    choose_grid(person, "grid 2");
    ASSERT_TRUE(person.ItemExists("//###inspector/###write"));
    EXPECT_TRUE(person.ItemExists("//###inspector/###reader 1"));
    EXPECT_TRUE(person.ItemExists("//###inspector/###reader 3"));
    person.MouseMove("//###controls");
    person.ItemClick("//###inspector/###write");
    person.KeyCharsReplaceEnter("99");
    ASSERT_TRUE(settle(person));
    EXPECT_THAT(expression(), HasSubstr("] = 99"));
    ASSERT_FALSE(chain()->error);
    const TensorStep& last = chain()->steps.back();
    ASSERT_EQ(last.kind, StepKind::written);
    EXPECT_EQ(last.written.front().after, 99);
    EXPECT_GE(last.changed.size(), 2u);
  });
}

TEST_F(TensorsWindow, TheKeyboardWalksOverCellsAndOpensOnesBits) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(12).view(3,4) * 0.5");
    choose_grid(person, "grid 3");
    for (int i = 0; i < 4; ++i) person.KeyPress(ImGuiKey_UpArrow);
    for (int i = 0; i < 4; ++i) person.KeyPress(ImGuiKey_LeftArrow);
    person.KeyPress(ImGuiKey_RightArrow);
    person.KeyPress(ImGuiKey_DownArrow);
    person.KeyPress(ImGuiKey_Enter);
    EXPECT_EQ(window_.shell().experiment().lab, LabName::numbers);
    EXPECT_EQ(window_.shell().experiment().numbers.input, "2.5");
    EXPECT_TRUE(window_.shell().run_action("edit.undo"));
    EXPECT_EQ(window_.shell().experiment().lab, LabName::tensors);
  });
}

TEST_F(TensorsWindow, SlidersStayWithinWhatLibTorchTakes) {
  window_.run([&](ImGuiTestContext& person) {
    type(person, "arange(24).view(4,6).narrow(1,2,3)");
    const auto tried = [&] { return chain() && !chain()->parameters.empty(); };
    ASSERT_TRUE(window_.wait_until(person, tried));
    const std::size_t count = chain()->parameters.size();
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_TRUE(window_.wait_until(person, tried));
      person.Yield(2);
      const std::string slider = fmt::format("//###controls/parameter {}/##slider", i + 1);
      if (!person.ItemExists(slider.c_str())) continue;
      person.ItemClick(slider.c_str());
      for (const ImGuiKey key : {ImGuiKey_RightArrow, ImGuiKey_LeftArrow})
        for (int step = 0; step < 8; ++step) {
          person.KeyPress(key);
          ASSERT_TRUE(settle(person));
          ASSERT_FALSE(chain()->error) << expression() << ": " << chain()->error->message();
        }
    }
  });
}

TEST_F(TensorsWindow, CellsMoveForAMomentUnlessAnimationsAreOff) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    const auto moves = [&] {
      bool moved = false;
      person.ItemClick("//###controls/###step 3");
      for (int frame = 0; frame < 3; ++frame) {
        moved = moved || window_.shell().seconds_to_next_frame() == 0;
        person.Yield();
      }
      return moved;
    };
    EXPECT_TRUE(moves());
    EXPECT_TRUE(window_.wait_until(
        person, [&] { return std::isinf(window_.shell().seconds_to_next_frame()); }));
    EXPECT_TRUE(window_.shell().run_action("view.animated"));
    person.Yield();
    EXPECT_FALSE(moves());
  });
}

TEST_F(TensorsWindow, ExamplesAreCarriedOutAndUndone) {
  window_.run([&](ImGuiTestContext& person) {
    for (const char* example : {"view", "transpose", "slice", "expand", "broadcast", "gather",
                                "write", "unfold", "heads", "einops", "mask", "matmul"}) {
      person.ItemClick(fmt::format("//###controls/###example {}", example).c_str());
      ASSERT_TRUE(settle(person));
      EXPECT_FALSE(chain()->error) << example << ": " << chain()->error->message();
    }
    EXPECT_TRUE(window_.shell().run_action("edit.undo"));
    EXPECT_THAT(expression(), HasSubstr("triu"));
  });
}

TEST_F(TensorsWindow, OfATextWithoutAPictureTheOneBeforeIsDimmedAndSaysOfWhatItIs) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    const std::string pictured = expression();
    const auto expect_dimmed = [&](const char* words) {
      EXPECT_GT(window_.shell().dimming(), 0.5f) << expression();
      EXPECT_TRUE(is_on_screen("Dimmed: " + pictured)) << expression();
      EXPECT_TRUE(is_on_screen(words)) << expression();
    };
    for (const bool in_hall : {false, true}) {
      EXPECT_EQ(window_.shell().dimming(), 0);
      if (in_hall) person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
      person.Yield(3);
      // The field's own window lies over it: by place.
      const auto replace = [&](const char* words) {
        const char* field = in_hall ? "//###hall/**/###chain" : kField;
        person.MouseMoveToPos(person.ItemInfo(field).RectFull.GetCenter());
        person.MouseClick();
        person.KeyCharsReplace(words);
        ASSERT_TRUE(settle(person));
      };
      for (const auto& [typed, words] :
           {std::pair{"", "Type a chain"}, {"rand(3", "the text ends"}}) {
        replace(typed);
        expect_dimmed(words);
      }
      replace(pictured.c_str());
    }
    EXPECT_EQ(window_.shell().dimming(), 0);
  });
}

TEST_F(TensorsWindow, TheMemoryViewAndAThemeOfEachKindAreDrawn) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    person.ItemClick(choice_of("tensors.view", "memory").c_str());
    EXPECT_EQ(window_.shell().experiment().tensors.view, TensorsView::memory);
    for (const ImGuiKey theme : {ImGuiKey_2, ImGuiKey_3, ImGuiKey_1}) {
      person.KeyPress(ImGuiMod_Ctrl | theme);
      person.Yield(2);
    }
    person.ItemClick(choice_of("tensors.view", "chain").c_str());
    EXPECT_EQ(window_.shell().experiment().tensors.view, TensorsView::chain);
  });
}

TEST_F(TensorsWindow, AThousandStepsAreCountedAndScrollInAListOfTheirOwn) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    type(person, "arange(1000).unbind()");
    ASSERT_TRUE(window_.wait_until(person, [&] { return !chain()->parameters.empty(); }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("1001 steps over one storage"));
    const ImRect controls = person.GetWindowByRef("//###controls")->Rect();
    EXPECT_TRUE(controls.Contains(person.ItemInfo("//###controls/###example view").RectFull));
    person.ItemClick("//###controls/**/###step 3");
    person.Yield(3);
    EXPECT_EQ(window_.shell().experiment().view.step, 3);
    const ImGuiWindow* list = person.WindowInfo("//###controls/steps").Window;
    ASSERT_NE(list, nullptr);
    person.ScrollToBottom(list->ID);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen(".unbind()[999]"));
    person.ItemClick("//###controls/**/###step 1001");
    person.Yield(3);
    const ImGuiWindow* page = person.WindowInfo("//###plots/cards").Window;
    person.SetRef(page->ID);
    EXPECT_TRUE(page->Rect().Contains(person.ItemInfo("grid 1001").RectFull));
  });
}

TEST_F(TensorsWindow, TheMachinesMemoryIsMeasured) {
  window_.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(settle(person));
    EXPECT_FALSE(window_.session().view().results.latest<MemoryTimingsRequest>());
    person.ItemClick(choice_of("tensors.view", "timings").c_str());
    EXPECT_EQ(window_.shell().experiment().tensors.view, TensorsView::timings);
    ASSERT_TRUE(window_.wait_until(person, [&] {
      return window_.session().view().results.latest<MemoryTimingsRequest>() != nullptr;
    }));
    const MemoryTimings& measured =
        *window_.session().view().results.latest<MemoryTimingsRequest>();
    EXPECT_EQ(measured.traversals.size(), MemoryTimingsRequest{}.sides.size());
    for (const CopyTiming& copy : measured.copies) EXPECT_GT(copy.bytes_per_second(), 0);
    EXPECT_TRUE(window_.shell().run_action("edit.undo"));
    EXPECT_EQ(window_.shell().experiment().tensors.view, TensorsView::chain);
  });
}

}  // namespace
}  // namespace nanscope
