#include "engine/runs/condition_probe.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/recipe/run_history.h"
#include "engine/runs/training_job.h"
#include "tests/engine/runs/make_run.h"

// Condition numbers of a run's weights.
namespace nanscope {
namespace {

Experiment square_run(int steps) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 3, .width = 8};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.batch = 8;
  experiment.training.steps = steps;
  return experiment;
}

/// The weights of the layers of width x width.
std::vector<at::Tensor> squares_of(const TrainingRun& run) {
  std::vector<at::Tensor> weights;
  for (const at::Tensor& one : run.buffers().parameters)
    if (one.dim() == 2 && one.size(0) == 8 && one.size(1) == 8) weights.push_back(one);
  return weights;
}

TEST(ConditionProbeTest, IsTheLargestSingularValueOverTheSmallest) {
  const c10::InferenceMode without_autograd;
  const auto run = make_run(square_run(4));
  const std::vector<at::Tensor> weights = squares_of(*run);
  ASSERT_EQ(weights.size(), 3u);
  // The head is a row or more; its own condition stays below these.
  const auto set = [&](std::size_t layer, double smallest) {
    at::Tensor diagonal = at::ones({8});
    diagonal[3] = smallest;
    weights[layer].copy_(at::diag(diagonal));
  };
  set(0, 1.0 / 64);
  set(1, 1.0 / 1024);
  set(2, 1.0 / 4096);
  WeightConditions found = weight_conditions(run->plan());
  EXPECT_NEAR(found.largest, 4096, 4096 * 1e-6);  // of fp32 weights, computed in fp64
  EXPECT_GT(found.median, 1);
  set(0, 0);
  EXPECT_GT(weight_conditions(run->plan()).largest, 1e15);
  weights[1][0][0] = NAN;
  EXPECT_TRUE(std::isnan(weight_conditions(run->plan()).largest));
}

TEST(ConditionProbeTest, ARunThatLooksAtItsLayersLooksAtThemToo) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = square_run(640);
  const auto looks_of = [&] {
    const auto job = make_training_job({.experiment = experiment});
    JobContext context({}, {});
    return run_job(*job, context)->as<RunSummary>()->history->condition_looks;
  };
  EXPECT_TRUE(looks_of().empty());
  experiment.training.statistics = 10;
  const Series looks = looks_of();
  ASSERT_GE(looks.size(), 2u);
  EXPECT_LE(looks.size(), 65u);
  EXPECT_EQ(looks.front(), 0);
  EXPECT_EQ(looks.back(), 639);
}

}  // namespace
}  // namespace nanscope
