#include <benchmark/benchmark.h>

#include <cmath>
#include <ctime>
#include <stdexcept>
#include <string>

#include "bench_window.h"
#include "engine/experiment/demos.h"
#include "engine/optimizers/paths.h"

// What it costs to move the mouse over plots where nothing else happens.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// A second of a mouse that sends 125 positions a second: which share of a core it takes.
void hover(benchmark::State& state, const Experiment& experiment) {
  BenchWindow window(experiment);
  window.begin([&] {
    const auto signal = window.drawn().latest<SignalRequest>();
    const auto paths = window.drawn().latest<PathsRequest>();
    if (experiment.lab == LabName::optimizers) return paths != nullptr;
    return signal && signal->experiment == window.shell().experiment();
  });
  double processor = 0;
  int frames = 0;
  for (auto _ : state) {
    window.rest();
    const Clock::time_point begin = Clock::now();
    const double before = processor_seconds();
    const auto position = [&] {
      // To and fro over the plots in the middle of the window.
      const double turns = seconds_since(begin);
      return ImVec2{static_cast<float>(600 + 250 * std::sin(4 * turns)),
                    static_cast<float>(450 + 200 * std::sin(5 * turns))};
    };
    window.move_mouse(position);
    while (seconds_since(begin) < 1) {
      window.next_frame();
      ++frames;
    }
    window.move_mouse({});
    processor += processor_seconds() - before;
    state.SetIterationTime(seconds_since(begin));
  }
  const auto seconds = static_cast<double>(state.iterations());
  state.counters["core_%"] = 100 * processor / seconds;
  state.counters["frames"] = frames / seconds;
  state.counters["frame_ms"] = 1e3 * window.frame_seconds();
}

}  // namespace

void register_hover_benchmarks() {
  const auto demos = load_demos();
  if (!demos) throw std::runtime_error(to_string(demos.error()));
  for (const Demo& demo : *demos)
    if (demo.name == "explode" || demo.experiment.lab == LabName::optimizers)
      benchmark::RegisterBenchmark(("hover/" + demo.name).c_str(), hover, demo.experiment)
          ->Iterations(3)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
}

}  // namespace nanscope
