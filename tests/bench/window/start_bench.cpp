#include <benchmark/benchmark.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench_window.h"
#include "engine/experiment/demos.h"
#include "engine/optimizers/paths.h"
#include "imgui_internal.h"

// The start of the Optimizers lab's paths under the pointer: from its move to the picture of the
// paths from there.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

class DraggedStart {
 public:
  explicit DraggedStart(const Experiment& experiment) : window_(experiment) {
    window_.begin([this] { return follows(); });
    const ImRect plot = place_of("loss_surface");
    middle_ = {plot.GetCenter().x, plot.GetCenter().y + plot.GetHeight() / 8};
    reach_ = plot.GetHeight() / 4;
    point();
    window_.frame();
    click();
    click();  // the axes may have shrunk after the first, when the start was far away
    ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, true);
    window_.frame();
  }

  /// Seconds from the move to the end of the frame that shows its paths.
  double move() {
    window_.rest();
    const Clock::time_point begin = Clock::now();
    const Pair before = paths()->of.start;
    turns_ += 0.3f;
    point();
    window_.frame();
    window_.draw_until([&] { return follows() && paths()->of.start != before; });
    return seconds_since(begin);
  }
  double frame_seconds() const { return window_.frame_seconds(); }

 private:
  std::shared_ptr<const Paths> paths() { return window_.drawn().latest<PathsRequest>(); }
  bool follows() {
    return paths() && paths()->of == paths_request(window_.shell().experiment().optimizers);
  }
  /// The start is there.
  void click() {
    for (const bool down : {true, false}) {
      ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, down);
      window_.frame();
    }
    for (int i = 0; i < 30; ++i) window_.frame();  // or the next press would make a double click
    window_.draw_until([this] { return follows(); });
  }
  void point() {
    ImGui::GetIO().AddMousePosEvent(middle_.x + reach_ * std::cos(turns_),
                                    middle_.y + reach_ * std::sin(turns_));
  }
  static ImRect place_of(std::string_view plot) {
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
      if (std::string_view(window->Name).find(plot) != std::string_view::npos)
        return window->Rect();
    throw std::runtime_error("no such plot");
  }

  BenchWindow window_;
  ImVec2 middle_;
  float reach_ = 0, turns_ = 0;
};

void drag_start(benchmark::State& state, const Experiment& experiment) {
  DraggedStart start(experiment);
  double all = 0, frame = 0;
  for (auto _ : state) {
    const double seconds = start.move();
    state.SetIterationTime(seconds);
    all += seconds;
    frame += start.frame_seconds();
  }
  state.counters["frame_ms"] = 1e3 * frame / static_cast<double>(state.iterations());
  state.counters["frames"] = all / frame;
}

}  // namespace

void register_start_benchmarks() {
  const auto demos = load_demos();
  if (!demos) throw std::runtime_error(to_string(demos.error()));
  for (const Demo& demo : *demos)
    if (demo.experiment.lab == LabName::optimizers)
      benchmark::RegisterBenchmark(("drag/" + demo.name).c_str(), drag_start, demo.experiment)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
}

}  // namespace nanscope
