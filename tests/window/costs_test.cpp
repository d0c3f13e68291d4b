#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "engine/costs/requests/cost_requests.h"
#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_te_internal.h"
#include "paths.h"
#include "screen_text.h"
#include "ui/labs/costs/picture.h"
#include "ui/labs/costs/words.h"
#include "ui/text/text.h"

// The Costs lab in the window: views, two runs beside one another, the walk by keys, config.json.
namespace nanscope {
namespace {

/// A person in front of the lab.
class Accountant {
 public:
  Accountant(WindowHarness& window, ImGuiTestContext& person) : window_(window), person_(person) {}

  const Experiment& experiment() const { return window_.shell().experiment(); }
  CostsPicture picture() const {
    return costs_picture(experiment(), window_.session().view().results);
  }
  /// Until the answers are those of the settings.
  bool waits() {
    const bool came = window_.wait_until(person_, [&] {
      for (const JobRequest& job : costs_jobs(experiment())) {
        const SlotView slot = window_.session().view().slot(job.slot());
        if (!slot.answered || !(*slot.answered == job)) return false;
      }
      return picture().complete();
    });
    person_.Yield(3);  // the frame that shows it
    return came;
  }

 private:
  WindowHarness& window_;
  ImGuiTestContext& person_;
};

TEST(CostsWindow, ShowsTheRunsBytesWithoutAnEngineAndFollowsItsBatch) {
  HarnessOptions options = showing(LabName::costs, "data.kind", "digits");
  options.loader = []() -> Result<std::unique_ptr<Engine>> {
    return work_error("engine", "is not there.");
  };
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const auto before = accountant.picture().run->costs.memory;
    EXPECT_TRUE(is_on_screen(costs_sentence(accountant.picture())));
    person.ItemInputValue(field_of("batch").c_str(), "512");
    ASSERT_TRUE(accountant.waits());
    const auto after = accountant.picture().run->costs.memory;
    EXPECT_EQ(after.parameters, before.parameters);
    EXPECT_GT(after.activations, before.activations);
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(CostsWindow, KeepsWhatWasBeforeBesideIt) {
  WindowHarness window(showing(LabName::costs));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    ASSERT_TRUE(window.shell().run_action("compare.keep"));
    person.Yield(2);
    person.ItemClick(choice_of("optimizer.kind", "sgd").c_str());
    ASSERT_TRUE(accountant.waits());
    const CostsPicture picture = accountant.picture();
    ASSERT_TRUE(picture.other);
    EXPECT_EQ(picture.run_words, "optimizer sgd");
    EXPECT_EQ(picture.other_words, "optimizer adam");
    EXPECT_GT(picture.other->costs.memory.total(), picture.run->costs.memory.total());
    EXPECT_TRUE(is_on_screen("optimizer adam"));
  });
}

TEST(CostsWindow, KeysGoThroughTheWalk) {
  WindowHarness window(showing(LabName::costs, "costs.view", "walk"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const auto press = [&](ImGuiKey key) {
      person.KeyPress(key);
      person.Yield(2);
      return accountant.experiment().costs.step;
    };
    const auto last = static_cast<int>(accountant.picture().walk.size());
    const ImRect walk = chart_of(person, "walk");
    person.MouseMoveToPos({walk.Min.x + walk.GetWidth() / 2, walk.Min.y + 60});
    EXPECT_EQ(press(ImGuiKey_RightArrow), 2);
    EXPECT_EQ(press(ImGuiKey_RightArrow), 3);
    EXPECT_EQ(press(ImGuiKey_LeftArrow), 2);
    EXPECT_TRUE(is_on_screen(fmt::format("Operation 2 of {}", last)));
    EXPECT_EQ(press(ImGuiKey_End), last);
    EXPECT_EQ(press(ImGuiKey_F5), 1);
    // A click on the list's second line chooses it.
    person.MouseMoveToPos({walk.Min.x + walk.GetWidth() / 2, walk.Max.y - 30});
    person.MouseClick();
    person.Yield(2);
    EXPECT_GT(accountant.experiment().costs.step, 2);
  });
}

TEST(CostsWindow, KeysGoThroughTheWalkAfterAClickOnAControl) {
  WindowHarness window(showing(LabName::costs, "costs.view", "walk"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    person.ItemClick(choice_of("costs.walk", "example").c_str());
    ASSERT_TRUE(accountant.waits());
    const auto last = static_cast<int>(accountant.picture().walk.size());
    for (int i = 0; i < last + 3; ++i) {
      person.KeyPress(ImGuiKey_RightArrow);
      person.Yield(2);
    }
    EXPECT_EQ(accountant.experiment().costs.step, last);
    EXPECT_EQ(name_of(accountant.experiment().costs.walk), "example");
  });
}

TEST(CostsWindow, AnotherWalkBeginsAtItsFirstOperation) {
  HarnessOptions options = showing(LabName::costs, "costs.view", "walk");
  options.shell.experiment->costs.step = 15;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    person.ItemClick(choice_of("costs.walk", "example").c_str());
    person.Yield(3);
    EXPECT_EQ(accountant.experiment().costs.step, 1);
    EXPECT_TRUE(is_on_screen("Operation 1 of 5"));
  });
}

