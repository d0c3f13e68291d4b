#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/network/allocator_ledger.h"
#include "engine/runs/training_run.h"

// What counting the allocator's blocks costs a step of about 400 us: at most 2 % of it. Steps with
// and without the ledger take turns, so that both meet the same machine; `percent` is how much
// longer the median one with it is.
namespace nanscope {
namespace {

double middle_of(std::vector<double> seconds) {
  std::ranges::sort(seconds);
  return seconds[seconds.size() / 2];
}

void ledger_of_a_step(benchmark::State& state, const char* optimizer) {
  const c10::InferenceMode without_autograd;
  at::set_num_threads(1);
  Experiment experiment;
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"data.kind", "teacher"},
                                                                  {"model.depth", "8"},
                                                                  {"model.width", "64"},
                                                                  {"init.scheme", "kaiming"},
                                                                  {"optimizer.kind", optimizer}})
    experiment = *with_key(experiment, key, value);
  const auto ledger = std::make_shared<AllocatorLedger>();
  std::unique_ptr<TrainingRun> run;
  {
    const LedgerScope scope(ledger);
    run = *TrainingRun::make(experiment);
  }
  std::vector<double> with, without;
  const auto timed = [&](std::vector<double>& seconds) {
    const auto begin = std::chrono::steady_clock::now();
    run->step();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  };
  for (auto _ : state) {
    timed(without);
    const LedgerScope scope(ledger);
    timed(with);
  }
  state.counters["step_us"] = 1e6 * middle_of(without);
  state.counters["percent"] = 100 * (middle_of(with) / middle_of(without) - 1);
}

BENCHMARK_CAPTURE(ledger_of_a_step, adam, "adam")->Unit(benchmark::kMicrosecond)->UseRealTime();
// Allocates in its step, and so calls the ledger.
BENCHMARK_CAPTURE(ledger_of_a_step, adabelief, "adabelief")
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

}  // namespace
}  // namespace nanscope
