#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "engine/runs/training_run.h"

// What statistics of every layer add to a step of a run: steps with them and without take turns, so
// that what else the machine does meets both. Processor time of the one thread, medians.
namespace nanscope {
namespace {

double thread_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Arguments: depth, width, batch.
void run_statistics(benchmark::State& state, ModelKind kind) {
  at::set_num_threads(1);
  const c10::InferenceMode without_autograd;
  Experiment experiment;
  experiment.network.model = {.kind = kind,
                              .depth = static_cast<int>(state.range(0)),
                              .width = static_cast<int>(state.range(1))};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = static_cast<int>(state.range(2));
  experiment.training.optimizer.lr = 1e-6;
  const auto run = TrainingRun::make(experiment).value();
  const auto seconds_of = [&](bool looks) {
    const double begin = thread_seconds();
    benchmark::DoNotOptimize(run->step({.layers = looks}));
    return thread_seconds() - begin;
  };
  for (int i = 0; i < 3; ++i) seconds_of(i == 1);
  std::vector<double> without, with;
  for (auto _ : state) {
    without.push_back(seconds_of(false));
    with.push_back(seconds_of(true));
    state.SetIterationTime(with.back());
  }
  const double alone = median(without), seen = median(with);
  state.counters["us_without"] = 1e6 * alone;
  state.counters["us_with"] = 1e6 * seen;
  state.counters["cost_%"] = 100 * (seen / alone - 1);
}

void run_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"depth", "width", "batch"});
  bench->Args({8, 64, 64})->Args({50, 128, 64})->Args({20, 256, 128});
  bench->MinTime(2)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(run_statistics, deep_linear, ModelKind::deep_linear)->Apply(run_sizes);
BENCHMARK_CAPTURE(run_statistics, mlp, ModelKind::mlp)->Apply(run_sizes);

}  // namespace
}  // namespace nanscope
