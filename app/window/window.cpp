#include "app/window/window.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "app/window/glfw_window.h"
#include "app/window/open_folder.h"
#include "app/window/quit_signals.h"
#include "engine/session/session.h"
#include "ui/shell/shell.h"

namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Popups and layouts settle over this many frames after an event.
constexpr int kFramesAfterEvent = 3;
/// Tooltips come up by the clock: for so long after an event frames follow slowly.
constexpr Seconds kSlowTime{0.7}, kSlowFrame{0.05};
/// Where the swap does not wait for the display (Xvfb), frames come no faster than this.
constexpr Seconds kShortestFrame{1.0 / 60};

/// Waits for the next reason to draw, and decides how many frames it is worth.
class Pace {
 public:
  /// `needed` is when the content wants a frame by itself, in seconds.
  void wait(double needed) {
    if (frames_left_ > 0) {
      --frames_left_;
      std::this_thread::sleep_until(last_frame_ + kShortestFrame);
      glfwPollEvents();
    } else {
      const bool settling = Clock::now() - last_event_ < kSlowTime;
      if (settling) needed = std::min(needed, kSlowFrame.count());
      // What came in the last moment of a wait looked like its end: draw it out before sleeping.
      if (!settling && std::exchange(unsettled_, false)) {
        keep_awake();
        needed = 0;
      }
      wait_for_event(needed);
    }
    last_frame_ = Clock::now();
  }

  void keep_awake() { frames_left_ = kFramesAfterEvent; }

 private:
  void wait_for_event(double timeout) {
    if (timeout <= 0) {
      glfwPollEvents();
      return;
    }
    const Clock::time_point begin = Clock::now();
    if (std::isinf(timeout))
      glfwWaitEvents();
    else
      glfwWaitEventsTimeout(timeout);
    // Less than the whole time has gone by: something happened.
    if (Seconds(Clock::now() - begin).count() < timeout * 0.95) {
      last_event_ = Clock::now();
      unsettled_ = true;
      keep_awake();
    }
  }

  int frames_left_ = kFramesAfterEvent;
  bool unsettled_ = true;  ///< since the last event
  Clock::time_point last_event_ = Clock::now();
  std::chrono::time_point<Clock, Seconds> last_frame_ = Clock::now();
};

bool tracing() {
  const char* wanted = std::getenv("NANSCOPE_TRACE");
  return wanted && *wanted && *wanted != '0';
}

ShellOptions shell_options(const WindowOptions& options, Result<Settings> settings,
                           const std::string& path) {
  ShellOptions shell;
  shell.experiment = options.experiment;
  shell.document_path = options.document_path;
  shell.settings_path = path;
  if (settings)
    shell.settings = std::move(*settings);
  else
    shell.problem = settings.error();
  if (options.theme) shell.settings.theme = *options.theme;
  return shell;
}

}  // namespace

Result<WindowOutcome> run_window(const WindowOptions& options) {
  const Clock::time_point start = Clock::now();
  const std::string settings_path = default_settings_path();
  Result<Settings> settings = load_settings(settings_path);
  const WindowPlacement placement = settings ? settings->window : WindowPlacement{};

  // Before any other thread: they inherit the blocked signals.
  const QuitSignals quit([] { glfwPostEmptyEvent(); });
  Result<std::optional<GlfwWindow>> opened = GlfwWindow::open(placement);
  if (!opened) return tl::unexpected(opened.error());
  if (!*opened) return WindowOutcome::no_display;
  GlfwWindow& window = **opened;

  Session session(load_engine, [] { glfwPostEmptyEvent(); });
  Shell shell(shell_options(options, std::move(settings), settings_path), session,
              {.open_folder = open_folder,
               .close_window = [&] { window.request_close(true); },
               .display_scale = [&] { return window.display_scale(); },
               .toggle_fullscreen = [&] { window.toggle_fullscreen(); }});
  Pace pace;
  window.on_drop([&](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) shell.open_path(path);
    pace.keep_awake();
  });

  bool first = true;
  while (true) {
    const ImVec4& ground = palette_of(shell.theme()).window;
    window.frame([&] { shell.draw(); }, ground.x, ground.y, ground.z);
    shell.finish_frame();
    if (std::exchange(first, false) && tracing())
      fmt::print(stderr, "first frame {:.2f} s\n", Seconds(Clock::now() - start).count());
    window.set_title(shell.window_title());
    pace.wait(shell.seconds_to_next_frame());
    if (!window.close_requested() && !quit.came()) continue;
    shell.remember_window(window.placement());
    if (shell.confirm_close()) break;
  }
  return WindowOutcome::closed;
}

}  // namespace nanscope
