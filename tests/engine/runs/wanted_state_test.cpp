#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/recipe/checkpoint_reader.h"
#include "engine/recipe/run_history.h"
#include "engine/runs/training_job.h"

// A run's state that a person wants in a file, while it goes on.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

class WantedState : public testing::Test {
 protected:
  WantedState()
      : folder_(std::filesystem::temp_directory_path() /
                ("nanscope_state_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    experiment_.lab = LabName::training;
    experiment_.network.model = {.depth = 2, .width = 12, .bias = true};
    experiment_.network.init.scheme = InitScheme::kaiming;
    experiment_.data.kind = DataKind::spiral;
    experiment_.data.batch = 16;
    experiment_.training.steps = 30;
  }
  ~WantedState() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string bytes(const std::string& path) {
    const auto read = read_file(path, std::size_t{1} << 24);
    return read ? *read : "";
  }

  /// What a file says of its step. A state of some steps before it, which only an autopsy needs, is
  /// another one where a person's wish was not known then.
  std::string of_the_step(const std::string& name) const {
    auto state = read_checkpoint(path(name));
    if (!state) return to_string(state.error());
    state->before = nullptr;
    EXPECT_TRUE(write_checkpoint(path("alone.safetensors"), *state));
    return bytes(path("alone.safetensors"));
  }

  /// Lets a run go on until it rests.
  static void go_on(Job& job, JobContext& context) {
    do {
      context.begin_slice();
      const Result<JobResult> result = job.advance(context);
      ASSERT_TRUE(result && !*result);
    } while (!context.rests());
  }

  std::filesystem::path folder_;
  Experiment experiment_;
  const c10::InferenceMode without_autograd_;
};

TEST_F(WantedState, IsTheCheckpointOfThatStepAndTheRunGoesOnFromIt) {
  // As nanscope train --checkpoint FOLDER --every 10 --change 4:optimizer.lr=0.02 does.
  const std::vector<LiveChange> changes{{4, "optimizer.lr", "0.02"}};
  std::filesystem::create_directories(folder_ / "steps");
  const auto plain = make_training_job(
      {.experiment = experiment_, .changes = changes, .checkpoint = path("steps"), .every = 10});
  JobContext to_its_end({}, {});
  const auto whole = run_job(*plain, to_its_end);
  ASSERT_TRUE(whole) << to_string(whole.error());

  RunWish wish{.until = 4, .training = experiment_.training};
  const auto control = std::make_shared<RunControl>(wish);
  const auto job = make_training_job({.experiment = experiment_, .control = control});
  std::shared_ptr<const RunSummary> last;
  JobContext context(
      {}, {}, std::chrono::hours(1), {},
      [&](const JobResult& result) { last = result.as<RunSummary>(); }, [] {});
  go_on(*job, context);
  wish.until = 10;
  wish.training.optimizer.lr = 0.02;
  control->wish(wish);
  go_on(*job, context);
  control->want_state(path("wanted.safetensors"));
  EXPECT_EQ(control->state_wanted(), path("wanted.safetensors"));
  go_on(*job, context);
  EXPECT_EQ(control->state_wanted(), "");
  auto answer = control->take_state_answer();
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(**answer, path("wanted.safetensors"));
  EXPECT_FALSE(control->take_state_answer());
  EXPECT_TRUE(of_the_step("wanted.safetensors") ==
              of_the_step("steps/step-0000000010.safetensors"));
  EXPECT_EQ(last->steps, 10);

  // Where it cannot be written the run is as it was.
  control->want_state(path("no folder/state.safetensors"));
  go_on(*job, context);
  answer = control->take_state_answer();
  ASSERT_TRUE(answer && !*answer);
  EXPECT_THAT(to_string(answer->error()), HasSubstr("no folder"));
  control->want_state("/dev/full");  // a disk without room
  go_on(*job, context);
  answer = control->take_state_answer();
  ASSERT_TRUE(answer && !*answer);
  EXPECT_THAT(to_string(answer->error()), HasSubstr("/dev/full"));
  wish.until = RunWish::kNoEnd;
  control->wish(wish);
  go_on(*job, context);
  EXPECT_EQ(last->history->loss, whole->as<RunSummary>()->history->loss);
  // At its end, too, it has a state.
  control->want_state(path("end.safetensors"));
  go_on(*job, context);
  EXPECT_TRUE(of_the_step("end.safetensors") == of_the_step("steps/step-0000000030.safetensors"));

  const auto from = read_checkpoint(path("wanted.safetensors"));
  ASSERT_TRUE(from) << to_string(from.error());
  const auto resumed = make_training_job({.experiment = from->experiment,
                                          .changes = from->changes,
                                          .from = std::make_shared<const Checkpoint>(*from)});
  JobContext again({}, {});
  const auto rest = run_job(*resumed, again);
  ASSERT_TRUE(rest) << to_string(rest.error());
  const auto& loss = rest->as<RunSummary>()->history->loss;
  ASSERT_EQ(loss.size(), 20u);
  EXPECT_TRUE(std::equal(loss.begin(), loss.end(), last->history->loss.begin() + 10));
}

TEST_F(WantedState, OfARunThatIsNoMoreIsSaidToBeNone) {
  const auto control =
      std::make_shared<RunControl>(RunWish{.until = 2, .training = experiment_.training});
  auto job = make_training_job({.experiment = experiment_, .control = control});
  control->want_state(path("late.safetensors"));
  job.reset();
  const auto answer = control->take_state_answer();
  ASSERT_TRUE(answer && !*answer);
  EXPECT_THAT(to_string(answer->error()), HasSubstr("nothing was"));
  EXPECT_FALSE(std::filesystem::exists(path("late.safetensors")));
}

TEST_F(WantedState, IsReadTensorByTensorAndTheWorkSaysHowFarItIs) {
  const std::string file = path("read.safetensors");
  const auto job = make_training_job({.experiment = experiment_, .checkpoint = file});
  JobContext context({}, {});
  ASSERT_TRUE(run_job(*job, context));
  CheckpointReader reader(file);
  double share = 0;
  int parts = 0;
  for (Result<bool> read = reader.advance(); !read.value_or(true); read = reader.advance()) {
    EXPECT_GE(reader.share(), share);
    share = reader.share();
    ++parts;
  }
  EXPECT_GT(parts, 10);  // as many as tensors
  EXPECT_GT(share, 0.9);
  EXPECT_EQ(reader.take().steps, 30);

  // As a window asks for it.
  const auto box = std::make_shared<CheckpointBox>();
  std::vector<double> told;
  JobContext heard({}, [&](const Message& what, double fraction) {
    EXPECT_EQ(what.text(), "reading read.safetensors");
    told.push_back(fraction);
  });
  const auto result = run_job(*CheckpointRequest{file, box}.make_job(), heard);
  ASSERT_TRUE(result);
  EXPECT_EQ(std::ssize(told), parts);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  ASSERT_TRUE(box->state);
  EXPECT_EQ(box->state->steps, 30);
}

}  // namespace
}  // namespace nanscope
