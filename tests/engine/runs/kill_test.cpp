#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "engine/experiment/json.h"
#include "engine/recipe/checkpoint.h"
#include "engine/runs/training_job.h"
#include "engine/signal/thread_choice.h"

// A run that is killed at random moments, and goes on from its last checkpoint each time.
namespace nanscope {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSteps = 400;
constexpr int kKillsEach = 10;

struct Recipe {
  const char* keys;
  std::vector<LiveChange> changes = {};
};

/// Each has a state of its own kind: generators and running statistics; a loss scale; batches of a
/// step and an epoch's order; changes; several tensors of an optimizer.
const std::vector<Recipe> kRecipes{
    {"data.kind=spiral data.held_out=0.2 evaluate=50 model.norm=batchnorm model.dropout=0.2"},
    {"data.kind=teacher precision=mixed_fp16 loss_scale.kind=dynamic loss_scale.interval=9 "
     "optimizer.kind=momentum optimizer.lr=1e-4"},
    {"data.kind=moons accumulation=2 optimizer.kind=sgd schedule.kind=cosine clip.norm=1 "
     "regularization.l2=1e-3"},
    {"data.kind=circles optimizer.kind=rmsprop optimizer.momentum=0.9",
     {{100, "optimizer.lr", "0.002"}, {250, "optimizer.alpha", "0.9"}}},
    {"data.kind=normal precision=bf16 optimizer.kind=amsgrad model.bias=true"},
};

Experiment experiment_of(const Recipe& recipe) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 2, .width = 8};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.batch = 16;
  experiment.training.steps = kSteps;
  std::istringstream words(recipe.keys);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    experiment = *with_key(experiment, word.substr(0, equals), word.substr(equals + 1));
  }
  return experiment;
}

/// Trains to the end, from the folder's last checkpoint if it has one.
bool train_in(const std::string& folder, const Recipe& recipe) {
  std::shared_ptr<const Checkpoint> from;
  if (last_checkpoint(folder)) {
    auto read = read_checkpoint(folder);
    if (!read) return false;
    from = std::make_shared<const Checkpoint>(*std::move(read));
  }
  const auto job = make_training_job({.experiment = experiment_of(recipe),
                                      .changes = recipe.changes,
                                      .from = std::move(from),
                                      .checkpoint = folder,
                                      .every = 25});
  JobContext context({}, {});
  return run_job(*job, context).has_value();
}

/// The same in a process of its own.
pid_t begin_training(const std::string& folder, const Recipe& recipe) {
  const pid_t process = ::fork();
  if (process == 0) ::_exit(train_in(folder, recipe) ? 0 : 1);
  return process;
}

int end_of(pid_t process) {
  int state = 0;
  ::waitpid(process, &state, 0);
  return state;
}

/// The bytes of each checkpoint of a folder, by name.
std::map<std::string, std::string> checkpoints_in(const std::string& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    if (entry.path().extension() == ".safetensors") all[entry.path().filename()] = bytes.str();
  }
  return all;
}

class Kills : public testing::TestWithParam<int> {
 protected:
  Kills() {
    std::string pattern = testing::TempDir() + "kills-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Kills() override { fs::remove_all(folder_); }
  std::string folder(const char* name) const {
    fs::create_directories(folder_ + "/" + name);
    return folder_ + "/" + name;
  }

 private:
  const c10::InferenceMode without_autograd_;
  const ThreadLimit one_thread_{1};
  std::string folder_;
};

TEST_P(Kills, GoOnWithTheBitsOfARunThatNeverStopped) {
  const Recipe& recipe = kRecipes[static_cast<std::size_t>(GetParam())];
  const std::string whole = folder("whole"), killed = folder("killed");
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(end_of(begin_training(whole, recipe)), 0);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begin);
  const auto expected = checkpoints_in(whole);
  ASSERT_EQ(expected.size(), static_cast<std::size_t>(kSteps) / 25);

  std::mt19937 random(static_cast<unsigned>(GetParam()));
  std::uniform_int_distribution<useconds_t> moment(0, static_cast<useconds_t>(took.count() / 5));
  for (int kills = 0; kills < kKillsEach;) {
    const pid_t process = begin_training(killed, recipe);
    ::usleep(moment(random));
    ::kill(process, SIGKILL);
    const int state = end_of(process);
    if (WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL) {
      ++kills;
      continue;
    }
    // It had ended before: all over again.
    ASSERT_EQ(state, 0);
    ASSERT_EQ(checkpoints_in(killed), expected);
    fs::remove_all(killed);
    fs::create_directories(killed);
  }
  ASSERT_EQ(end_of(begin_training(killed, recipe)), 0);
  const auto kept = checkpoints_in(killed);
  ASSERT_EQ(kept.size(), expected.size());
  for (const auto& [name, bytes] : expected) EXPECT_TRUE(kept.at(name) == bytes) << name;
}

INSTANTIATE_TEST_SUITE_P(Recipes, Kills, testing::Range(0, static_cast<int>(kRecipes.size())));

}  // namespace
}  // namespace nanscope
