#include "engine/runs/training_run.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <random>

#include "engine/experiment/json.h"
#include "engine/network/measure_tensor.h"
#include "make_run.h"
#include "tests/engine/network/counting_allocator.h"

namespace nanscope {
namespace {

Experiment small_run(OptimizerKind kind) {
  Experiment experiment;
  experiment.network.model = {.depth = 2, .width = 12, .bias = kind != OptimizerKind::muon};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 8;
  experiment.training.optimizer = with_kind({}, kind);
  return experiment;
}

TEST(TrainingRun, LearnsALinearTeacher) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(OptimizerKind::adam);
  experiment.network.model = {.kind = ModelKind::deep_linear, .depth = 1, .width = 8};
  experiment.training.optimizer.lr = 0.03;
  const auto run = make_run(experiment);
  const RunStep first = run->step();
  RunStep last;
  for (int i = 0; i < 600; ++i) last = run->step();
  // y = x w has the variance 0 + 1 + 4 + ... + 49 = 140.
  EXPECT_GT(first.loss, 20);
  EXPECT_LT(last.loss, 1e-2);
  EXPECT_EQ(last.step, 600);
}

TEST(TrainingRun, TheSameExperimentGivesTheSameBits) {
  const c10::InferenceMode without_autograd;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const auto one = make_run(small_run(kind)), other = make_run(small_run(kind));
    for (int i = 0; i < 20; ++i) ASSERT_EQ(one->step(), other->step()) << name;
    Experiment reseeded = small_run(kind);
    reseeded.network.seed = 2;
    EXPECT_NE(make_run(reseeded)->step().loss, make_run(small_run(kind))->step().loss);
  }
}

std::string checkpoint_file() {
  return ::testing::TempDir() + std::to_string(std::random_device()()) + ".safetensors";
}

/// The run that goes on from a file with the state of this one.
std::unique_ptr<TrainingRun> gone_on(const TrainingRun& run, const Experiment& experiment) {
  const std::string path = checkpoint_file();
  Checkpoint saved{.experiment = experiment};
  run.save(saved);
  EXPECT_TRUE(write_checkpoint(path, saved));
  const auto read = read_checkpoint(path);
  std::filesystem::remove(path);
  EXPECT_TRUE(read) << (read ? "" : to_string(read.error()));
  EXPECT_EQ(read->experiment, experiment);
  EXPECT_EQ(read->steps, run.steps_done());
  auto other = make_run(experiment);
  const auto restored = other->restore(*read);
  EXPECT_TRUE(restored) << (restored ? "" : to_string(restored.error()));
  return other;
}

TEST(TrainingRun, GoesOnFromACheckpointWithTheSameBits) {
  const c10::InferenceMode without_autograd;
  constexpr std::array kPrecisions{Precision::fp32, Precision::fp64, Precision::bf16};
  std::size_t precision = 0;
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    for (const DataKind data : {DataKind::constant_norm, DataKind::moons}) {
      Experiment experiment = small_run(kind);
      experiment.data.kind = data;
      experiment.data.batch = 90;  // an epoch of the moons is two steps and a rest
      experiment.training.dropout = 0.1;
      experiment.network.precision = kPrecisions[precision++ % kPrecisions.size()];
      const auto whole = make_run(experiment);
      for (int i = 0; i < 3; ++i) whole->step();
      const auto second = gone_on(*whole, experiment);
      for (int i = 0; i < 4; ++i) ASSERT_EQ(whole->step(), second->step()) << to_json(experiment);
    }
}

