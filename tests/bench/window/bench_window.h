#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "app/headless/headless_context.h"
#include "app/window/frame_pace.h"
#include "app/window/kept_frame.h"
#include "engine/probes/signal_request.h"
#include "engine/session/session.h"
#include "engine/tensor_language/chain.h"
#include "imgui.h"
#include "ui/export/framebuffer.h"
#include "ui/shell/shell.h"

namespace nanscope {

/// The window's loop (app/window/window.cpp) without a window: the real shell on the real session,
/// drawn by the GL driver that is there into 1440 x 900 pixels.
class BenchWindow {
 public:
  explicit BenchWindow(const Experiment& experiment);
  BenchWindow(const BenchWindow&) = delete;
  BenchWindow& operator=(const BenchWindow&) = delete;
  ~BenchWindow();

  Shell& shell() { return *shell_; }
  /// What the last frame that was drawn shows, or something newer than that.
  const JobResults& drawn() const { return drawn_; }
  double frame_seconds() const { return frame_seconds_; }

  void frame();
  /// From now on the mouse sends its position 125 times a second, or no longer.
  void move_mouse(std::function<ImVec2()> position) { mouse_ = std::move(position); }
  /// Until no frame is due, as before an event: what is timed afterwards begins with one.
  void rest();
  /// Waits for the session's word or for the time of the next frame, and draws it.
  void next_frame();
  /// Frames until `reached`, which is about what is drawn. A message of the shell ends them, and an
  /// engine that cannot be opened: throws.
  void draw_until(const std::function<bool()>& reached);
  /// The same for the first picture, after which the layout settles.
  void begin(const std::function<bool()>& reached);

 private:
  void wake();
  void wait(double seconds);

  HeadlessContext gl_;
  FramePace pace_;
  std::optional<Framebuffer> target_;
  std::optional<DrawInto> into_;
  std::optional<KeptFrame> kept_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::function<ImVec2()> mouse_;
  std::chrono::steady_clock::time_point next_mouse_;
  std::optional<Session> session_;
  std::optional<Shell> shell_;
  JobResults drawn_;
  double frame_seconds_ = 0;
};

/// Seconds since a moment.
inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void register_follow_benchmarks();
void register_typing_benchmarks();
void register_hover_benchmarks();
void register_run_benchmarks();
void register_start_benchmarks();

}  // namespace nanscope
