#include <benchmark/benchmark.h>

#include <thread>

#include "bench_window.h"
#include "engine/recipe/training_request.h"

// The window beside a run at full speed: how many frames a second it draws, and what they cost the
// run.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSeconds = 2;  ///< of each of the two phases of a round

/// A run without an end, whose layers are looked at in every tenth step.
Experiment endless(int depth, int width, int batch) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = depth, .width = width};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = batch;
  experiment.training.optimizer.lr = 1e-6;
  experiment.training.steps = 1'000'000;
  experiment.training.statistics = 10;
  return experiment;
}

class WatchedRun {
 public:
  explicit WatchedRun(const Experiment& experiment) : window_(experiment) {
    window_.begin([this] { return steps() > 50; });
  }

  struct Rates {
    double steps = 0, frames = 0;  ///< a second
  };
  /// Frames as they come, or, where nobody looks, none but at the beginning and the end.
  Rates measure(bool looks) {
    const std::int64_t before = newest();
    const Clock::time_point begin = Clock::now();
    int frames = 0;
    if (!looks) std::this_thread::sleep_for(std::chrono::duration<double>(kSeconds));
    while (looks && seconds_since(begin) < kSeconds) {
      window_.next_frame();
      ++frames;
    }
    const double seconds = seconds_since(begin);
    return {static_cast<double>(newest() - before) / seconds, frames / seconds};
  }
  double frame_seconds() const { return window_.frame_seconds(); }

 private:
  std::int64_t steps() const {
    const auto run = window_.drawn().latest<TrainingRequest>();
    return run ? run->steps : 0;
  }
  /// Steps that the run has told of.
  std::int64_t newest() {
    window_.frame();
    window_.frame();
    return steps();
  }

  BenchWindow window_;
};

/// Arguments: depth, width, batch.
void beside_a_run(benchmark::State& state) {
  WatchedRun run(endless(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)),
                         static_cast<int>(state.range(2))));
  WatchedRun::Rates alone, seen;
  for (auto _ : state) {
    const Clock::time_point begin = Clock::now();
    const auto quiet = run.measure(false), watched = run.measure(true);
    alone.steps += quiet.steps;
    seen.steps += watched.steps;
    seen.frames += watched.frames;
    state.SetIterationTime(seconds_since(begin));
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["frames/s"] = seen.frames / rounds;
  state.counters["frame_ms"] = 1e3 * run.frame_seconds();
  state.counters["steps/s"] = seen.steps / rounds;
  state.counters["steps/s_alone"] = alone.steps / rounds;
  state.counters["cost_%"] = 100 * (1 - seen.steps / alone.steps);
}

}  // namespace

void register_run_benchmarks() {
  benchmark::RegisterBenchmark("beside_a_run", beside_a_run)
      ->ArgNames({"depth", "width", "batch"})
      ->Args({8, 64, 64})
      ->Args({50, 128, 64})
      ->Args({20, 256, 128})
      ->Iterations(3)
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond);
}

}  // namespace nanscope
