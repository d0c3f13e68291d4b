#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/session/session.h"
#include "ui/export/picture.h"
#include "ui/labs/work_notice.h"
#include "ui/shell/settings.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// What the shell needs of its host, the window or a test. A function that is empty is not used.
struct HostServices {
  std::function<void(const std::string&)> open_folder = {};
  std::function<void()> close_window = {};
  std::function<float()> display_scale = {};
  std::function<void()> toggle_fullscreen = {};
  /// Puts a PNG on the system's clipboard; called on another thread.
  std::function<Result<void>(const std::string& png)> copy_picture = {};
};

struct ShellOptions {
  /// What to show; nothing: the experiment in the settings, or the first demo.
  std::optional<Experiment> experiment = {};
  std::string document_path = {};  ///< the file that the experiment came from, or ""
  std::string state_path = {};     ///< a run's checkpoint of it, from which that goes on, or ""
  Settings settings = {};          ///< of the last session
  std::string settings_path = {};  ///< where they are kept; "" keeps none
  /// Something that went wrong before the window was there, to be shown in it.
  std::optional<Error> problem = {};
};

struct ShellState;

/// The whole window's content: menu, labs, inspector, status bar, dialogs, toasts. One object a
/// window; draw() once a frame on the thread with the ImGui context.
class Shell {
 public:
  Shell(ShellOptions options, Session& session, HostServices host);
  ~Shell();

  /// Between ImGui::NewFrame() and Render().
  void draw();
  /// Whether the experiment that draw() has drawn asks something new of the engine.
  bool has_request() const;
  /// Submits it. Otherwise finish_frame() does.
  void submit();
  /// After Render(), with the GL context current: submits what is not submitted, and draws pictures
  /// that were asked for. True if a texture of the window has new pixels.
  bool finish_frame();
  /// Opens a dropped or chosen file: an experiment, an exported picture, a table of data.
  void open_path(const std::string& path);
  /// Seconds until a frame is needed even if nothing happens: 0 at once, infinity never.
  double seconds_to_next_frame() const;
  /// Keeps what has to survive, waits for files that are being written, and says whether to leave.
  bool confirm_close();
  /// The host's part of the settings.
  void remember_window(const WindowPlacement& placement);

  /// "Small weights vanish - NaNscope", for the window's frame.
  std::string window_title() const;

  /// For tests and the host: the state behind the pixels.
  const Experiment& experiment() const;
  ThemeId theme() const;
  /// What the message bar says, or nothing.
  std::optional<Error> message() const;
  /// What stands above a picture that is not the experiment's, or null; how far that is dimmed,
  /// 0..1.
  const WorkNotice* notice() const;
  float dimming() const;
  /// Runs an action by its id ("edit.undo"); false if there is none or it is not available now.
  bool run_action(std::string_view id);

 private:
  std::unique_ptr<ShellState> state_;
};

}  // namespace nanscope