TEST(TrainingRun, ACheckpointOfAnotherModelOrCutShortIsRefused) {
  const c10::InferenceMode without_autograd;
  const Experiment experiment = small_run(OptimizerKind::adam);
  const auto run = make_run(experiment);
  run->step();
  Checkpoint saved{.experiment = experiment};
  run->save(saved);
  Experiment other = experiment;
  other.network.model.width = 13;
  EXPECT_THAT(to_string(make_run(other)->restore(saved).error()), testing::HasSubstr("bytes"));
  other = small_run(OptimizerKind::amsgrad);
  EXPECT_THAT(to_string(make_run(other)->restore(saved).error()), testing::HasSubstr("vmax_W1"));
  other = experiment;
  other.network.precision = Precision::fp64;
  EXPECT_THAT(to_string(make_run(other)->restore(saved).error()), testing::HasSubstr("F64"));

  const std::string path = checkpoint_file();
  ASSERT_TRUE(write_checkpoint(path, saved));
  const auto size = std::filesystem::file_size(path);
  for (const std::uintmax_t length : {size - 1, size / 2, std::uintmax_t{9}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(path, length);
    const auto read = read_checkpoint(path);
    ASSERT_FALSE(read) << length;
    EXPECT_EQ(read.error().where, path);
  }
  std::filesystem::remove(path);
}

TEST(TrainingRun, AStepLeavesNoMemoryBehind) {
  const c10::InferenceMode without_autograd;
  CountingAllocator allocator;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const auto run = make_run(small_run(kind));
    run->step();
    const std::int64_t held = allocator.held();
    for (int i = 0; i < 5; ++i) run->step();
    EXPECT_EQ(allocator.held(), held) << name;
  }
}

TEST(TrainingRun, LooksAtItsLayersWithoutChangingTheRun) {
  const c10::InferenceMode without_autograd;
  Experiment looking = small_run(OptimizerKind::sgd);
  looking.network.model.residual = true;
  looking.training.accumulation = 2;
  const auto blind_run = make_run(looking);
  looking.training.statistics = 3;
  const auto run = make_run(looking);
  const std::vector<std::string> names{"linear 1", "linear 2", "head"};
  const Value* weight = run->plan().find(0, tap::weight);
  for (int step = 0; step < 7; ++step) {
    const at::Tensor before = weight->data().clone();
    RunStep seen = run->step();
    ASSERT_EQ(seen.layers.size(), step % 3 == 0 ? 3u : 0u);
    for (std::size_t i = 0; i < seen.layers.size(); ++i) EXPECT_EQ(seen.layers[i].name, names[i]);
    if (!seen.layers.empty()) {
      const LayerStatistics& first = seen.layers[0];
      const std::map<std::string, Statistics> tensors(first.tensors.begin(), first.tensors.end());
      // Short runs of floats are summed in float.
      EXPECT_NEAR(tensors.at("weight").rms, before.square().mean().sqrt().item<double>(), 1e-6);
      const double gradient_rms = weight->gradient().square().mean().sqrt().item<double>();
      EXPECT_NEAR(tensors.at("weight_grad").rms, gradient_rms, 1e-6 * gradient_rms);
      EXPECT_TRUE(tensors.contains("branch") && tensors.contains("activation_grad") &&
                  tensors.contains("bias_grad"));
      const at::Tensor wide = before.to(at::kDouble);
      const double moved = (weight->data().to(at::kDouble) - wide).norm().item<double>();
      ASSERT_TRUE(first.update_ratio);
      EXPECT_DOUBLE_EQ(*first.update_ratio, moved / wide.norm().item<double>());
    }
    seen.layers.clear();
    EXPECT_EQ(seen, blind_run->step());
  }
}

/// The names in the order of a layer's tensors.
std::vector<std::string> names_of(const LayerStatistics& layer) {
  std::vector<std::string> names;
  for (const auto& [name, statistics] : layer.tensors) names.push_back(name);
  return names;
}

