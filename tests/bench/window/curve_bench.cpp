#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/recipe/run_history.h"
#include "imgui.h"
#include "imgui_impl_null.h"
#include "ui/charts/curve.h"
#include "ui/charts/stroke.h"
#include "ui/labs/training/figure.h"
#include "ui/labs/training/plots/run_curves.h"

// A line of a million points, and a run of a million steps, as they are drawn in every frame.
namespace nanscope {
namespace {

/// Dear ImGui's frames without a window.
class NullFrames {
 public:
  NullFrames() {
    ImGui::CreateContext();
    ImGui_ImplNull_Init();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().DisplaySize = {1920, 1080};
    style_ = make_style(ThemeId::light, load_fonts());
  }
  NullFrames(const NullFrames&) = delete;
  NullFrames& operator=(const NullFrames&) = delete;
  ~NullFrames() {
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
  }

  template <class Draw>
  void frame(const Draw& draw) const {
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
    ScreenCanvas canvas(*ImGui::GetBackgroundDrawList(), style_);
    draw(canvas);
    ImGui::Render();
  }

 private:
  Style style_;
};

/// A loss that falls over many steps, with noise and a stretch of NaN.
std::vector<double> noisy_loss(std::size_t count) {
  std::mt19937 random(1);
  std::lognormal_distribution<double> noise(0, 0.5);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = noise(random) / std::sqrt(1 + static_cast<double>(i) / 1000);
  for (std::size_t i = count / 2; i < count / 2 + count / 100; ++i) values[i] = NAN;
  return values;
}

/// Arguments: points, whether the y axis is logarithmic, how many times as close.
void long_curve(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<double> y = noisy_loss(count);
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<double>(i);
  ChartFrame frame;
  const double span = static_cast<double>(count) / static_cast<double>(state.range(2));
  frame.x.limits = {static_cast<double>(count) / 3, static_cast<double>(count) / 3 + span};
  if (state.range(2) == 1) frame.x.limits = {0, span};
  frame.y = {.log_base = state.range(1) ? 10 : 0, .limits = {-4, 4}};
  frame.low = {0, 0};
  frame.high = {1600, 800};

  const NullFrames frames;
  std::size_t drawn = 0;
  for (auto _ : state)
    frames.frame([&](ScreenCanvas& canvas) {
      const std::vector<ImVec2> points = curve_points(frame, x, y);
      const Clip clip(canvas, frame.low, frame.high);
      draw_stroke(canvas, points, {.color = canvas.style().palette.measured});
      drawn = points.size();
    });
  state.counters["drawn"] = static_cast<double>(drawn);
}
BENCHMARK(long_curve)
    ->ArgNames({"points", "log", "zoom"})
    ->Args({1'000'000, 0, 1})
    ->Args({1'000'000, 1, 1})
    ->Args({1'000'000, 1, 100})
    ->Args({10'000'000, 0, 1})
    ->Unit(benchmark::kMillisecond);

/// A million steps of which each looked at fifty layers.
RunSummary million_steps() {
  constexpr std::size_t kSteps = 1'000'000;
  const std::vector<double> loss = noisy_loss(kSteps);
  auto history = std::make_shared<RunHistory>();
  RunStep step{.lr = 1e-3};
  for (int layer = 1; layer <= 50; ++layer)
    step.layers.push_back(
        {"linear " + std::to_string(layer), {{"activation", {.variance = 1.0 / layer}}}, 1e-3});
  for (std::size_t i = 0; i < kSteps; ++i) {
    step.step = static_cast<std::int64_t>(i);
    step.loss = loss[i];
    step.grad_norm = 2 * loss[i];
    history->add(step);
    history->seconds.push_back(1e-3 * static_cast<double>(i + 1));
  }
  RunSummary run;
  run.experiment.lab = LabName::training;
  run.experiment.training.steps = static_cast<int>(kSteps);
  run.steps = run.goal = kSteps;
  run.seconds = history->seconds.back();
  run.last = step;
  run.history = std::move(history);
  return run;
}

/// All plots of a run: placed, drawn, and read where the pointer is, as in a frame of the window.
/// Argument: whether curves are smoothed and drawn over seconds.
void long_run(benchmark::State& state) {
  RunPicture picture{.run = std::make_shared<const RunSummary>(million_steps()),
                     .memo = std::make_shared<CurveMemo>()};
  if (state.range(0) != 0) {
    picture.view.x = RunAxis::seconds;
    picture.view.smoothing = 0.99;
  }
  const PlotPlace place{{50, 50}, {800, 400}};
  const NullFrames frames;
  for (auto _ : state)
    frames.frame([&](ScreenCanvas& canvas) {
      picture.memo->begin_frame();
      for (const FigurePlot& plot : training_figure(picture).plots) {
        benchmark::DoNotOptimize(plot.plot.frame(canvas.style(), place));
        plot.plot.draw(canvas, place);
        benchmark::DoNotOptimize(plot.plot.read(canvas.style(), place, {400, 250}));
      }
    });
}
BENCHMARK(long_run)->ArgName("smoothed")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nanscope
