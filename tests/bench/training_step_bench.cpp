#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <vector>

#include "engine/network/measure_tensor.h"
#include "engine/network/plan.h"
#include "engine/precision/precision.h"
#include "engine/training/initialize.h"

// A training step on the plan: forward, explicit backward, fused Adam, statistics of every tensor
// of every layer. pytorch_step.py measures the same in eager PyTorch. Arguments: depth, width,
// batch, threads.
namespace nanscope {
namespace {

class Trainer {
 public:
  explicit Trainer(const Experiment& experiment)
      : generator_(seeded_generator(experiment.network.seed)),
        plan_(std::make_shared<const PlanDescription>(describe_plan(
            experiment.network, *precision_row(Precision::fp32, Execution::automatic, false),
            {.batch = experiment.data.batch,
             .features = experiment.network.model.width,
             .gradients = GradientPolicy::owned}))) {
    for (int layer = 0; layer < plan_.layers(); ++layer) {
      const Value& parameter = *plan_.find(layer, tap::weight);
      const at::Tensor& weight = parameter.data();
      weight.copy_(
          draw_weight(experiment.network.init, weight.size(0), weight.size(1), generator_));
      weights_.push_back(weight);
      gradients_.push_back(parameter.gradient());
      first_moments_.push_back(at::zeros_like(weight));
      second_moments_.push_back(at::zeros_like(weight));
      steps_.push_back(at::zeros({}));
    }
    plan_.input().data().normal_(0, 1, generator_);
    upstream_ =
        draw_upstream_gradient(experiment.data.batch, experiment.network.model.width, generator_);
  }

  void step(bool with_statistics) {
    const Probe probe = [this](int, const PlanTap& tap, Direction direction,
                               const at::Tensor& values) {
      if (tap.name == tap::preactivation && direction == Direction::backward) return;
      total_ = total_ + accumulate_tensor(values, {.smallest_normal = 0x1p-126, .quick = true});
    };
    const Probe& probe_or_none = with_statistics ? probe : no_probe_;
    plan_.forward(probe_or_none);
    plan_.forget_parameter_gradients();
    plan_.begin_backward(upstream_);
    plan_.backward(probe_or_none);
    at::_foreach_add_(steps_, 1);
    at::_fused_adam_(weights_, gradients_, first_moments_, second_moments_, {}, steps_,
                     /*lr=*/1e-3, /*beta1=*/0.9, /*beta2=*/0.999, /*weight_decay=*/0,
                     /*eps=*/1e-8, /*amsgrad=*/false, /*maximize=*/false);
  }

  const Accumulator& total() const { return total_; }

 private:
  at::Generator generator_;
  Plan plan_;
  std::vector<at::Tensor> weights_, gradients_, first_moments_, second_moments_, steps_;
  at::Tensor upstream_;
  Probe no_probe_ = [](int, const PlanTap&, Direction, const at::Tensor&) {};
  Accumulator total_;
};

void run_steps(benchmark::State& state, bool with_statistics) {
  at::set_num_threads(static_cast<int>(state.range(3)));
  const c10::InferenceMode without_autograd;
  Experiment experiment;
  experiment.network.model.depth = static_cast<int>(state.range(0));
  experiment.network.model.width = static_cast<int>(state.range(1));
  experiment.data.batch = static_cast<int>(state.range(2));
  experiment.network.init.scheme = InitScheme::kaiming;
  Trainer trainer(experiment);
  trainer.step(with_statistics);
  for (auto _ : state) trainer.step(with_statistics);
  benchmark::DoNotOptimize(trainer.total());
}

void training_step(benchmark::State& state) { run_steps(state, true); }
void training_step_without_statistics(benchmark::State& state) { run_steps(state, false); }

/// The three steps of design.md's table.
void training_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"depth", "width", "batch", "threads"});
  bench->Args({8, 64, 64, 1})->Args({50, 128, 64, 1})->Args({20, 256, 128, 1});
  bench->Unit(benchmark::kMicrosecond)->UseRealTime();
}

BENCHMARK(training_step)->Apply(training_sizes);
BENCHMARK(training_step_without_statistics)->Apply(training_sizes);

}  // namespace
}  // namespace nanscope
