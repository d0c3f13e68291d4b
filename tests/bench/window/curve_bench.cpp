#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "imgui.h"
#include "imgui_impl_null.h"
#include "ui/charts/curve.h"
#include "ui/charts/stroke.h"

// A line of a million points, as it is drawn in every frame.
namespace nanscope {
namespace {

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

  ImGui::CreateContext();
  ImGui_ImplNull_Init();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().DisplaySize = {1920, 1080};
  const Style style = make_style(ThemeId::light, load_fonts());
  std::size_t drawn = 0;
  for (auto _ : state) {
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
    ScreenCanvas canvas(*ImGui::GetBackgroundDrawList(), style);
    const std::vector<ImVec2> points = curve_points(frame, x, y);
    {
      const Clip clip(canvas, frame.low, frame.high);
      draw_stroke(canvas, points, {.color = style.palette.measured});
    }
    drawn = points.size();
    ImGui::Render();
  }
  state.counters["drawn"] = static_cast<double>(drawn);
  ImGui_ImplNull_Shutdown();
  ImGui::DestroyContext();
}
BENCHMARK(long_curve)
    ->ArgNames({"points", "log", "zoom"})
    ->Args({1'000'000, 0, 1})
    ->Args({1'000'000, 1, 1})
    ->Args({1'000'000, 1, 100})
    ->Args({10'000'000, 0, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nanscope
