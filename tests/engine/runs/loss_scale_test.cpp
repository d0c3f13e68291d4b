#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/experiment/json.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"
#include "make_run.h"

// Runs whose loss is scaled. That they agree with torch.amp.GradScaler's step by step is tested in
// tests/reference.
namespace nanscope {
namespace {

Experiment mixed_run(LossScale scale) {
  Experiment experiment;
  experiment.network.model = {.kind = ModelKind::deep_linear, .depth = 1, .width = 16};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.precision = Precision::mixed_fp16;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 8;
  experiment.training.optimizer = {.kind = OptimizerKind::adam, .lr = 0.01};
  experiment.training.loss_scale = scale;
  return experiment;
}

TEST(LossScale, StepsAreSkippedUntilTheGradientsFitIntoTheFormat) {
  const c10::InferenceMode without_autograd;
  const auto run = make_run(mixed_run({.kind = LossScaleKind::dynamic, .init = 1e12}));
  double scale = 1e12;
  RunStep step = run->step();
  const double loss = step.loss;
  for (int i = 0; step.skipped && i < 60; ++i) {
    // Nothing moved, so the next loss is of the same weights on other samples.
    EXPECT_EQ(step.loss_scale, static_cast<float>(scale));
    EXPECT_FALSE(std::isfinite(step.grad_norm));
    EXPECT_TRUE(std::isfinite(step.loss));
    scale /= 2;
    step = run->step();
  }
  EXPECT_FALSE(step.skipped);
  EXPECT_TRUE(std::isfinite(step.grad_norm));
  EXPECT_GT(run->steps_skipped(), 5);
  EXPECT_EQ(run->steps_skipped(), step.step);
  for (int i = 0; i < 1000; ++i) step = run->step();
  EXPECT_LT(step.loss, loss / 4);
}

TEST(LossScale, DoublesAfterAnIntervalWithoutOverflow) {
  const c10::InferenceMode without_autograd;
  const auto run = make_run(mixed_run({.kind = LossScaleKind::dynamic, .init = 8, .interval = 3}));
  std::vector<double> scales;
  for (int i = 0; i < 7; ++i) scales.push_back(run->step().loss_scale.value());
  EXPECT_THAT(scales, testing::ElementsAre(8, 8, 8, 16, 16, 16, 32));
}

TEST(LossScale, AStaticOneStaysAndAPowerOfTwoChangesNoBitOfFp32) {
  const c10::InferenceMode without_autograd;
  Experiment scaled = mixed_run({.kind = LossScaleKind::fixed, .init = 1024});
  scaled.network.precision = Precision::fp32;
  Experiment plain = scaled;
  plain.training.loss_scale = {};
  const auto one = make_run(scaled), other = make_run(plain);
  for (int i = 0; i < 20; ++i) {
    const RunStep with = one->step(), without = other->step();
    EXPECT_EQ(with.loss_scale, 1024);
    EXPECT_EQ(without.loss_scale, std::nullopt);
    ASSERT_EQ(with.loss, without.loss);
    ASSERT_EQ(with.grad_norm, without.grad_norm);
  }
}

TEST(LossScale, SavesGradientsThatUnderflow) {
  const c10::InferenceMode without_autograd;
  // Classes that are told apart well: the scores' gradients are far below 2^-24.
  Experiment experiment = mixed_run({});
  experiment.data.kind = DataKind::moons;
  experiment.network.init.gain = 1e-2;
  experiment.network.model.depth = 2;
  const auto norm_of = [&](Precision precision, LossScale scale) {
    experiment.network.precision = precision;
    experiment.training.loss_scale = scale;
    return make_run(experiment)->step().grad_norm;
  };
  const double exact = norm_of(Precision::fp32, {});
  const double lost = norm_of(Precision::mixed_fp16, {});
  const double kept = norm_of(Precision::mixed_fp16, {.kind = LossScaleKind::fixed, .init = 32768});
  // A few roundings of fp16, 2^-11 each.
  EXPECT_NEAR(kept, exact, 0.01 * exact);
  EXPECT_GT(std::abs(lost - exact), 2 * std::abs(kept - exact));
}

TEST(LossScale, AChangeOfItsFirstValueIsTheNextStepsWhateverItWas) {
  const c10::InferenceMode without_autograd;
  const Experiment experiment =
      mixed_run({.kind = LossScaleKind::dynamic, .init = 8, .interval = 1});
  const auto run = make_run(experiment);
  for (const double scale : {8, 16, 32}) EXPECT_EQ(run->step().loss_scale, scale);
  run->change(experiment.training);  // of another key
  EXPECT_EQ(run->step().loss_scale, 64);
  run->restart_loss_scale();
  EXPECT_EQ(run->loss_scale(), 8);
  EXPECT_EQ(run->step().loss_scale, 8);
}

TEST(LossScale, IsPartOfACheckpoint) {
  const c10::InferenceMode without_autograd;
  const Experiment experiment =
      mixed_run({.kind = LossScaleKind::dynamic, .init = 1e7, .interval = 4});
  const auto whole = make_run(experiment), first = make_run(experiment),
             second = make_run(experiment);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(whole->step().loss, first->step().loss);
  Checkpoint checkpoint{.experiment = experiment};
  first->save(checkpoint);
  ASSERT_TRUE(second->restore(checkpoint));
  EXPECT_EQ(second->steps_skipped(), whole->steps_skipped());
  for (int i = 0; i < 30; ++i) {
    const RunStep one = whole->step(), other = second->step();
    ASSERT_EQ(one.loss, other.loss);
    ASSERT_EQ(one.loss_scale, other.loss_scale);
  }
}

TEST(LossScale, IsPartOfARunFile) {
  const c10::InferenceMode without_autograd;
  RunSummary summary{.experiment = mixed_run({.kind = LossScaleKind::dynamic, .init = 1e7})};
  const auto run = make_run(summary.experiment);
  RunHistory history;
  for (int i = 0; i < 12; ++i) history.add(summary.last = run->step());
  summary.steps = 12;
  summary.skipped = run->steps_skipped();
  summary.history = std::make_shared<const RunHistory>(history);
  const auto read = run_from_lines(run_to_lines(summary));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->history->loss_scale, history.loss_scale);
  EXPECT_EQ(read->history->skipped, history.skipped);
  EXPECT_EQ(read->skipped, summary.skipped);
  EXPECT_GT(read->skipped, 0);
}

TEST(LossScale, WantsWeightsThatGradScalerTakes) {
  Experiment experiment = mixed_run({.kind = LossScaleKind::dynamic});
  experiment.network.precision = Precision::fp16;
  const auto run = TrainingRun::make(experiment);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().where, "loss_scale.kind");
  EXPECT_THAT(to_string(run.error()), testing::HasSubstr("mixed_fp16"));
}

}  // namespace
}  // namespace nanscope
