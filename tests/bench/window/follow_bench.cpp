#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>

#include "bench_window.h"
#include "engine/experiment/demos.h"
#include "tests/bench/busy_machine.h"

// From a moved control to the picture of its result.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

/// Moves the gain of a window of the Signal lab, up and down in turns.
class MovedGain {
 public:
  explicit MovedGain(const Experiment& experiment) : window_(experiment) {
    window_.begin([this] { return follows(); });
  }

  /// Seconds from the moved gain to the end of the frame that shows its pass.
  double move() {
    window_.rest();
    const Clock::time_point begin = Clock::now();
    turn();
    window_.frame();
    window_.draw_until([this] { return follows(); });
    return seconds_since(begin);
  }

  /// Seconds between two pictures of new passes while the gain moves before every frame, as in a
  /// drag.
  double drag() {
    const Clock::time_point begin = Clock::now();
    const auto before = window_.drawn().latest<SignalRequest>();
    do {
      turn();
      window_.next_frame();
    } while (window_.drawn().latest<SignalRequest>() == before);
    return seconds_since(begin);
  }

  double frame_seconds() const { return window_.frame_seconds(); }
  double pass_seconds() const { return window_.drawn().latest<SignalRequest>()->cost.seconds; }

 private:
  void turn() {
    up_ = !up_;
    window_.shell().run_action(up_ ? "run.gain_up" : "run.gain_down");
  }
  /// Whether the last frame shows the experiment.
  bool follows() {
    const auto signal = window_.drawn().latest<SignalRequest>();
    return signal && signal->experiment == window_.shell().experiment();
  }

  BenchWindow window_;
  bool up_ = false;
};

void follow_gesture(benchmark::State& state, const Experiment& experiment,
                    double (MovedGain::*gesture)()) {
  MovedGain gain(experiment);
  double pass = 0, frame = 0;
  for (auto _ : state) {
    state.SetIterationTime((gain.*gesture)());
    pass += gain.pass_seconds();
    frame += gain.frame_seconds();
  }
  const auto moves = static_cast<double>(state.iterations());
  state.counters["pass_ms"] = 1e3 * pass / moves;
  state.counters["frame_ms"] = 1e3 * frame / moves;
}

Experiment fifty_layers_of_512() {
  Experiment experiment;
  experiment.network.model.depth = 50;
  experiment.network.model.width = 512;
  experiment.data.batch = 64;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.device = DeviceKind::cpu;
  return experiment;
}

void add_gestures(const std::string& name, const Experiment& experiment) {
  for (const auto& [gesture, seconds] :
       {std::pair{"move/", &MovedGain::move}, {"drag/", &MovedGain::drag}})
    benchmark::RegisterBenchmark((gesture + name).c_str(), follow_gesture, experiment, seconds)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
}

/// A drag beside other programs that keep every core busy.
void drag_beside_loops(benchmark::State& state, const Experiment& experiment) {
  MovedGain gain(experiment);
  measure_beside_loops(state, [&] { return gain.drag(); });
}

}  // namespace

void register_follow_benchmarks() {
  const auto demos = load_demos();
  if (!demos) throw std::runtime_error(to_string(demos.error()));
  for (const Demo& demo : *demos)
    if (demo.experiment.lab == LabName::signal) add_gestures(demo.name, demo.experiment);
  add_gestures("50x512", fifty_layers_of_512());
  for (const Demo& demo : *demos)
    if (demo.name == "explode")
      benchmark::RegisterBenchmark("busy_drag/explode", drag_beside_loops, demo.experiment)
          ->ArgName("loops")
          ->DenseRange(0, 2)
          ->Iterations(5)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
}

}  // namespace nanscope
