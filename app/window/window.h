#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "ui/theme/theme.h"

namespace nanscope {

struct WindowOptions {
  /// What to show; nothing: the experiment of the last session, or the first demo.
  std::optional<Experiment> experiment;
  std::string document_path;     ///< the file that the experiment came from, or ""
  std::string state_path = {};   ///< a run's checkpoint to go on from, or ""
  std::optional<ThemeId> theme;  ///< nothing: the theme of the last session
};

enum class WindowOutcome {
  closed,      ///< the person left
  no_display,  ///< there is neither X11 nor Wayland: nothing was shown
};

/// Opens the window and runs it until it is closed. The engine is loaded behind the first frame.
/// Errors: a display is there but OpenGL cannot start, with what to install.
/// With NANSCOPE_TRACE=1 prints the time to the first frame on stderr.
Result<WindowOutcome> run_window(const WindowOptions& options);

/// The display that a window would open on, "X11 :0"; nothing without one. Not beside a window.
std::optional<std::string> reachable_display();

}  // namespace nanscope
