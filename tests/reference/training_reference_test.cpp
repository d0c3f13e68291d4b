#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "engine/experiment/json.h"
#include "engine/runs/training_job.h"
#include "engine/runs/training_run.h"

// Training runs against what PyTorch 2.15 printed when it ran the scripts of `nanscope pytorch`:
// training.json, written by make_training.py.
namespace nanscope {
namespace {

nlohmann::json read_training_references(const std::string& name = "training.json") {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/" + name);
  return nlohmann::json::parse(file);
}

Experiment experiment_of(const nlohmann::json& keys) {
  Experiment experiment;
  for (const std::string pair : keys) {
    const auto equals = pair.find('=');
    const std::string key = pair.substr(0, equals), value = pair.substr(equals + 1);
    const std::string root = key == "data.path" ? NANSCOPE_SOURCE_DIR "/" : "";
    experiment = *with_key(experiment, key, root + value);
  }
  return experiment;
}

/// Sums may run in another order on another processor; training carries the difference on from step
/// to step. In mixed precision a sum that falls to the other side of a rounding is another one by
/// an ulp, 2^-11 of fp16 and 2^-8 of bf16; a few may meet.
double training_tolerance(Precision precision) {
  switch (precision) {
    case Precision::fp64:
      return 1e-9;
    case Precision::mixed_fp16:
      return std::ldexp(4, -11);
    case Precision::bf16:
    case Precision::mixed_bf16:
      return std::ldexp(4, -8);
    default:
      return 1e-5;
  }
}

/// The table has every fifth step.
constexpr std::int64_t kSteps = 201, kEvery = 5;

/// What a step tells, null where it does not: by columns, or one number for all.
nlohmann::json told(const nlohmann::json& steps, const char* name, std::int64_t step) {
  const auto column = steps.find(name);
  if (column == steps.end()) return nullptr;
  return column->is_array() ? column->at(static_cast<std::size_t>(step / kEvery)) : *column;
}

bool was_skipped(const nlohmann::json& steps, std::int64_t step) {
  const auto skipped = steps.find("skipped");
  return skipped != steps.end() &&
         std::find(skipped->begin(), skipped->end(), step) != skipped->end();
}

void expect_agrees(const nlohmann::json& theirs, std::optional<double> ours, double tolerance,
                   const std::string& where) {
  ASSERT_EQ(!theirs.is_null(), ours.has_value()) << where;
  if (!ours) return;
  const double wanted = theirs;
  ASSERT_LE(std::abs(*ours - wanted), tolerance * std::abs(wanted)) << where << " is " << *ours;
}

/// The values of a key over all runs, and how many have each.
std::map<std::string, int> choices_of(const nlohmann::json& references, const std::string& key) {
  std::map<std::string, int> counts;
  for (const auto& reference : references)
    for (const std::string pair : reference["keys"])
      if (pair.starts_with(key + "=")) ++counts[pair.substr(key.size() + 1)];
  return counts;
}

TEST(Training, TheTableHasRunsOfEveryKind) {
  const nlohmann::json references = read_training_references();
  ASSERT_EQ(references.size(), 300u);
  const auto expect_all = [&]<class E>(const std::string& key, E) {
    const auto counts = choices_of(references, key);
    for (const auto& [value, name] : Names<E>::all)
      EXPECT_TRUE(counts.contains(std::string(name))) << key << "=" << name;
  };
  expect_all("optimizer.kind", OptimizerKind());
  expect_all("schedule.kind", ScheduleKind());
  expect_all("model.norm", Norm());
  expect_all("model.kind", ModelKind());
  expect_all("data.kind", DataKind());
  for (const char* key :
       {"regularization.l1", "regularization.l2", "model.dropout", "clip.norm", "clip.value",
        "accumulation", "optimizer.weight_decay", "optimizer.dampening", "optimizer.momentum"})
    EXPECT_GE(choices_of(references, key).size(), 1u) << key;
  auto precisions = choices_of(references, "precision");
  for (const char* precision : {"fp64", "fp32", "mixed_fp16", "mixed_bf16", "bf16"})
    EXPECT_GE(precisions[precision], 5) << precision;
}

/// One step of the table's, and whether it was skipped at every step.
void expect_step(const nlohmann::json& theirs, const RunStep& step, const Experiment& experiment,
                 const std::string& where) {
  ASSERT_EQ(was_skipped(theirs, step.step), step.skipped) << where;
  if (step.step % kEvery != 0) return;
  const double tolerance = training_tolerance(experiment.network.precision);
  const auto expect = [&](const char* name, std::optional<double> ours, double within) {
    expect_agrees(told(theirs, name, step.step), ours, within, name + where);
  };
  const auto looked = [&](double value) {
    return step.held_out ? std::optional(value) : std::nullopt;
  };
  const auto held_out = step.held_out.value_or(HeldOut());
  expect("loss", step.loss, tolerance);
  expect("loss_scale", step.loss_scale, 0);
  if (!step.skipped) expect("grad_norm", step.grad_norm, tolerance);
  // One formula, written twice; a cosine's end is a difference of what is as large as the rate.
  EXPECT_NEAR(told(theirs, "lr", step.step), step.lr, 1e-14 * experiment.training.optimizer.lr)
      << where;
  expect("held_out_loss", looked(held_out.loss), tolerance);
  expect("accuracy", held_out.accuracy, 0);
}

/// Where the processor has AVX-512, LibTorch leaves bf16 products to oneDNN, which sums them in
/// another order than it does itself. Muon's rounding to bf16 carries that into fp64, so the table
/// was made, and is compared, without: then all processors agree.
class WithoutOneDnn {
 public:
  WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(false); }
  ~WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(before_); }
  WithoutOneDnn(const WithoutOneDnn&) = delete;
  WithoutOneDnn& operator=(const WithoutOneDnn&) = delete;

