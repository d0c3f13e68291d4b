#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/session/session.h"
#include "ui/export/picture.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// What the shell needs of its host, the window or a test.
struct HostServices {
  std::function<void(const std::string&)> open_folder;
  std::function<void()> close_window;
  std::function<float()> display_scale;
  std::function<void()> toggle_fullscreen;
};

struct ShellOptions {
  Experiment experiment;
  std::string settings_path;  ///< "" keeps no settings
  std::string document_path;  ///< the file that the experiment came from, or ""
};

/// The whole window's content: menu, labs, inspector, status bar, dialogs, toasts. One object a
/// window; draw() once a frame on the thread with the ImGui context.
class Shell {
 public:
  Shell(ShellOptions options, Session& session, HostServices host);
  ~Shell();

  void draw();
  /// Opens a dropped or chosen file: an experiment, an exported picture, a table of data.
  void open_path(const std::string& path);
  /// True while something moves by itself (a toast, a pass under way) and frames must follow.
  bool animating() const;
  /// True if the person may leave without losing work; asks otherwise.
  bool confirm_close();

  /// For tests and the host: the state behind the pixels.
  const Experiment& experiment() const;
  ThemeId theme() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nanscope