/// A demo of Training has a run of its own, which Costs takes when it is told to.
TEST(CostsWindow, TakesTrainingsRun) {
  WindowHarness window(showing(LabName::costs));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    EXPECT_FALSE(window.shell().run_action("run.take_training"));  // it is the same run
    ASSERT_TRUE(window.shell().run_action("demo.train_digits"));
    person.Yield(3);
    const Experiment trained = window.shell().experiment();
    ASSERT_EQ(trained.lab, LabName::training);
    person.KeyPress(ImGuiMod_Alt | ImGuiKey_6);
    person.Yield(3);
    ASSERT_EQ(accountant.experiment().lab, LabName::costs);
    EXPECT_NE(accountant.experiment().data, trained.data);
    EXPECT_TRUE(is_on_screen("Take Training's run"));
    ASSERT_TRUE(window.shell().run_action("run.take_training"));
    person.Yield(2);
    EXPECT_EQ(accountant.experiment().data, trained.data);
    EXPECT_EQ(accountant.experiment().training, trained.training);
    EXPECT_EQ(accountant.experiment().network, trained.network);
    ASSERT_TRUE(window.shell().run_action("edit.undo"));
    person.Yield(2);
    EXPECT_NE(accountant.experiment().data, trained.data);
  });
}

TEST(CostsWindow, TheExampleIsTypedIn) {
  HarnessOptions options = showing(LabName::costs, "costs.walk", "example");
  options.shell.experiment->costs.view = CostsView::walk;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    EXPECT_TRUE(is_on_screen("y = x w^T takes 2 x 1 x 3 x 1 = 6 FLOPs."));
    person.ItemInputValue(field_of("costs.target").c_str(), "4");
    person.Yield(2);
    EXPECT_EQ(accountant.picture().walk[1].writes.numbers.front(), 2);  // (6 - 4)^2 / 2
  });
}

TEST(CostsWindow, AConfigThatIsDroppedIsItsTransformer) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/config.json";
  std::ofstream(path) << R"({"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100,
    "num_key_value_heads": 4, "max_position_embeddings": 256, "tie_word_embeddings": false})";
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    window.shell().open_path(path);
    person.Yield(2);
    EXPECT_EQ(accountant.experiment().lab, LabName::costs);
    EXPECT_EQ(accountant.experiment().costs.model, path);
    ASSERT_TRUE(accountant.waits());
    EXPECT_TRUE(is_on_screen("config.json: a transformer of about"));
    EXPECT_EQ(accountant.picture().transformer->estimate.parameters.total,
              2 * (4 * 64 * 64 + 3 * 64 * 128 + 2 * 64) + 2 * 100 * 64 + 64);
    // What is not understood leaves what is there, and is named.
    std::ofstream(path) << R"({"model_type": "lama"})";
    window.shell().open_path(path);
    person.Yield(2);
    ASSERT_TRUE(window.shell().message());
  });
}

/// In a low window memory by layer and the treemap give way to the step's bars and timeline.
TEST(CostsWindow, PlotsWithoutRoomAreNamed) {
  HarnessOptions options = showing(LabName::costs, "compare", "same");
  options.size = {1280, 560};
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const auto left_out = [&](const char* plot) {
      return is_on_screen("No room here for") && is_on_screen(text(plot));
    };
    EXPECT_TRUE(left_out("plot.short.memory_treemap"));
    window.resize({1920, 1400});
    person.Yield(4);
    EXPECT_FALSE(is_on_screen("No room here for"));
  });
}

TEST(CostsWindow, AZeroSaysWhatItStandsFor) {
  WindowHarness window(showing(LabName::costs, "costs.view", "napkin"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    EXPECT_TRUE(is_on_screen(text("costs.zero.peak")));
    person.ItemInputValue(field_of("costs.peak").c_str(), "1e15");
    person.Yield(3);
    EXPECT_FALSE(is_on_screen(text("costs.zero.peak")));
  });
}

