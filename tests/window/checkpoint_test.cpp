#include "engine/recipe/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/base/file.h"
#include "engine/experiment/json.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/checkpoint_reader.h"
#include "engine/recipe/run_json.h"
#include "paths.h"
#include "runs.h"
#include "screen_text.h"

// Files of the window's run that bring it back: its state, and pictures with its changes.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void name_file(ImGuiTestContext& person, const char* name) {
  person.Yield(2);
  person.ItemInputValue("//###file chooser/##name", name);
  if (person.ItemExists("//###file chooser/###accept"))
    person.ItemClick("//###file chooser/###accept");
  person.Yield(2);
}

TEST(TrainingWindow, ACheckpointIsSavedAndTheRunGoesOnFromItWhereverItIsDropped) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/kept.safetensors";
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const std::int64_t paused = hand.steps();
    ASSERT_TRUE(window.shell().run_action("file.save_state"));
    name_file(person, "kept");
    ASSERT_TRUE(window.wait_until(person, [&] { return std::filesystem::exists(path); }));
    ASSERT_TRUE(window.wait_until(person, [] { return is_on_screen("Saved kept.safetensors"); }));
    const auto kept = read_checkpoint(path);
    ASSERT_TRUE(kept) << to_string(kept.error());
    EXPECT_EQ(kept->steps, paused);
    EXPECT_EQ(kept->experiment, latest(window)->experiment);
    // A step further by the run itself.
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(hand.waits());
    const double loss = latest(window)->last.loss;

    // What is no state is a message, and the run stays.
    std::string bytes = *read_file(path, std::size_t{1} << 26);
    bytes.resize(bytes.size() - 100);
    const std::string half = folder.path() + "/half.safetensors";
    ASSERT_TRUE(write_file_atomically(half, bytes));
    const auto before = latest(window);
    window.shell().open_path(half);
    EXPECT_FALSE(window.shell().message());  // it is yet to be read, by a worker
    EXPECT_TRUE(window.session().view().slot(CheckpointRequest::kSlot).wanted);
    ASSERT_TRUE(window.wait_until(person, [&] { return window.shell().message().has_value(); }));
    EXPECT_THAT(to_string(*window.shell().message()), HasSubstr("half.safetensors"));
    person.Yield(3);
    EXPECT_EQ(latest(window), before);

    for (const char* lab : {"lab.numbers", "lab.training"}) {
      ASSERT_TRUE(window.shell().run_action(lab));
      person.Yield(2);
      if (std::string("lab.numbers") == lab) {
        EXPECT_FALSE(window.shell().run_action("file.save_state"));
      }
      window.shell().open_path(path);
      ASSERT_TRUE(window.wait_until(person, [&] {
        const auto run = latest(window);
        return run && run != before && run->resumed_after == paused && run->steps > paused;
      })) << lab;
      EXPECT_FALSE(window.shell().message()) << lab;
      EXPECT_EQ(window.shell().experiment().lab, LabName::training);
      const RunHistory& history = *latest(window)->history;
      EXPECT_EQ(history.steps.front(), static_cast<double>(paused));
      EXPECT_EQ(history.loss.front(), loss);
      person.Yield(2);
      hand.press(ImGuiKey_F5);  // from its first step
      ASSERT_TRUE(window.wait_until(
          person, [&] { return latest(window)->resumed_after == 0 && hand.steps() > 0; }));
    }
  });
}

/// Whose curves the loss plot names.
std::string named_by_loss(ImGuiTestContext& person) {
  return letters_within(person.WindowInfo("//###plots/loss").RectFull.ToVec4());
}

TEST(TrainingWindow, RunsBesideItStayWhereItIsSaved) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.ItemInputValue(field_of("model.width").c_str(), "24");
    const auto wide = [&](const RunSummary& run) {
      return run.experiment.network.model.width == 24 && run.steps > run.resumed_after + 10;
    };
    ASSERT_TRUE(window.wait_until(person, [&] { return wide(*latest(window)); }));
    person.Yield(2);
    ASSERT_TRUE(is_on_screen("width 16"));
    ASSERT_TRUE(window.shell().run_action("file.save_as"));
    name_file(person, "kept");
    ASSERT_TRUE(std::filesystem::exists(folder.path() + "/kept.json"));
    const auto saved = latest(window);
    hand.press(ImGuiKey_F5);
    ASSERT_TRUE(window.wait_until(
        person, [&] { return latest(window)->steps < saved->steps && wide(*latest(window)); }));
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("width 16"));
  });
}

