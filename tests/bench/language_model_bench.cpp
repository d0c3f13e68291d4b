#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include "engine/network/measure_tensor.h"
#include "tests/engine/runs/language_trainer.h"

// A step of a transformer that learns bytes: 4 layers, width 128, length 128, batch 16, Adam, with
// and without statistics of every tap; beside it its products of rows and weights alone.
// pytorch_language.py measures the same in eager PyTorch with fused attention. Argument: threads.
namespace nanscope {
namespace {

LanguageRun bench_run(AttentionKind attention) {
  return {.model = {.kind = ModelKind::mlp,
                    .depth = 4,
                    .width = 128,
                    .norm = Norm::layernorm,
                    .bias = true},
          .transformer = {.heads = 4, .length = 128, .attention = attention},
          .init = {.scheme = InitScheme::normal, .gain = 0.02},
          .optimizer = {.kind = OptimizerKind::adam},
          .path = "README.md",
          .trained_bytes = 20000,
          .batch = 16};
}

void language_step(benchmark::State& state, AttentionKind attention, bool with_statistics) {
  at::set_num_threads(static_cast<int>(state.range(0)));
  const c10::InferenceMode without_autograd;
  LanguageTrainer trainer(bench_run(attention), NANSCOPE_SOURCE_DIR "/");
  Accumulator total;
  const Probe probe = [&](int, const PlanTap&, Direction, const at::Tensor& values) {
    total = total + accumulate_tensor(values, {.smallest_normal = 0x1p-126, .quick = true});
  };
  const Probe used = with_statistics ? probe : Probe();
  trainer.step(used);
  for (auto _ : state) trainer.step(used);
  benchmark::DoNotOptimize(total);
}

/// What rows and weights are multiplied there and back, into buffers that are there.
void language_products(benchmark::State& state) {
  at::set_num_threads(static_cast<int>(state.range(0)));
  const c10::InferenceMode without_autograd;
  struct Product {
    at::Tensor rows, weight, result, drows, dweight;
  };
  std::vector<Product> products;
  const auto add = [&](std::int64_t in, std::int64_t out) {
    products.push_back({at::randn({16 * 128, in}), at::randn({out, in}), at::empty({16 * 128, out}),
                        at::empty({16 * 128, in}), at::empty({out, in})});
  };
  for (int layer = 0; layer < 4; ++layer)
    for (const auto& [in, out] :
         {std::pair{128, 128}, {128, 128}, {128, 128}, {128, 128}, {128, 512}, {512, 128}})
      add(in, out);
  add(128, 256);
  for (auto _ : state)
    for (Product& one : products) {
      at::mm_out(one.result, one.rows, one.weight.t());
      at::mm_out(one.drows, one.result, one.weight);
      at::mm_out(one.dweight, one.result.t(), one.rows);
    }
}

void thread_counts(benchmark::internal::Benchmark* bench) {
  bench->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
}

BENCHMARK_CAPTURE(language_step, written, AttentionKind::written, false)->Apply(thread_counts);
BENCHMARK_CAPTURE(language_step, written_with_statistics, AttentionKind::written, true)
    ->Apply(thread_counts);
BENCHMARK_CAPTURE(language_step, fused, AttentionKind::fused, false)->Apply(thread_counts);
BENCHMARK_CAPTURE(language_step, fused_with_statistics, AttentionKind::fused, true)
    ->Apply(thread_counts);
BENCHMARK(language_products)->Apply(thread_counts);

}  // namespace
}  // namespace nanscope
