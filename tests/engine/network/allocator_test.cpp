#include <random>

#include "engine/experiment/json.h"
#include "engine/network/plan.h"
#include "tests/engine/network/counting_allocator.h"
#include "tests/engine/network/oracle.h"

// What a plan lists is what the allocator holds.
namespace nanscope {
namespace {

template <class T>
T any_of(std::mt19937& generator) {
  const auto& all = Names<T>::all;
  return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(generator)].first;
}

Experiment random_experiment(std::mt19937& generator) {
  const auto number = [&](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(generator);
  };
  Experiment experiment;
  experiment.network.model = {.kind = any_of<ModelKind>(generator),
                              .depth = number(1, 6),
                              .width = number(8, 40),
                              .activation = any_of<Activation>(generator),
                              .norm = any_of<Norm>(generator),
                              .residual = number(0, 1) == 1,
                              .bias = number(0, 1) == 1};
  experiment.network.precision = any_of<Precision>(generator);
  experiment.data.batch = number(1, 40);
  experiment.network.networks = number(0, 1) == 1 ? number(2, 4) : 1;
  return experiment;
}

std::optional<TrainingPlan> random_training(std::mt19937& generator) {
  const auto outputs = std::uniform_int_distribution<std::int64_t>(0, 5)(generator);
  if (outputs == 0) return std::nullopt;
  return TrainingPlan{.loss = outputs % 2 == 0 ? Loss::mse : Loss::cross_entropy,
                      .outputs = outputs,
                      .optimizer = any_of<OptimizerKind>(generator)};
}

TEST(Allocator, HoldsWhatThePlanListsForRandomExperiments) {
  CountingAllocator allocator;
  std::mt19937 generator(1);
  for (int i = 0; i < 200; ++i) {
    const Experiment experiment = random_experiment(generator);
    // Data of the model's width, or of another one, which adds an input layer.
    const int features = i % 2 == 0 ? experiment.network.model.width : 7 + i % 30;
    const Execution execution = i % 3 == 0 ? Execution::automatic : Execution::emulated;
    const auto plan = std::make_shared<const PlanDescription>(describe_plan(
        experiment.network, *precision_row(experiment.network.precision, execution, false),
        {.batch = experiment.data.batch,
         .features = features,
         .gradients = any_of<GradientPolicy>(generator),
         .training = experiment.network.networks == 1 ? random_training(generator) : std::nullopt,
         .dropout = i % 5 == 0 ? 0.25 : 0,
         .recompute = i % 4 == 0 ? 3 : 0,
         .running = i % 3 == 0}));
    std::int64_t listed = 0;
    for (const std::int64_t bytes : plan->buffers) listed += bytes;
    EXPECT_EQ(plan->bytes(), listed);

    const std::int64_t before = allocator.held();
    Plan running(plan);
    ASSERT_EQ(allocator.held() - before, plan->bytes()) << to_json(experiment);
    ASSERT_EQ(running.bytes(), plan->bytes());
    for (const Value& value : running.values()) value.data().zero_();
    const at::Tensor upstream = at::zeros_like(running.output().data());
    const std::int64_t at_rest = allocator.held();
    // And nothing more between operations, there and back.
    const Probe probe = [&](int, const PlanTap& tap, Direction, const at::Tensor&) {
      EXPECT_EQ(allocator.held(), at_rest) << tap.name << " " << to_json(experiment);
    };
    running.forward(probe);
    running.begin_backward(upstream);
    running.backward(probe);
    EXPECT_EQ(allocator.held(), at_rest);
  }
}

}  // namespace
}  // namespace nanscope