TEST(CostsWindow, ATransformerIsBuiltPartByPart) {
  WindowHarness window(showing(LabName::costs, "costs.view", "transformer"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const auto words = [&] { return accountant.experiment().costs.architecture; };
    person.ItemInputValue(field_of("layers").c_str(), "16");
    EXPECT_EQ(words(), "layers=16");
    ASSERT_TRUE(accountant.waits());
    EXPECT_EQ(accountant.picture().transformer->model.architecture.layers, 16);
    // What does not divide is refused where it was given, and changes nothing.
    person.ItemInputValue(field_of("heads").c_str(), "33");
    person.Yield(2);
    EXPECT_EQ(words(), "layers=16");
    ASSERT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().message()->where, "heads");
    EXPECT_TRUE(is_on_screen("does not divide into 33 heads"));
    // What is kept beside it takes no reason away that is read.
    ASSERT_TRUE(window.shell().run_action("compare.keep"));
    person.Yield(2);
    EXPECT_TRUE(accountant.experiment().compare.on);
    EXPECT_TRUE(is_on_screen("does not divide into 33 heads"));
    EXPECT_TRUE(window.shell().message());
    ASSERT_TRUE(window.shell().run_action("compare.end"));
    person.Yield(2);
    EXPECT_TRUE(window.shell().message());
    // An arrow on a slider goes to the next number that divides.
    person.ItemClick(slider_of("heads").c_str());
    person.Yield(2);
    const auto heads = [&] { return accountant.picture().transformer->model.architecture.heads; };
    ASSERT_TRUE(accountant.waits());
    EXPECT_EQ(4096 % heads(), 0);
    const auto before = heads();
    person.KeyPress(ImGuiKey_LeftArrow);
    person.Yield(2);
    ASSERT_TRUE(accountant.waits());
    EXPECT_LT(heads(), before);
    EXPECT_EQ(4096 % heads(), 0);
    ASSERT_TRUE(window.shell().run_action("edit.undo"));
    person.Yield(2);
    ASSERT_TRUE(accountant.waits());
    EXPECT_EQ(heads(), before);
  });
}

TEST(CostsWindow, ExpertsAndLatentAttentionAreSwitchedOnAndOff) {
  WindowHarness window(showing(LabName::costs, "costs.view", "transformer"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const auto one = [&] { return accountant.picture().transformer->model.architecture; };
    person.ItemClick("//###controls/###experts");
    ASSERT_TRUE(accountant.waits());
    ASSERT_TRUE(one().experts);
    EXPECT_EQ(one().experts->count, 8);
    person.ItemClick(choice_of("attention", "latent").c_str());
    ASSERT_TRUE(accountant.waits());
    ASSERT_TRUE(one().latent);
    person.ItemClick("//###controls/###experts");
    ASSERT_TRUE(accountant.waits());
    person.ItemClick(choice_of("attention", "own_heads").c_str());
    ASSERT_TRUE(accountant.waits());
    EXPECT_EQ(accountant.experiment().costs.architecture, "");
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(CostsWindow, TwoTransformersAreInOnePicture) {
  WindowHarness window(showing(LabName::costs, "costs.view", "transformer"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    ASSERT_TRUE(window.shell().run_action("compare.keep"));
    person.Yield(2);
    person.ItemInputValue(field_of("layers").c_str(), "16");
    ASSERT_TRUE(accountant.waits());
    const CostsPicture picture = accountant.picture();
    ASSERT_TRUE(picture.other_transformer);
    EXPECT_GT(picture.other_transformer->estimate.memory.total(),
              picture.transformer->estimate.memory.total());
    EXPECT_EQ(picture.run_words, "changed layers=16");
    EXPECT_EQ(picture.other_words, "changed nothing");
  });
}

TEST(CostsWindow, DataAreMovedWithProgressAndMeasured) {
  HarnessOptions options = showing(LabName::costs, "costs.file_bytes", "1000000");
  options.shell.experiment->costs.view = CostsView::data;
  options.shell.experiment->costs.data_batch = 8;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    const CostsPicture picture = accountant.picture();
    EXPECT_EQ(picture.data->of.batch, 8);
    EXPECT_TRUE(is_on_screen(costs_sentence(picture)));
    EXPECT_TRUE(is_on_screen("measured on the CPU, two threads"));
  });
}

TEST(CostsWindow, ItsDemosOpenAndSayWhatTheyAreOf) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    int opened = 0;
    for (const Demo& demo : all_demos()) {
      if (demo.experiment.lab != LabName::costs) continue;
      ++opened;
      ASSERT_TRUE(window.shell().run_action("demo." + demo.name));
      ASSERT_TRUE(accountant.waits()) << demo.name;
      if (demo.experiment.costs.measured) {
        ASSERT_TRUE(
            window.wait_until(person, [&] { return accountant.picture().measured != nullptr; }));
        person.Yield(3);
      }
      EXPECT_EQ(accountant.experiment().costs, demo.experiment.costs) << demo.name;
      EXPECT_TRUE(is_on_screen(costs_sentence(accountant.picture()))) << demo.name;
    }
    EXPECT_EQ(opened, 9);
  });
}

