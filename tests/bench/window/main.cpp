#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <exception>

#include "bench_window.h"
#include "engine/loader/loader.h"

int main(int argc, char** argv) try {
  nanscope::limit_spinning();
  nanscope::register_follow_benchmarks();
  nanscope::register_typing_benchmarks();
  nanscope::register_hover_benchmarks();
  nanscope::register_run_benchmarks();
  nanscope::register_start_benchmarks();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
} catch (const std::exception& problem) {
  fmt::print(stderr, "{}\n", problem.what());
  return 1;
}
