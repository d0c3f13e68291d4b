#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/network/measure_tensor.h"
#include "engine/network/plan.h"
#include "engine/precision/precision.h"
#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"

extern "C" nanscope::Engine* nanscope_make_engine(std::string* reason);

// The Signal lab's pass, forward, backward and statistics, beside its matrix products alone.
// Arguments: depth, width, batch, threads.
namespace nanscope {
namespace {

void set_threads(const benchmark::State& state) {
  at::set_num_threads(static_cast<int>(state.range(3)));
}

Experiment experiment_of(const benchmark::State& state) {
  Experiment experiment;
  experiment.network.model.depth = static_cast<int>(state.range(0));
  experiment.network.model.width = static_cast<int>(state.range(1));
  experiment.data.batch = static_cast<int>(state.range(2));
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

/// One call as the window makes it when the gain has moved: the weights are rescaled and measured
/// again. `request` may ask for a histogram.
void run_signal(benchmark::State& state, bool moves_gain, std::optional<SignalTensor> histogram) {
  set_threads(state);
  std::string reason;
  const std::unique_ptr<Engine> engine(nanscope_make_engine(&reason));
  SignalRequest request{experiment_of(state), histogram};
  if (!engine || !answer(*engine, request)) return state.SkipWithError("no engine");
  double statistics = 0, pass = 0;
  for (auto _ : state) {
    if (moves_gain)
      request.experiment.network.init.gain = request.experiment.network.init.gain == 1 ? 0.999 : 1;
    const auto snapshot = answer(*engine, request);
    if (!snapshot) return state.SkipWithError(to_string(snapshot.error()).c_str());
    statistics += snapshot->cost.statistics_seconds;
    pass += snapshot->cost.seconds;
  }
  state.counters["statistics_share"] = statistics / pass;
  state.counters["pass_ms"] = 1e3 * pass / static_cast<double>(state.iterations());
}

void signal_moved_gain(benchmark::State& state) {
  run_signal(state, true, SignalTensor::activation);
}
void signal_same_weights(benchmark::State& state) { run_signal(state, false, std::nullopt); }

/// Passes of which each begins with a change to the experiment.
template <class Change>
void run_changed(benchmark::State& state, const Change& change) {
  set_threads(state);
  std::string reason;
  const std::unique_ptr<Engine> engine(nanscope_make_engine(&reason));
  SignalRequest request{experiment_of(state), SignalTensor::activation};
  if (!engine || !answer(*engine, request)) return state.SkipWithError("no engine");
  for (auto _ : state) {
    change(request.experiment);
    const auto snapshot = answer(*engine, request);
    if (!snapshot) return state.SkipWithError(to_string(snapshot.error()).c_str());
  }
}

/// Another activation is another plan, with buffers of its own.
void signal_changed_activation(benchmark::State& state) {
  run_changed(state, [](Experiment& experiment) {
    Activation& activation = experiment.network.model.activation;
    activation = activation == Activation::relu ? Activation::leaky_relu : Activation::relu;
  });
}

/// Another seed draws every weight anew.
void signal_changed_seed(benchmark::State& state) {
  run_changed(state, [](Experiment& experiment) { ++experiment.network.seed; });
}

/// LibTorch's draws alone, in buffers of their own, one after the other.
void normal_alone(benchmark::State& state) {
  set_threads(state);
  const std::int64_t width = state.range(1);
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
  std::vector<at::Tensor> weights;
  for (std::int64_t i = 0; i < state.range(0); ++i) weights.push_back(at::zeros({width, width}));
  for (auto _ : state)
    for (const at::Tensor& weight : weights) weight.normal_(0, 1, generator);
}

/// The products of one pass: z = x W^T, dx = dz W (not for the first layer), dW = dz^T x.
void matmuls_alone(benchmark::State& state) {
  set_threads(state);
  const std::int64_t depth = state.range(0), width = state.range(1), batch = state.range(2);
  std::vector<at::Tensor> weights, activations;
  for (std::int64_t i = 0; i < depth; ++i) {
    weights.push_back(at::randn({width, width}));
    activations.push_back(at::randn({batch, width}));
  }
  const at::Tensor delta = at::randn({batch, width});
  at::Tensor z = at::empty({batch, width}), weight_grad = at::empty({width, width});
  for (auto _ : state) {
    for (std::int64_t i = 0; i < depth; ++i) at::mm_out(z, activations[i], weights[i].t());
    for (std::int64_t i = depth; i-- > 0;) {
      at::mm_out(weight_grad, delta.t(), activations[i]);
      if (i > 0) at::mm_out(z, delta, weights[i]);
    }
    benchmark::ClobberMemory();
  }
}

/// The plan's passes alone. The difference of the two is what statistics cost, by CPU time too,
/// which other programs on the machine disturb less than the clock's.
void run_plan(benchmark::State& state, const Probe& probe) {
  set_threads(state);
  const c10::InferenceMode without_autograd;
  const Experiment experiment = experiment_of(state);
  Plan plan(std::make_shared<const PlanDescription>(describe_plan(
      experiment.network, *precision_row(Precision::fp32, Execution::automatic, false),
      {.batch = experiment.data.batch, .features = experiment.network.model.width})));
  for (int layer = 0; layer < plan.layers(); ++layer)
    plan.find(layer, tap::weight)->data().normal_(0, 0.06);
  plan.input().data().normal_();
  const at::Tensor upstream = at::randn({experiment.data.batch, experiment.network.model.width});
  for (auto _ : state) {
    plan.forward(probe);
    plan.begin_backward(upstream);
    plan.backward(probe);
  }
}

void plan_with_statistics(benchmark::State& state) {
  Accumulator total;
  run_plan(state, [&total](int, const PlanTap& tap, Direction direction, const at::Tensor& values) {
    if (tap.name == tap::preactivation && direction == Direction::backward) return;
    total = total + accumulate_tensor(values, {.smallest_normal = 0x1p-126, .quick = true});
  });
  benchmark::DoNotOptimize(total);
}
void plan_without_statistics(benchmark::State& state) {
  run_plan(state, [](int, const PlanTap&, Direction, const at::Tensor&) {});
}

void signal_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"depth", "width", "batch", "threads"});
  for (const int threads : {1, 2})
    for (const auto& [depth, width] : {std::pair{8, 64}, {50, 128}, {20, 256}, {50, 512}})
      bench->Args({depth, width, 64, threads});
  bench->Unit(benchmark::kMicrosecond)->UseRealTime();
}

BENCHMARK(matmuls_alone)->Apply(signal_sizes)->Args({20, 256, 128, 1});
BENCHMARK(plan_without_statistics)->Apply(signal_sizes);
BENCHMARK(plan_with_statistics)->Apply(signal_sizes);
BENCHMARK(signal_same_weights)->Apply(signal_sizes);
BENCHMARK(signal_moved_gain)->Apply(signal_sizes);
BENCHMARK(signal_changed_activation)->Apply(signal_sizes);
BENCHMARK(signal_changed_seed)->Apply(signal_sizes);
BENCHMARK(normal_alone)->Apply(signal_sizes);

}  // namespace
}  // namespace nanscope