TEST(TrainingWindow, RunsBesideItStayWhereACheckpointIsOpened) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    person.ItemInputValue(field_of("model.width").c_str(), "24");
    const auto wide = [&](std::int64_t resumed_after) {
      const RunSummary& run = *latest(window);
      return run.experiment.network.model.width == 24 && run.resumed_after == resumed_after &&
             run.steps > resumed_after + 10;
    };
    ASSERT_TRUE(window.wait_until(person, [&] { return wide(0); }));
    ASSERT_TRUE(window.shell().run_action("run.play"));
    ASSERT_TRUE(hand.waits());
    const std::int64_t paused = hand.steps();
    ASSERT_TRUE(window.shell().run_action("file.save_state"));
    name_file(person, "kept");
    ASSERT_TRUE(window.wait_until(person, [] { return is_on_screen("Saved kept.safetensors"); }));
    window.shell().open_path(folder.path() + "/kept.safetensors");
    ASSERT_TRUE(window.wait_until(person, [&] { return wide(paused); }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 16"));
    EXPECT_TRUE(is_on_screen("the same from step 0"));  // which the checkpoint is of
    hand.press(ImGuiKey_F5);
    ASSERT_TRUE(window.wait_until(person, [&] { return wide(0); }));
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("width 16"));
    EXPECT_FALSE(is_on_screen("the same from step"));
  });
}

TEST(TrainingWindow, AWindowThatBeginsWithACheckpointTakesNoStepOfItsRunBeforeIt) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/kept.safetensors";
  std::int64_t paused = 0;
  {
    WindowHarness window(long_run_in(folder.path()));
    window.run([&](ImGuiTestContext& person) {
      Hand hand(window, person);
      ASSERT_TRUE(hand.pauses_after(10));
      paused = hand.steps();
      ASSERT_TRUE(window.shell().run_action("file.save_state"));
      name_file(person, "kept");
      ASSERT_TRUE(window.wait_until(person, [] { return is_on_screen("Saved kept.safetensors"); }));
    });
  }
  HarnessOptions options = long_run();
  options.shell.state_path = path;
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] {
      const auto run = latest(window);
      return run && run->resumed_after == paused && run->steps > paused;
    }));
    person.Yield(3);
    EXPECT_FALSE(is_on_screen("the same from step"));  // no run beside it
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(TrainingWindow, TheControlsOfACheckpointSayWhatItsRunHadComeTo) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const Experiment began = window.shell().experiment();
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.02");
    person.Yield(3);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(hand.waits());
    const std::int64_t paused = hand.steps();
    ASSERT_TRUE(window.shell().run_action("file.save_state"));
    name_file(person, "kept");
    ASSERT_TRUE(window.wait_until(person, [] { return is_on_screen("Saved kept.safetensors"); }));
    ASSERT_TRUE(window.shell().run_action("demo.train_spiral"));
    person.Yield(3);
    window.shell().open_path(folder.path() + "/kept.safetensors");
    ASSERT_TRUE(window.wait_until(
        person, [&] { return latest(window)->resumed_after == paused && hand.steps() > paused; }));
    person.Yield(2);
    EXPECT_EQ(window.shell().experiment().training.optimizer.lr, 0.02);
    EXPECT_EQ(latest(window)->experiment.training, began.training);
    ASSERT_EQ(latest(window)->changes.size(), 1u);
    EXPECT_EQ(latest(window)->changes.front().step, paused - 1);
    EXPECT_EQ(latest(window)->history->lr.back(), 0.02);
    EXPECT_FALSE(is_on_screen("Began anew"));
  });
}

TEST(TrainingWindow, ARunFileOfTheSameRecipeIsDrawnOrSaidToBeTheSame) {
  const TemporaryFolder folder;
  const std::string whole = folder.path() + "/whole.jsonl";
  HarnessOptions options = small_run(40);
  options.shell.settings.last_folder = folder.path();
  WindowHarness window(std::move(options));
  window.run([&](ImGuiTestContext& person) {
    const std::string same = "the same run as the one shown";
    ASSERT_TRUE(wait_for_run(window, person));
    ASSERT_TRUE(write_file_atomically(whole, run_to_lines(*latest(window))));
    window.shell().open_path(whole);
    person.Yield(3);
    EXPECT_TRUE(is_on_screen("whole.jsonl"));
    EXPECT_TRUE(is_on_screen(same));
    EXPECT_THAT(named_by_loss(person), Not(HasSubstr("whole.jsonl")));
    // A file whose third step is another one takes its place.
    RunSummary other = *latest(window);
    auto history = std::make_shared<RunHistory>();
    for (std::size_t i = 0; i < 3; ++i) {
      RunStep step = other.history->step(i);
      if (i == 2) step.loss *= 2;
      history->add(step);
    }
    other.history = history;
    const std::string torn = folder.path() + "/torn.jsonl";
    ASSERT_TRUE(write_file_atomically(torn, run_to_lines(other)));
    window.shell().open_path(torn);
    person.Yield(3);
    EXPECT_THAT(named_by_loss(person), HasSubstr("torn.jsonl"));
    EXPECT_FALSE(is_on_screen(same));
  });
}

