#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "app/headless/headless_context.h"
#include "app/window/frame_pace.h"
#include "engine/experiment/demos.h"
#include "engine/loader/loader.h"
#include "engine/session/session.h"
#include "imgui.h"
#include "imgui_impl_opengl3.h"
#include "implot.h"
#include "ui/export/framebuffer.h"
#include "ui/export/gl.h"
#include "ui/shell/shell.h"

// From a moved control to the picture of its result: the real shell on the real session, drawn by
// the GL driver that is there into a window of 1440 x 900 pixels without a screen.
namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int kWidth = 1440, kHeight = 900;

/// The window's loop (app/window/window.cpp) without a window.
class Window {
 public:
  explicit Window(const Experiment& experiment)
      : gl_(or_throw(HeadlessContext::create())),
        pace_({.wait_for_events = [this](double seconds) { wait(seconds); },
               .pass_under_way = [this] { return session_->busy(); },
               .draws_on_processor = draws_on_processor(gl_.renderer())}) {
    ImGui::CreateContext();
    ImPlot::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
    io.DisplaySize = {kWidth, kHeight};
    ImGui_ImplOpenGL3_Init("#version 330 core");
    target_.emplace(or_throw(Framebuffer::create(kWidth, kHeight)));
    session_.emplace(load_engine, [this] { wake(); });
    shell_.emplace(ShellOptions{.experiment = experiment}, *session_, HostServices{});
    while (!follows()) next_frame();
    for (int i = 0; i < 10; ++i) next_frame();  // the layout settles
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window() {
    shell_.reset();
    session_.reset();
    target_.reset();
    ImGui_ImplOpenGL3_Shutdown();
    ImPlot::DestroyContext();
    ImGui::DestroyContext();
  }

  /// Seconds from the moved gain to the end of the frame that shows its pass.
  double move_gain() {
    up_ = !up_;
    const Clock::time_point begin = Clock::now();
    shell_->run_action(up_ ? "run.gain_up" : "run.gain_down");
    frame();
    while (!follows()) next_frame();
    return Seconds(Clock::now() - begin).count();
  }

  /// Seconds between two pictures of new passes while the gain moves before every frame, as in a
  /// drag.
  double drag_gain() {
    const Clock::time_point begin = Clock::now();
    const auto before = drawn_;
    do {
      up_ = !up_;
      shell_->run_action(up_ ? "run.gain_up" : "run.gain_down");
      next_frame();
    } while (drawn_ == before);
    return Seconds(Clock::now() - begin).count();
  }

  double frame_seconds() const { return frame_seconds_; }
  double pass_seconds() const { return drawn_->cost.seconds; }

 private:
  template <class T>
  static T or_throw(Result<T> result) {
    if (!result) throw std::runtime_error(to_string(result.error()));
    return std::move(*result);
  }

  /// Whether the last frame shows the experiment.
  bool follows() const {
    if (const auto message = shell_->message()) throw std::runtime_error(to_string(*message));
    return drawn_ && drawn_->experiment == shell_->experiment();
  }

  void wake() {
    const std::scoped_lock lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

  /// The session's word is the only event.
  void wait(double seconds) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, Seconds(std::min(seconds, 1.0)), [this] { return woken_; });
    woken_ = false;
  }

  void next_frame() {
    pace_.wait(shell_->seconds_to_next_frame());
    frame();
  }

  void frame() {
    const Clock::time_point begin = Clock::now();
    // Taken before the shell takes it: what the frame shows is at least as new.
    std::shared_ptr<const SignalSnapshot> newest = session_->view().results.signal;
    ImGui::GetIO().DeltaTime = 1.0f / 60;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    shell_->draw();
    const FrameOrder order = pace_.order(shell_->has_request());
    if (order != FrameOrder::draw_and_submit) shell_->submit();
    if (order == FrameOrder::submit) return ImGui::EndFrame();
    ImGui::Render();
    target_->clear(palette_of(shell_->theme()).window);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    glFinish();
    drawn_ = std::move(newest);
    shell_->finish_frame();
    frame_seconds_ = Seconds(Clock::now() - begin).count();
  }

  HeadlessContext gl_;
  FramePace pace_;
  std::optional<Framebuffer> target_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::optional<Session> session_;
  std::optional<Shell> shell_;
  std::shared_ptr<const SignalSnapshot> drawn_;
  double frame_seconds_ = 0;
  bool up_ = false;
};

void run(benchmark::State& state, const Experiment& experiment, double (Window::*gesture)()) {
  Window window(experiment);
  double pass = 0, frame = 0;
  for (auto _ : state) {
    state.SetIterationTime((window.*gesture)());
    pass += window.pass_seconds();
    frame += window.frame_seconds();
  }
  const auto moves = static_cast<double>(state.iterations());
  state.counters["pass_ms"] = 1e3 * pass / moves;
  state.counters["frame_ms"] = 1e3 * frame / moves;
}

Experiment fifty_layers_of_512() {
  Experiment experiment;
  experiment.model.depth = 50;
  experiment.model.width = 512;
  experiment.batch = 64;
  experiment.init.scheme = InitScheme::kaiming;
  experiment.device = DeviceKind::cpu;
  return experiment;
}

}  // namespace
}  // namespace nanscope

int main(int argc, char** argv) {
  using namespace nanscope;
  limit_spinning();
  const auto add = [](const std::string& name, const Experiment& experiment) {
    for (const auto& [gesture, seconds] :
         {std::pair{"move/", &Window::move_gain}, {"drag/", &Window::drag_gain}})
      benchmark::RegisterBenchmark((gesture + name).c_str(), run, experiment, seconds)
          ->UseManualTime()
          ->Unit(benchmark::kMillisecond);
  };
  const auto demos = load_demos();
  if (!demos) {
    fmt::print(stderr, "{}\n", to_string(demos.error()));
    return 1;
  }
  for (const Demo& demo : *demos)
    if (demo.experiment.lab == LabName::signal) add(demo.name, demo.experiment);
  add("50x512", fifty_layers_of_512());
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