/// Some steps are run, for a second: that is what is measured.
TEST(CostsWindow, MMeasuresTheRunBesideWhatIsPredicted) {
  WindowHarness window(showing(LabName::costs, "model.width", "32"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    EXPECT_TRUE(is_on_screen("Not measured yet: M measures."));
    const ImRect bars = chart_of(person, "memory");
    person.MouseMoveToPos(bars.GetCenter());
    person.KeyPress(ImGuiKey_M);
    ASSERT_TRUE(
        window.wait_until(person, [&] { return accountant.picture().measured != nullptr; }));
    person.Yield(3);
    EXPECT_TRUE(accountant.experiment().costs.measured);
    const CostsPicture picture = accountant.picture();
    EXPECT_EQ(picture.measured->memory, picture.run->costs.memory);
    EXPECT_TRUE(is_on_screen("Measure again"));
    EXPECT_TRUE(is_on_screen(costs_sentence(picture)));
    EXPECT_FALSE(window.shell().message());
    EXPECT_EQ(window.shell().dimming(), 0);
  });
}

TEST(CostsWindow, AClickOnALayersAreaTellsOfIt) {
  WindowHarness window(showing(LabName::costs));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    ASSERT_TRUE(window.shell().run_action("plot.memory_treemap"));
    person.Yield(3);
    const ImRect areas = chart_of(person, "memory_treemap");
    person.MouseMoveToPos({areas.Min.x + 60, areas.Max.y - 60});
    person.MouseClick();
    person.Yield(3);
    ASSERT_TRUE(accountant.experiment().view.layer);
    const auto layer = accountant.picture().layer;
    ASSERT_TRUE(layer);
    EXPECT_TRUE(is_on_screen("Layer " + accountant.picture().run->costs.layers[*layer].name));
  });
}

TEST(CostsWindow, CalibratingCanBeStopped) {
  const TemporaryFolder cache;
  setenv("NANSCOPE_CACHE", cache.path().c_str(), 1);
  WindowHarness window(showing(LabName::costs, "costs.view", "calibration"));
  window.run([&](ImGuiTestContext& person) {
    const auto slot = [&] { return window.session().view().slot(CalibrationRequest::kSlot); };
    ASSERT_TRUE(window.wait_until(person, [&] { return slot().up_to_date(); }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("This machine is not calibrated yet"));
    person.ItemClick(control("costs.calibrate", "###work").c_str());
    ASSERT_TRUE(window.wait_until(person, [&] { return !slot().progress.empty(); }));
    person.Yield(2);
    person.ItemClick(control("costs.calibrate", "###work").c_str());
    ASSERT_TRUE(window.wait_until(person, [&] { return slot().state == SlotState::idle; }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("This machine is not calibrated yet"));
    EXPECT_FALSE(window.shell().message());
  });
  unsetenv("NANSCOPE_CACHE");
}

/// Two runs in the projector's letters: where there is little room, the timeline has it.
TEST(CostsWindow, TheTimelineOfTwoRunsIsHighEnoughToBeRead) {
  HarnessOptions options = themed_window(ThemeId::projector, {1280, 800});
  options.shell.experiment = demo_named("costs_recompute").experiment;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    EXPECT_GT(chart_of(person, "memory_timeline").GetHeight(), 200);
  });
}

TEST(CostsWindow, WhatCannotBeIsSaidByItsKey) {
  WindowHarness window(showing(LabName::costs, "costs.view", "transformer"));
  window.run([&](ImGuiTestContext& person) {
    Accountant accountant(window, person);
    ASSERT_TRUE(accountant.waits());
    person.ItemInputValue(field_of("costs.tensor").c_str(), "3");
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().message().has_value(); }));
    EXPECT_EQ(window.shell().message()->where, "costs.tensor");
  });
}

}  // namespace
}  // namespace nanscope
