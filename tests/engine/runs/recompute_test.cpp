#include <ATen/ops/equal.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/plan/plan.h"
#include "engine/runs/training_run.h"
#include "engine/signal/thread_choice.h"
#include "make_run.h"
#include "tests/engine/network/counting_allocator.h"

// What is dropped on the way forward and computed again on the way back changes the memory of a
// run, and not one bit of it.
namespace nanscope {
namespace {

/// Runs of every norm and precision, with dropout, several batches a step, what is held out.
Experiment random_run(std::mt19937& random) {
  const auto whole = [&](int low, int high) {
    return std::uniform_int_distribution(low, high)(random);
  };
  const auto any = [&]<class E>(E) {
    const auto& all = Names<E>::all;
    return all[static_cast<std::size_t>(whole(0, static_cast<int>(all.size()) - 1))].first;
  };
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.seed = random();
  experiment.network.model = {.depth = whole(2, 7),
                              .width = whole(8, 12),
                              .activation = any(Activation()),
                              .norm = any(Norm()),
                              .residual = whole(0, 1) == 1,
                              .bias = whole(0, 1) == 1};
  experiment.network.init.scheme = InitScheme::kaiming;
  constexpr Precision kPrecisions[] = {Precision::fp64, Precision::fp32, Precision::bf16,
                                       Precision::mixed_fp16, Precision::e4m3};
  experiment.network.precision = kPrecisions[whole(0, 4)];
  experiment.data.kind = whole(0, 1) == 1 ? DataKind::spiral : DataKind::teacher;
  experiment.data.batch = whole(4, 9);
  experiment.training.dropout = whole(0, 1) == 1 ? 0.25 : 0;
  experiment.training.accumulation = whole(1, 2);
  experiment.training.optimizer.lr = 1e-3;
  return experiment;
}

/// All that the next steps depend on, generator and running statistics among it.
std::vector<std::string> state_of(const TrainingRun& run) {
  Checkpoint checkpoint;
  run.save(checkpoint);
  std::vector<std::string> bytes;
  for (const SafetensorsBytes& tensor : checkpoint.tensors)
    bytes.push_back(tensor.name + tensor.bytes);
  return bytes;
}

TEST(Recompute, ChangesNotOneBit) {
  const c10::InferenceMode without_autograd;
  const ThreadLimit one_thread(1);
  std::mt19937 random(5);
  for (int tries = 0; tries < 60; ++tries) {
    Experiment experiment = random_run(random);
    SCOPED_TRACE(to_json(experiment, -1));
    const auto plain = make_run(experiment);
    experiment.training.recompute = std::uniform_int_distribution(2, 9)(random);
    const auto recomputed = make_run(experiment);
    for (int step = 0; step < 4; ++step) {
      ASSERT_EQ(plain->step({.layers = true}), recomputed->step({.layers = true})) << step;
      for (std::size_t i = 0; i < plain->buffers().gradients.size(); ++i)
        ASSERT_TRUE(at::equal(plain->buffers().gradients[i], recomputed->buffers().gradients[i]));
      ASSERT_EQ(state_of(*plain), state_of(*recomputed));
      ASSERT_EQ(plain->look_at_held_out(), recomputed->look_at_held_out());
    }
  }
}

PlanDescription described(int recompute) {
  Experiment experiment;
  experiment.network.model = {.depth = 16, .width = 32};
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 64;
  experiment.training.recompute = recompute;
  return *describe_training(experiment, *training_task(experiment));
}

TEST(Recompute, NeedsLessMemory) {
  const PlanDescription plain = described(0), four = described(4);
  const auto activations = [](const PlanDescription& plan) {
    return plan.bytes_by_role().at(ValueRole::activation);
  };
  // h of sixteen layers, and a place for every z; of twelve that are dropped, h of three at a time.
  constexpr std::int64_t kOne = 4 * 64 * 32;
  EXPECT_EQ(activations(plain) / kOne, 16 + 1);
  EXPECT_LE(activations(four) / kOne, 4 + 3 + 3 + 1);
  EXPECT_LT(four.bytes(), plain.bytes());
  // Of four layers the first three: what the last one comes to is passed on, and kept.
  EXPECT_EQ(std::ranges::count_if(four.operations, &PlanOperation::recomputed), 9 + 9);
  const double layer = 2.0 * 64 * 32 * 32;
  EXPECT_EQ(four.backward_cost().flops - plain.backward_cost().flops, 9 * layer);
  EXPECT_EQ(described(1).bytes(), plain.bytes());
  EXPECT_EQ(described(999).recomputed.size(), 15u);

  CountingAllocator allocator;
  const std::int64_t before = allocator.held();
  const Plan running(std::make_shared<const PlanDescription>(four));
  EXPECT_EQ(allocator.held() - before, four.bytes());
}

}  // namespace
}  // namespace nanscope
