#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "diverging.h"
#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_json.h"
#include "engine/runs/training_job.h"
#include "engine/signal/thread_choice.h"

// What a run that goes on from a checkpoint says of where it stopped being finite.
namespace nanscope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t kAllSteps = 24;

json summary_of(TrainingRequest request) {
  const auto job = make_training_job(std::move(request));
  JobContext context({}, {});
  const auto result = run_job(*job, context);
  EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
  return result ? json::parse(summary_to_json(*result->as<RunSummary>())) : json();
}

class ResumedDeath : public testing::Test {
 protected:
  ResumedDeath() {
    std::string pattern = testing::TempDir() + "resumed-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ResumedDeath() override { fs::remove_all(folder_); }

  /// Goes on from a checkpoint, to the last step if that is a later one than the recipe's.
  json resumed(const std::string& path) const {
    const auto from = read_checkpoint(path);
    EXPECT_TRUE(from) << (from ? "" : to_string(from.error()));
    std::vector<LiveChange> changes = from->changes;
    if (from->experiment.training.steps < kAllSteps)
      changes.push_back({from->steps, "steps", std::to_string(kAllSteps)});
    return summary_of({.experiment = from->experiment,
                       .changes = changes,
                       .from = std::make_shared<const Checkpoint>(*from)});
  }

  /// All checkpoints of a run that writes one every so many steps.
  std::string with_checkpoints(const Experiment& experiment, std::int64_t every) const {
    fs::remove_all(folder_ + "/every");
    fs::create_directories(folder_ + "/every");
    summary_of({.experiment = experiment, .checkpoint = folder_ + "/every", .every = every});
    return folder_ + "/every";
  }
  /// That of a run that ends after so many.
  std::string ended(Experiment experiment, int steps) const {
    experiment.training.steps = steps;
    const std::string path = folder_ + "/ended.safetensors";
    summary_of({.experiment = experiment, .checkpoint = path});
    return path;
  }

 private:
  const c10::InferenceMode without_autograd_;
  const ThreadLimit one_thread_{1};
  std::string folder_;
};

void expect_same_death(const json& ours, const json& whole, const std::string& where) {
  for (const char* name : {"first_nonfinite", "autopsy"})
    ASSERT_EQ(json::diff(whole[name], ours[name]), json::array()) << name << " " << where;
}

TEST_F(ResumedDeath, IsThatOfTheRunThatNeverStopped) {
  Diverging diverging(5);
  std::mt19937 random(2);
  int before = 0, between = 0, behind = 0;
  for (int died = 0; died < 20;) {
    Experiment experiment = diverging.next();
    experiment.training.steps = kAllSteps;
    if (!validate(experiment).empty()) continue;
    const json whole = summary_of({.experiment = experiment});
    if (whole["first_nonfinite"].is_null()) continue;
    ++died;
    ASSERT_FALSE(whole["autopsy"].is_null());
    const int dead = whole["autopsy"]["step"], noticed = whole["first_nonfinite"]["step"];
    SCOPED_TRACE(to_json(experiment, -1));
    const std::int64_t every = std::uniform_int_distribution(1, 9)(random);
    for (const auto& entry : fs::directory_iterator(with_checkpoints(experiment, every)))
      expect_same_death(resumed(entry.path()), whole, entry.path().filename());
    for (const int steps : {std::max(1, dead), dead + 1, noticed + 1, noticed + 2}) {
      if (steps >= kAllSteps) continue;
      expect_same_death(resumed(ended(experiment, steps)), whole, std::to_string(steps));
      ++(steps <= dead ? before : steps <= noticed ? between : behind);
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(before, 6);
  EXPECT_GT(between, 0);
  EXPECT_GT(behind, 15);
}

TEST_F(ResumedDeath, OfOneOfSeveralNetworksHasTheLayersOfTheStepsBefore) {
  Diverging diverging(11);
  int between = 0;
  for (int died = 0; died < 6;) {
    Experiment experiment = diverging.next();
    experiment.network.networks = 3;
    experiment.training.steps = kAllSteps;
    if (!validate(experiment).empty()) continue;
    const json whole = summary_of({.experiment = experiment});
    if (whole["autopsy"].is_null() || whole["autopsy"]["step"] < 6) continue;
    ++died;
    ASSERT_FALSE(whole["autopsy"]["layers"].empty());
    SCOPED_TRACE(to_json(experiment, -1));
    const int dead = whole["autopsy"]["step"];
    for (const auto& entry : fs::directory_iterator(with_checkpoints(experiment, 2))) {
      const auto from = read_checkpoint(entry.path());
      ASSERT_TRUE(from);
      if (from->steps > dead) continue;  // a state that is not finite any more
      ++between;
      expect_same_death(resumed(entry.path()), whole, entry.path().filename());
    }
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(between, 12);
}

}  // namespace
}  // namespace nanscope
