#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "engine/probes/signal_request.h"
#include "engine/session/run_request.h"
#include "tests/bench/busy_machine.h"

extern "C" nanscope::Engine* nanscope_make_engine(std::string* reason);

// A pass beside other programs that keep every core busy.
namespace nanscope {
namespace {

void busy_signal(benchmark::State& state) {
  std::string reason;
  const std::unique_ptr<Engine> engine(nanscope_make_engine(&reason));
  if (!engine) return state.SkipWithError(reason.c_str());
  SignalRequest request{.experiment = {}, .histogram = std::nullopt};
  request.experiment.network.model.depth = 50;
  request.experiment.network.model.width = 256;
  request.experiment.data.batch = 128;
  request.experiment.network.device = DeviceKind::cpu;
  measure_beside_loops(state, [&] {
    request.experiment.network.init.gain = request.experiment.network.init.gain == 1 ? 0.999 : 1;
    const auto snapshot = answer(*engine, request);
    return snapshot ? snapshot->cost.seconds : 0;
  });
}

BENCHMARK(busy_signal)
    ->ArgName("loops")
    ->Arg(0)
    ->Arg(1)
    ->Arg(2)
    ->Iterations(5)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nanscope