TEST(TrainingWindow, AStateThatCannotBeWrittenIsAMessage) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.passes(10));
    ASSERT_TRUE(window.shell().run_action("file.save_state"));
    name_file(person, "no folder/kept.safetensors");
    EXPECT_TRUE(window.shell().message());
    ASSERT_TRUE(hand.passes(hand.steps()));  // it goes on
  });
}

TEST(TrainingWindow, APictureOfARunThatWasChangedMakesTheChangesAgain) {
  const TemporaryFolder folder;
  WindowHarness window(long_run_in(folder.path()));
  window.run([&](ImGuiTestContext& person) {
    Hand hand(window, person);
    ASSERT_TRUE(hand.pauses_after(10));
    const std::int64_t paused = hand.steps();
    person.ItemInputValue(field_of("optimizer.lr").c_str(), "0.02");
    person.Yield(3);
    hand.press(ImGuiKey_Period);
    ASSERT_TRUE(hand.waits());
    const std::vector<LiveChange> changes{{paused, "optimizer.lr", "0.02"}};
    ASSERT_EQ(latest(window)->changes, changes);
    std::string picture;
    ASSERT_TRUE(window.shell().run_action("file.export_quickly"));
    ASSERT_TRUE(window.wait_until(person, [&] {
      for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        if (entry.path().extension() == ".png") picture = entry.path();
      return !picture.empty();
    }));
    const auto carried = changes_in_file(picture);
    ASSERT_TRUE(carried) << to_string(carried.error());
    EXPECT_EQ(*carried, changes);
    // The settings that it began with are no change of the run that is there.
    const auto before = latest(window);
    window.shell().open_path(picture);
    EXPECT_FALSE(window.shell().message());
    ASSERT_TRUE(window.wait_until(
        person, [&] { return latest(window) != before && latest(window)->steps > paused + 1; }));
    EXPECT_EQ(latest(window)->changes, changes);
    EXPECT_EQ(latest(window)->history->lr[static_cast<std::size_t>(paused)], 0.02);
    // Its control says what the run has come to, and what it began with is a reset away.
    EXPECT_EQ(window.shell().experiment().training.optimizer.lr, 0.02);
    // What is saved or copied has them, too.
    ASSERT_TRUE(window.shell().run_action("file.save_as"));
    name_file(person, "kept");
    EXPECT_EQ(changes_in_file(folder.path() + "/kept.json").value_or(std::vector<LiveChange>()),
              changes);
    EXPECT_TRUE(read_experiment_file(folder.path() + "/kept.json"));
    ASSERT_TRUE(window.shell().run_action("edit.copy"));
    const std::string copied = ImGui::GetClipboardText();
    EXPECT_EQ(changes_in_text(copied).value_or(std::vector<LiveChange>()), changes);
    // A demo ends it: settings that come about again are another run's.
    const Experiment opened = window.shell().experiment();
    const auto pastes = [&](const std::string& words) {
      const auto shows_demo = [&] {
        return latest(window)->experiment.data.kind == DataKind::spiral;
      };
      if (!window.shell().run_action("demo.train_spiral") || !window.wait_until(person, shows_demo))
        return false;
      ImGui::SetClipboardText(words.c_str());
      return window.shell().run_action("edit.paste") && window.wait_until(person, [&] {
        return latest(window)->experiment.network == opened.network &&
               latest(window)->steps > paused + 1;
      });
    };
    ASSERT_TRUE(pastes(to_json(opened)));
    EXPECT_TRUE(latest(window)->changes.empty());
    ASSERT_TRUE(pastes(copied));
    EXPECT_EQ(latest(window)->changes, changes);
    EXPECT_EQ(window.shell().experiment().training.optimizer.lr, 0.02);
  });
}

}  // namespace
}  // namespace nanscope