TEST(TrainingRun, ShowsALayersTensorsInTheOrderOfTheStep) {
  const c10::InferenceMode without_autograd;
  for (const ModelKind kind : {ModelKind::mlp, ModelKind::deep_linear}) {
    Experiment experiment = small_run(OptimizerKind::adam);
    experiment.network.model.kind = kind;
    experiment.network.model.bias = false;
    experiment.training.statistics = 1;
    // Without an activation function both are one tensor.
    const bool one = kind == ModelKind::deep_linear;
    const std::vector<std::string> order{"preactivation",
                                         "weight",
                                         "activation",
                                         one ? "preactivation_grad" : "activation_grad",
                                         one ? "activation_grad" : "preactivation_grad",
                                         "weight_grad"};
    const auto run = make_run(experiment);
    for (int step = 0; step < 3; ++step) {
      const RunStep seen = run->step();
      const LayerStatistics& layer = seen.layers[0];
      EXPECT_EQ(names_of(layer), order) << step;
      const std::map<std::string, Statistics> tensors(layer.tensors.begin(), layer.tensors.end());
      const Statistics activation = to_statistics(accumulate_tensor(
          run->plan().find(0, tap::activation)->data(),
          {.smallest_normal = find_format("fp32")->smallest_normal, .quick = true}));
      EXPECT_EQ(tensors.at("activation"), activation);
      EXPECT_EQ(tensors.at("preactivation") == activation, one);
      EXPECT_EQ(tensors.at("preactivation_grad") == tensors.at("activation_grad"), one);
      EXPECT_GT(tensors.at("activation_grad").rms, 0);
    }
  }
}

/// Of the last step's gradients, from ATen's kernel.
double norm_from_aten(const TrainingRun& run) {
  std::vector<at::Tensor> norms;
  for (const at::Tensor& gradient : run.buffers().gradients)
    norms.push_back(at::linalg_vector_norm(gradient));
  return at::linalg_vector_norm(at::stack(norms)).item<double>();
}

TEST(TrainingRun, TheNormOfItsGradientsIsPyTorchs) {
  const c10::InferenceMode without_autograd;
  for (const Precision precision : {Precision::fp32, Precision::fp64, Precision::bf16})
    for (const double gain : {1e-6, 1.0, 1e5, 1e8}) {
      Experiment experiment = small_run(OptimizerKind::sgd);
      experiment.network.precision = precision;
      experiment.network.init.gain = gain;
      experiment.network.model.depth = 3;
      experiment.training.optimizer.lr = 0;
      experiment.training.statistics = 2;
      const auto run = make_run(experiment);
      for (int step = 0; step < 2; ++step) {
        const double norm = run->step().grad_norm, expected = norm_from_aten(*run);
        // Beyond the squares that a float has, too: there ATen's kernel has no number, or 0.
        if (std::isfinite(expected))
          EXPECT_NEAR(norm, expected, 1e-6 * expected) << gain;
        else
          EXPECT_EQ(std::isinf(norm), std::isinf(expected)) << gain << " " << norm;
      }
    }
}

TEST(TrainingRun, ParametersThatAreMovedAFewAtATimeEndWhereAllTogetherDo) {
  const c10::InferenceMode without_autograd;
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    Experiment experiment = small_run(kind);
    experiment.network.model.width = 96;  // of 36 KiB each: more than is moved at a time
    experiment.network.model.depth = 4;
    const auto blind = make_run(experiment);
    experiment.training.statistics = 1;
    const auto looking = make_run(experiment);
    for (int step = 0; step < 2; ++step) {
      RunStep seen = looking->step();
      EXPECT_GT(seen.layers.at(3).update_ratio.value_or(0), 0) << name;
      seen.layers.clear();
      EXPECT_EQ(seen, blind->step()) << name;
    }
    for (std::size_t i = 0; i < blind->buffers().parameters.size(); ++i)
      EXPECT_TRUE(blind->buffers().parameters[i].equal(looking->buffers().parameters[i])) << name;
  }
}

TEST(TrainingRun, DropoutIsPartOfTrainingAlone) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(OptimizerKind::sgd);
  experiment.data.kind = DataKind::circles;
  const double held_out = make_run(experiment)->look_at_held_out()->loss;
  const double loss = make_run(experiment)->step().loss;
  experiment.training.dropout = 0.5;
  const auto run = make_run(experiment);
  EXPECT_EQ(run->look_at_held_out()->loss, held_out);
  EXPECT_NE(run->step().loss, loss);
}

