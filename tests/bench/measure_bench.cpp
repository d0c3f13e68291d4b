#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "engine/network/measure_tensor.h"

// The statistics kernels on 1 MiB that stays in the second-level cache, one thread. Items a second
// are elements.
namespace nanscope {
namespace {

constexpr std::int64_t kBytes = 1 << 20;

at::Tensor values_of(at::ScalarType type) {
  return at::randn({kBytes / static_cast<std::int64_t>(c10::elementSize(type))}).to(type);
}

void count_items(benchmark::State& state, const at::Tensor& values) {
  state.SetItemsProcessed(state.iterations() * values.numel());
}

void statistics(benchmark::State& state, const at::Tensor& values, double smallest_normal) {
  at::set_num_threads(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        accumulate_tensor(values, {.smallest_normal = smallest_normal, .quick = true}));
  count_items(state, values);
}

void histogram(benchmark::State& state, const at::Tensor& values) {
  at::set_num_threads(1);
  for (auto _ : state) benchmark::DoNotOptimize(tensor_histogram(values));
  count_items(state, values);
}

void sizes(benchmark::State& state, const at::Tensor& values) {
  at::set_num_threads(1);
  std::vector<std::int64_t> bins;
  for (auto _ : state) add_exponents(values, bins, Signs::together);
  benchmark::DoNotOptimize(bins);
  count_items(state, values);
}

BENCHMARK_CAPTURE(statistics, fp32, values_of(at::kFloat), 0x1p-126);
BENCHMARK_CAPTURE(statistics, fp32_after_relu, values_of(at::kFloat).relu_(), 0x1p-126);
BENCHMARK_CAPTURE(statistics, fp64, values_of(at::kDouble), 0x1p-1022);
BENCHMARK_CAPTURE(statistics, bf16, values_of(at::kBFloat16), 0x1p-126);
BENCHMARK_CAPTURE(statistics, fp16, values_of(at::kHalf), 0x1p-14);
BENCHMARK_CAPTURE(histogram, fp32, values_of(at::kFloat));
BENCHMARK_CAPTURE(histogram, bf16, values_of(at::kBFloat16));
BENCHMARK_CAPTURE(sizes, fp32, values_of(at::kFloat));

}  // namespace
}  // namespace nanscope
