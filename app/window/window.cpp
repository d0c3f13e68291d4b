#include "app/window/window.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "app/window/copy_picture.h"
#include "app/window/frame_pace.h"
#include "app/window/glfw_window.h"
#include "app/window/input_queue.h"
#include "app/window/open_folder.h"
#include "app/window/quit_signals.h"
#include "engine/session/session.h"
#include "ui/export/gl.h"
#include "ui/shell/shell.h"

namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

void wait_for_events(double seconds) {
  if (seconds <= 0)
    glfwPollEvents();
  else if (std::isinf(seconds))
    glfwWaitEvents();
  else
    glfwWaitEventsTimeout(seconds);
}

bool tracing() {
  const char* wanted = std::getenv("NANSCOPE_TRACE");
  return wanted && *wanted && *wanted != '0';
}

ShellOptions shell_options(const WindowOptions& options, Result<Settings> settings,
                           const std::string& path) {
  ShellOptions shell;
  shell.experiment = options.experiment;
  shell.document_path = options.document_path;
  shell.state_path = options.state_path;
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
               .toggle_fullscreen = [&] { window.toggle_fullscreen(); },
               .copy_picture = copy_picture});
  FramePace pace({.wait_for_events = &wait_for_events,
                  .pass_under_way = [&] { return session.busy(); },
                  .draws_on_processor = draws_on_processor(gl_renderer()),
                  .only_pointer_moved = &only_pointer_moved});
  window.on_drop([&](const std::vector<std::string>& paths) {
    for (const std::string& path : paths) shell.open_path(path);
    pace.keep_awake();
  });

  bool first = true;
  while (true) {
    const ImVec4& ground = palette_of(shell.theme()).window;
    const auto content = [&] {
      shell.draw();
      const FrameOrder order = pace.order(shell.has_request());
      if (order != FrameOrder::draw_and_submit) shell.submit();
      return order != FrameOrder::submit;
    };
    window.frame(content, ground);
    if (shell.finish_frame()) window.forget_frame();
    if (std::exchange(first, false) && tracing())
      fmt::print(stderr, "first frame {:.2f} s\n", Seconds(Clock::now() - start).count());
    window.set_title(shell.window_title());
    if (inputs_wait()) pace.keep_awake();
    pace.wait(shell.seconds_to_next_frame());
    if (!window.close_requested() && !quit.came()) continue;
    shell.remember_window(window.placement());
    if (shell.confirm_close()) break;
  }
  return WindowOutcome::closed;
}

}  // namespace nanscope
