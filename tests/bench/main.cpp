#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/engine.h"

/// LibTorch is linked here, and its threads learn how long to spin before main(): the program
/// starts once more with what limit_spinning() sets.
int main(int argc, char** argv) {
  constexpr const char* kAgain = "NANSCOPE_BENCH_AGAIN";
  if (std::getenv(kAgain) == nullptr) {
    nanscope::limit_spinning();
    setenv(kAgain, "1", /*overwrite=*/1);
    execv("/proc/self/exe", argv);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
