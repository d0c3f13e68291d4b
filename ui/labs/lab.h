#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/session/session.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// What a lab sees while it draws: one moment, the same for all of its panels.
struct LabView {
  const Experiment& reset_to;  ///< the demo or file that controls go back to
  const SessionView& session;
  const Style& style;
  std::string_view summary;      ///< what the demo wants people to look at, or ""
  bool covered = false;          ///< a message lies over the sentence
  std::string_view refused_key;  ///< the key whose value was refused last, or ""
};

/// What the person asked for in a lab's panels; the shell carries it out.
struct LabRequests {
  std::optional<Error> refused;  ///< a value that was typed and cannot be
  std::string copy;              ///< text for the clipboard
  std::string export_plot;       ///< name of the plot to export as a picture
  bool choose_data = false;      ///< pick a file with input data
  bool copy_data = false;        ///< the measured table as CSV, to the clipboard
};

/// One instrument: controls that edit an experiment, plots of what it measured, an inspector.
class Lab {
 public:
  virtual ~Lab() = default;
  virtual std::string_view name() const = 0;       ///< "signal": the command line's
  virtual std::string_view title_key() const = 0;  ///< of its tab, in ui/text
  /// What the engine is asked for this experiment.
  virtual SignalRequest request(const Experiment& experiment) const = 0;
  /// The plot that is shown alone or under the pointer, or "": what "export this plot" means.
  virtual std::string_view current_plot() const = 0;
  /// Shows one plot alone, or all of them again.
  virtual void toggle_maximized() = 0;

  virtual void controls(const LabView& view, Experiment& draft, LabRequests& requests) = 0;
  virtual void plots(const LabView& view, LabRequests& requests) = 0;
  virtual void inspector(const LabView& view, LabRequests& requests) = 0;
};

std::unique_ptr<Lab> make_signal_lab();

/// Every lab in the order of the tabs. A new lab is one more file and one more line here.
std::vector<std::unique_ptr<Lab>> make_labs();

}  // namespace nanscope
