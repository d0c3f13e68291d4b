#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/headless/headless_context.h"
#include "engine/experiment/demos.h"
#include "engine/probes/signal_request.h"
#include "engine/roundoff/roundoff_request.h"
#include "engine/session/session.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/memory_timings.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "ui/export/framebuffer.h"
#include "ui/shell/shell.h"

namespace nanscope {

struct HarnessOptions {
  ShellOptions shell = {};
  EngineLoader loader = load_engine;
  ImVec2 size{1280, 800};
  float display_scale = 1;
  /// Draws a frame over a ground, in place of Dear ImGui's backend. `new_pixels`: a texture has
  /// some since the frame before.
  std::function<void(ImDrawData& data, const ImVec4& ground, bool new_pixels)> draw = {};
};

/// A lab with one of its keys set.
HarnessOptions showing(LabName lab, const std::string& key = "", const std::string& value = "");
const std::vector<Demo>& all_demos();
/// The one of that name; throws where there is none.
const Demo& demo_named(std::string_view name);
/// A window of this theme and size.
HarnessOptions themed_window(ThemeId theme, ImVec2 size);

/// Where a plot's card is.
ImRect chart_of(ImGuiTestContext& person, std::string_view plot);
/// Whether a window is on the screen.
bool is_seen(ImGuiTestContext& person, const char* window);

/// The real shell on the real session, in a window that nobody sees, driven by Dear ImGui Test
/// Engine.
class WindowHarness {
 public:
  explicit WindowHarness(HarnessOptions options = {});
  ~WindowHarness();
  WindowHarness(const WindowHarness&) = delete;
  WindowHarness& operator=(const WindowHarness&) = delete;

  /// Runs `steps` as a person who moves the mouse and types; frames go on meanwhile. Fails the test
  /// if an item that the steps name is not there.
  void run(const std::function<void(ImGuiTestContext&)>& steps);

  Shell& shell() { return *shell_; }
  Session& session() { return *session_; }
  /// The folder that the shell asked to open, or "".
  const std::string& opened_folder() const { return opened_folder_; }
  bool close_asked() const { return close_asked_; }
  /// The PNG that the shell put on the clipboard, or "".
  std::string copied_picture() const {
    const std::lock_guard lock(copied_);
    return copied_picture_;
  }

  /// Frames until the plots show the shell's experiment; false after minutes.
  bool wait_for_pass(ImGuiTestContext& context);
  /// Frames until `reached`; false after minutes.
  bool wait_until(ImGuiTestContext& context, const std::function<bool()>& reached);

  /// Frames until a request of this kind has a result; false after minutes.
  template <class Request>
  bool wait_for_result(ImGuiTestContext& context) {
    const bool came = wait_until(context, [&] {
      const SessionView view = session().view();
      return !view.working() && view.results.template latest<Request>() != nullptr;
    });
    context.Yield(2);  // the frame that shows it
    return came;
  }

  /// One frame.
  void frame();
  /// From the next frame on.
  void resize(ImVec2 size) { options_.size = size; }
  /// Writes the next frame's picture there: to look at, from within run() too.
  void picture(const std::string& png) { picture_ = png; }
  /// The pixels of the next frame.
  const Pixels& look(ImGuiTestContext& context);

 private:
  HarnessOptions options_;
  HeadlessContext gl_;
  ImGuiTestEngine* engine_ = nullptr;
  std::string picture_;
  std::optional<Pixels> pixels_;
  bool look_wanted_ = false;
  bool new_pixels_ = false;
  std::string opened_folder_;
  bool close_asked_ = false;
  mutable std::mutex copied_;
  std::string copied_picture_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Shell> shell_;
};

/// A fresh folder under the system's temporary one, removed with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace nanscope
