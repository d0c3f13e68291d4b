#include <benchmark/benchmark.h>

#include "engine/costs/devices.h"
#include "engine/costs/napkin/napkin.h"
#include "engine/costs/transformer/estimate.h"

// What `nanscope cost` calculates, which has 50 ms: from the name to all numbers, and, as a slider
// would ask, the numbers alone.
namespace nanscope {
namespace {

CostRequest on_h100() {
  CostRequest request;
  request.device = *find_device(*load_devices(), "h100-sxm");
  return request;
}

void cost_by_name(benchmark::State& state, const char* name) {
  for (auto _ : state)
    benchmark::DoNotOptimize(estimate(find_transformer(name)->architecture, on_h100()));
}

void cost_again(benchmark::State& state, const char* name) {
  const Transformer transformer = find_transformer(name)->architecture;
  const CostRequest request = on_h100();
  for (auto _ : state) benchmark::DoNotOptimize(estimate(transformer, request));
}

void napkin(benchmark::State& state) {
  NapkinRequest request;
  request.parameters = 70e9;
  request.tokens = 15e12;
  request.devices = 1024;
  request.peak = 989.5e12;
  request.mfu = 0.5;
  for (auto _ : state) benchmark::DoNotOptimize(calculate(request));
}

BENCHMARK_CAPTURE(cost_by_name, deepseek_v3, "deepseek-v3");
BENCHMARK_CAPTURE(cost_again, deepseek_v3, "deepseek-v3");
BENCHMARK_CAPTURE(cost_again, llama_3_405b, "llama-3-405b");
BENCHMARK(napkin);

}  // namespace
}  // namespace nanscope
