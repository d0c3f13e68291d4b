#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "engine/recipe/run_json.h"
#include "engine/runs/training_run.h"

// What statistics of every layer add to a step of a run, and what their line of JSON adds: steps
// with them and without take turns, so that what else the machine does meets both. Processor time
// of the one thread, medians. In mixed fp16 the gradients' magnitudes are counted, too.
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
void run_statistics(benchmark::State& state, ModelKind kind, Precision precision) {
  at::set_num_threads(1);
  const c10::InferenceMode without_autograd;
  Experiment experiment;
  experiment.network.model = {.kind = kind,
                              .depth = static_cast<int>(state.range(0)),
                              .width = static_cast<int>(state.range(1))};
  experiment.network.precision = precision;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = static_cast<int>(state.range(2));
  experiment.training.optimizer.lr = 1e-6;
  const auto run = TrainingRun::make(experiment).value();
  RunStep step;
  const auto seconds_of = [](const auto& work) {
    const double begin = thread_seconds();
    work();
    return thread_seconds() - begin;
  };
  const auto step_seconds = [&](bool looks) {
    return seconds_of([&] { step = run->step({.layers = looks}); });
  };
  for (int i = 0; i < 3; ++i) step_seconds(i == 1);
  std::vector<double> without, with, lines;
  for (auto _ : state) {
    without.push_back(step_seconds(false));
    with.push_back(step_seconds(true));
    lines.push_back(seconds_of([&] { benchmark::DoNotOptimize(step_to_json(step)); }));
    state.SetIterationTime(with.back());
  }
  const double alone = median(without), seen = median(with);
  state.counters["us_without"] = 1e6 * alone;
  state.counters["us_with"] = 1e6 * seen;
  state.counters["cost_%"] = 100 * (seen / alone - 1);
  state.counters["line_%"] = 100 * median(lines) / alone;
}

void run_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"depth", "width", "batch"});
  bench->Args({8, 64, 64})->Args({50, 128, 64})->Args({20, 256, 128});
  bench->MinTime(2)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(run_statistics, deep_linear, ModelKind::deep_linear, Precision::fp32)
    ->Apply(run_sizes);
BENCHMARK_CAPTURE(run_statistics, mlp, ModelKind::mlp, Precision::fp32)->Apply(run_sizes);
BENCHMARK_CAPTURE(run_statistics, mlp_mixed_fp16, ModelKind::mlp, Precision::mixed_fp16)
    ->Apply(run_sizes);
BENCHMARK_CAPTURE(run_statistics, mlp_mixed_bf16, ModelKind::mlp, Precision::mixed_bf16)
    ->Apply(run_sizes);
BENCHMARK_CAPTURE(run_statistics, mlp_fp64, ModelKind::mlp, Precision::fp64)->Apply(run_sizes);

}  // namespace
}  // namespace nanscope
