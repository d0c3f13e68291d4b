#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// Where the window was. A width of 0 means that nothing is known.
struct WindowPlacement {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool maximized = false;
};

/// How the work for the experiment on the screen went.
enum class WorkEnd {
  light,       ///< it is nothing to ask about
  unfinished,  ///< it was under way, for long already
  cancelled,   ///< the person stopped it
  done,        ///< it ended, after long
  forecast,    ///< it has not begun, and would take long
};
template <>
struct Names<WorkEnd> {
  static constexpr std::array<std::pair<WorkEnd, std::string_view>, 5> all{
      {{WorkEnd::light, "light"},
       {WorkEnd::unfinished, "unfinished"},
       {WorkEnd::cancelled, "cancelled"},
       {WorkEnd::done, "done"},
       {WorkEnd::forecast, "forecast"}}};
};
struct LastWork {
  WorkEnd end = WorkEnd::light;
  double seconds = 0;  ///< that it took
  std::string slot;    ///< whose work it was
};

/// An experiment that labs keep while another one is on the screen.
struct KeptExperiment {
  std::vector<std::string> labs;  ///< their names
  Experiment experiment;
  std::string document_path;  ///< the file it came from, or ""
  std::string demo;           ///< the demo it began as, or ""
};

/// What survives a restart.
struct Settings {
  ThemeId theme = ThemeId::light;
  float zoom = 1;  ///< the person's own text scale, 0.5..3
  WindowPlacement window;
  std::string last_folder;               ///< of the file chooser
  std::optional<Experiment> experiment;  ///< what was on the screen, saved or not
  std::vector<KeptExperiment> kept;      ///< what other labs show
  LastWork last_work;                    ///< of one of them
  std::string document_path;             ///< the file it came from, or ""
  std::string demo;                      ///< the demo it began as, or ""
  std::string layout;                    ///< Dear ImGui's own text of the docked panels
  float layout_type = 0;                 ///< pixels of body text that the layout was made for
  bool controls_visible = true;
  bool inspector_visible = true;
  bool animated = true;  ///< things move on their way to a new place
};

/// Where an error is that says that settings cannot be kept.
inline constexpr const char* kSettingsPlace = "settings";

inline constexpr float kMinZoom = 0.5f;
inline constexpr float kMaxZoom = 3.0f;

/// $XDG_CONFIG_HOME/nanscope/settings.json, or ~/.config/nanscope/settings.json; "" without a home.
std::string default_settings_path();

/// The settings of a file; those of a first start if there is none. A file that cannot be
/// understood is renamed to "settings.json.broken" and reported as an error that says so.
Result<Settings> load_settings(const std::string& path);

/// Writes them at once or not at all, making the folder if need be.
Result<void> save_settings(const std::string& path, const Settings& settings);

}  // namespace nanscope
