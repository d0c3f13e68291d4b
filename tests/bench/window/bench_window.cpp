#include "bench_window.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "app/window/input_queue.h"
#include "engine/loader/loader.h"
#include "imgui.h"
#include "imgui_impl_opengl3.h"
#include "ui/export/gl.h"

namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kWidth = 1440, kHeight = 900;
constexpr std::chrono::milliseconds kBetweenPositions(8);

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(to_string(result.error()));
  return std::move(*result);
}

}  // namespace

BenchWindow::BenchWindow(const Experiment& experiment)
    : gl_(or_throw(HeadlessContext::create())),
      pace_({.wait_for_events = [this](double seconds) { wait(seconds); },
             .pass_under_way = [this] { return session_->busy(); },
             .draws_on_processor = draws_on_processor(gl_.renderer()),
             .only_pointer_moved = &only_pointer_moved}) {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_DockingEnable | ImGuiConfigFlags_NavEnableKeyboard;
  io.DisplaySize = {kWidth, kHeight};
  ImGui_ImplOpenGL3_Init("#version 330 core");
  kept_.emplace();
  target_.emplace(or_throw(Framebuffer::create(kWidth, kHeight)));
  into_.emplace(*target_);
  session_.emplace(load_engine, [this] { wake(); });
  shell_.emplace(ShellOptions{.experiment = experiment}, *session_, HostServices{});
}

BenchWindow::~BenchWindow() {
  shell_.reset();
  session_.reset();
  kept_.reset();
  into_.reset();
  target_.reset();
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

void BenchWindow::draw_until(const std::function<bool()>& reached) {
  while (!reached()) {
    if (const auto message = shell_->message()) throw std::runtime_error(to_string(*message));
    if (const auto error = session_->view().engine_error)
      throw std::runtime_error(to_string(*error));
    next_frame();
  }
}

void BenchWindow::begin(const std::function<bool()>& reached) {
  draw_until(reached);
  for (int i = 0; i < 10; ++i) frame();
}

void BenchWindow::wake() {
  const std::scoped_lock lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

/// The session's word is an event, and where the mouse is.
void BenchWindow::wait(double seconds) {
  std::unique_lock lock(mutex_);
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(std::min(seconds, 1.0)));
  changed_.wait_until(lock, mouse_ ? std::min(end, next_mouse_) : end, [this] { return woken_; });
  woken_ = false;
  if (!mouse_ || Clock::now() < next_mouse_) return;
  next_mouse_ = std::max(next_mouse_ + kBetweenPositions, Clock::now());
  const ImVec2 position = mouse_();
  ImGui::GetIO().AddMousePosEvent(position.x, position.y);
}

void BenchWindow::next_frame() {
  pace_.wait(shell_->seconds_to_next_frame());
  frame();
}

void BenchWindow::rest() {
  for (int i = 0; i < 5; ++i) pace_.wait(0);  // the frames after an event, and the one it wakes for
}

void BenchWindow::frame() {
  const Clock::time_point begin = Clock::now();
  // Taken before the shell takes it: what the frame shows is at least as new.
  JobResults newest = session_->view().results;
  ImGui::GetIO().DeltaTime = 1.0f / 60;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  shell_->draw();
  const FrameOrder order = pace_.order(shell_->has_request());
  if (order != FrameOrder::draw_and_submit) shell_->submit();
  if (order == FrameOrder::submit) return ImGui::EndFrame();
  ImGui::Render();
  kept_->draw(*ImGui::GetDrawData(), palette_of(shell_->theme()).window);
  glFinish();
  drawn_ = std::move(newest);
  if (shell_->finish_frame()) kept_->forget();
  frame_seconds_ = seconds_since(begin);
}

}  // namespace nanscope
