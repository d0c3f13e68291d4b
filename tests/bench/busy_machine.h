#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/bench/busy_loops.h"

namespace nanscope {

/// Reports what work() takes beside state.range(0) busy loops a core, and how many times as long
/// that is as without them: both in turns, so that what else the machine does meets both. work()
/// returns seconds; medians of five.
template <class Work>
void measure_beside_loops(benchmark::State& state, const Work& work) {
  constexpr int kTimes = 5;
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto median = [&] {
    for (int i = 0; i < kTimes; ++i) work();  // until the load before is forgotten
    std::vector<double> seconds;
    for (int i = 0; i < kTimes; ++i) seconds.push_back(work());
    std::ranges::nth_element(seconds, seconds.begin() + kTimes / 2);
    return seconds[kTimes / 2];
  };
  double idle = 0, busy = 0;
  for (auto _ : state) {
    const double alone = median();
    const BusyLoops loops(cores * static_cast<int>(state.range(0)));
    const double beside = median();
    idle += alone;
    busy += beside;
    state.SetIterationTime(beside);
  }
  const auto times = static_cast<double>(state.iterations());
  state.counters["idle_ms"] = 1e3 * idle / times;
  state.counters["times_idle"] = busy / idle;
}

}  // namespace nanscope