 private:
  const bool before_ = at::globalContext().userEnabledMkldnn();
};

TEST(Training, LinesAreThoseThatPyTorchPrinted) {
  const c10::InferenceMode without_autograd;
  const WithoutOneDnn as_the_table;
  for (const auto& reference : read_training_references()) {
    const Experiment experiment = experiment_of(reference["keys"]);
    const auto run = TrainingRun::make(experiment);
    ASSERT_TRUE(run) << to_string(run.error());
    for (std::int64_t i = 0; i < kSteps; ++i) {
      const RunStep step = (*run)->step();
      expect_step(reference["steps"], step, experiment,
                  " of step " + std::to_string(i) + " of " + reference["keys"].dump());
      if (HasFailure()) return;
    }
  }
}

/// Takes the steps of a run, changed on its way.
class ReferenceSteps final : public StepSink {
 public:
  explicit ReferenceSteps(std::function<void(const RunStep&)> each) : each_(std::move(each)) {}
  bool take(const RunStep& step) override {
    each_(step);
    return !testing::Test::HasFailure();
  }
  void take(const LiveChange&) override {}

 private:
  std::function<void(const RunStep&)> each_;
};

TEST(Training, LinesOfRunsThatChangeAreThoseThatPyTorchPrinted) {
  const c10::InferenceMode without_autograd;
  const WithoutOneDnn as_the_table;
  const nlohmann::json references = read_training_references("changed.json");
  ASSERT_EQ(references.size(), 40u);
  std::set<std::string> changed;
  for (const auto& reference : references) {
    TrainingRequest request{.experiment = experiment_of(reference["keys"])};
    for (const std::string change : reference["changes"]) {
      const auto colon = change.find(':'), equals = change.find('=');
      request.changes.push_back({.step = std::stoll(change),
                                 .key = change.substr(colon + 1, equals - colon - 1),
                                 .value = change.substr(equals + 1)});
      changed.insert(request.changes.back().key);
      if (request.changes.back().key == "steps") request.experiment.training.steps = kSteps - 20;
    }
    std::int64_t steps = 0;
    request.sink = std::make_shared<ReferenceSteps>([&](const RunStep& step) {
      ++steps;
      expect_step(reference["steps"], step, request.experiment,
                  " of step " + std::to_string(step.step) + " of " + reference["keys"].dump() +
                      reference["changes"].dump());
    });
    const auto job = make_training_job(request);
    JobContext context({}, {});
    ASSERT_TRUE(run_job(*job, context));
    EXPECT_EQ(steps, kSteps);
    if (HasFailure()) return;
  }
  for (const Key* key : live_run_keys())
    if (changes_numbers({0, std::string(key->name), ""})) {
      EXPECT_TRUE(changed.contains(std::string(key->name))) << key->name;
    }
}

}  // namespace
}  // namespace nanscope