TEST(TrainingRun, APenaltyOfSquaresIsADecayOfTwiceIt) {
  const c10::InferenceMode without_autograd;
  for (const OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adam}) {
    Experiment penalized = small_run(kind), decayed = penalized;
    penalized.network.precision = decayed.network.precision = Precision::fp64;
    penalized.training.l2 = 0.0625;
    decayed.training.optimizer.weight_decay = 0.125;
    const auto one = make_run(penalized), other = make_run(decayed);
    for (int i = 0; i < 10; ++i) {
      const RunStep step = one->step(), expected = other->step();
      // The loss is told without the penalty, the gradients' norm with it.
      EXPECT_NEAR(step.loss, expected.loss, 1e-12 * expected.loss);
      EXPECT_NE(step.grad_norm, expected.grad_norm);
    }
  }
}

TEST(TrainingRun, APenaltyOfSizesMovesEveryWeightByASignOfIt) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(OptimizerKind::sgd);
  experiment.training.optimizer.lr = 0.5;
  const auto plain = make_run(experiment);
  experiment.training.l1 = 0.25;
  const auto penalized = make_run(experiment);
  const at::Tensor before = plain->plan().find(0, tap::weight)->data().clone();
  plain->step();
  penalized->step();
  const at::Tensor moved =
      plain->plan().find(0, tap::weight)->data() - penalized->plan().find(0, tap::weight)->data();
  EXPECT_TRUE(at::allclose(moved, 0.5 * 0.25 * before.sign(), 1e-4, 1e-6));
}

TEST(TrainingRun, HeldOutRowsSeeTheStatisticsOfTheBatchesSoFar) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(OptimizerKind::sgd);
  experiment.network.model.norm = Norm::batchnorm;
  experiment.data.kind = DataKind::circles;
  const auto run = make_run(experiment);
  const double untouched = run->look_at_held_out()->loss;
  EXPECT_EQ(run->look_at_held_out()->loss, untouched);  // a look leaves them as they are
  experiment.training.optimizer.lr = 0;
  const auto still = make_run(experiment);
  for (int i = 0; i < 50; ++i) still->step();
  EXPECT_NE(still->look_at_held_out()->loss, untouched);
  // They are part of the state.
  const auto gone = gone_on(*still, experiment);
  EXPECT_EQ(gone->look_at_held_out(), still->look_at_held_out());
  for (int i = 0; i < 3; ++i) ASSERT_EQ(gone->step(), still->step());
}

TEST(TrainingRun, ItsPlanListsWhatTheOptimizerKeeps) {
  const auto bytes = [](OptimizerKind kind, ValueRole role) {
    const Experiment e = small_run(kind);
    return describe_training(e, *training_task(e))->bytes_by_role()[role];
  };
  const std::int64_t parameters = bytes(OptimizerKind::sgd, ValueRole::parameter);
  EXPECT_EQ(parameters, 4 * (2 * (12 * 12 + 12) + 12 + 1));
  EXPECT_EQ(bytes(OptimizerKind::sgd, ValueRole::optimizer_state), 0);
  EXPECT_EQ(bytes(OptimizerKind::nesterov, ValueRole::optimizer_state), parameters);
  constexpr std::int64_t kCount = 4;  // of the steps
  EXPECT_EQ(bytes(OptimizerKind::adamw, ValueRole::optimizer_state), 2 * parameters + kCount);
  EXPECT_EQ(bytes(OptimizerKind::amsgrad, ValueRole::optimizer_state), 3 * parameters + kCount);
}

TEST(TrainingRun, WhatCannotBeTrainedSaysWhy) {
  const auto refused = [](const char* key, const char* value) {
    const auto experiment = with_key(small_run(OptimizerKind::sgd), key, value);
    const auto run = TrainingRun::make(*experiment);
    return run ? std::string("it trains") : to_string(run.error());
  };
  EXPECT_THAT(refused("loss", "cross_entropy"),
              testing::AllOf(testing::HasSubstr("loss: "), testing::HasSubstr("wants classes")));
  EXPECT_THAT(refused("optimizer.kind", "muon"), testing::HasSubstr("model.bias=false"));
  EXPECT_THAT(refused("device", "cuda"), testing::HasSubstr("device: cuda"));
  EXPECT_EQ(refused("loss", "mse"), "it trains");
}

}  // namespace
}  // namespace nanscope
