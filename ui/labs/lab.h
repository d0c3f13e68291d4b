#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/recipe/live_change.h"
#include "engine/session/session.h"
#include "ui/export/figure.h"
#include "ui/labs/work_notice.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// A value that was typed into a field and cannot be: it stays there until it is righted or Escape
/// takes it back.
struct RefusedInput {
  std::string key;
  std::string typed;
  std::string reason;
};

/// What a lab sees while it draws: one moment, the same for all of its panels.
struct LabView {
  const Experiment& experiment;  ///< as it is now
  const Experiment& reset_to;    ///< the demo or file that controls go back to
  const SessionView& session;
  const Style& style;        ///< of the pictures: dimmed while they are of another experiment
  const Style& plain_style;  ///< of what stands around them
  std::string_view waiting;  ///< what stands for a sentence before there is one
  const WorkNotice* notice;  ///< in place of the sentence; null where the sentence is true
  std::string_view summary;  ///< what the demo wants people to look at, or ""
  bool covered = false;      ///< a message lies over the sentence
  const RefusedInput* refused = nullptr;  ///< what still stands in a field, or null
  bool dragging = false;                  ///< a control is being dragged or typed into
  bool settled = true;                    ///< the results are the experiment's
  bool animated = true;                   ///< things may move on their way to a new place
  bool carded = false;                    ///< a card tells of what is chosen
  bool brief = false;                     ///< and has less room than an inspector
  bool hall = false;                      ///< in a lecture hall: one plot and its sentence
  bool typing = false;  ///< the field that the lab is about takes the keyboard in this frame
};

/// A short word to the person, with something that a click does about it.
struct LabNote {
  std::string words;
  std::string button;
  std::function<void()> run;
};

/// What the person asked for in a lab's panels; the shell carries it out.
struct LabRequests {
  std::optional<Experiment> edited;  ///< what became of the experiment among the plots
  unsigned gesture = 0;              ///< whose edits are one step; 0: what is held, if something is
  std::optional<ViewSpec> view;      ///< what is looked at from now on
  std::optional<Error> refused;      ///< a value that cannot be
  std::optional<RefusedInput> refused_input;  ///< the same, where a field keeps it
  bool refusal_ends = false;                  ///< what was refused is righted or taken back
  std::optional<bool> explain;  ///< something was chosen that the inspector tells of, or let go
  float explain_below = 0;      ///< the upper edge, in pixels, of the plots in which it was
  /// The corners of a plot in whose place a card may tell of it, in pixels.
  std::optional<std::pair<ImVec2, ImVec2>> explain_in;
  std::string inspect_number;   ///< a value whose bits the Numbers lab is to show
  std::string copy;             ///< text for the clipboard
  std::string export_plot;      ///< name of the plot to export as a picture
  bool choose_data = false;     ///< pick a file with input data
  bool choose_weights = false;  ///< pick a .safetensors file
  std::string copy_data;        ///< name of the plot whose data go to the clipboard as CSV
  bool cancel = false;          ///< stop the work that the lab waits for
  bool run = false;             ///< begin the work that waits for the person's word
  std::optional<LabNote> note;  ///< what has to be said, once
};

/// A view that a lab can be asked for by title: what its key is set to.
struct TitledView {
  std::string_view key;
  std::string_view value;
  std::string title;
};

/// What a person can do to work that goes on step by step.
enum class Transport { play_or_pause, step, rewind };

/// What became of a file that a lab opened.
struct OpenedBeside {
  /// The experiment of a state that it goes on from, or that the file describes: what the lab is
  /// to show.
  std::optional<Experiment> shows = {};
  std::string shown_as = {};  ///< said of it in place of a run that goes on
  std::string said = {};      ///< what has to be said of the file, if anything
};

/// One instrument: controls that edit an experiment, plots of what it measured, an inspector.
class Lab {
 public:
  virtual ~Lab() = default;
  virtual LabName name() const = 0;
  virtual std::string_view title_key() const = 0;  ///< of its tab, in ui/text
  /// The names of its plots, in reading order: the command line's and the export dialog's.
  virtual std::vector<std::string_view> plot_names() const = 0;
  /// What it can show instead of what it shows; empty where there is only one view.
  virtual std::vector<TitledView> views() const { return {}; }
  /// The experiment, changed so that figure() holds the plot of this name ("": all).
  virtual Experiment showing(std::string_view /*plot*/, Experiment experiment) const {
    return experiment;
  }
  /// Why figure() of this experiment will not hold the plot of this name ("": any), as far as that
  /// is known before its request is run.
  virtual Result<void> check(std::string_view /*plot*/, const Experiment& /*experiment*/) const {
    return {};
  }
  /// Why what the experiment's view names of this lab is not there, as far as `results` tell.
  virtual Result<void> check_view(const Experiment& /*experiment*/,
                                  const JobResults& /*results*/) const {
    return {};
  }
  /// What the session is asked for this experiment, each in a slot of the lab's own; nothing if the
  /// lab needs nothing of it.
  virtual std::vector<JobRequest> jobs(const Experiment& experiment) const = 0;
  /// What the lab shows of this experiment and these results, for pictures and data files; nothing
  /// while the results are not there yet.
  virtual std::optional<Figure> figure(const Experiment& experiment,
                                       const JobResults& results) const = 0;
  /// Whether the figure is the experiment's, which asks for `jobs`: not one of an experiment before
  /// it.
  virtual bool up_to_date(const Experiment& experiment, const std::vector<JobRequest>& jobs,
                          const SessionView& session) const;
  /// In words, the experiment that the figure is of; "" without a figure.
  virtual std::string shown(const Experiment& /*experiment*/,
                            const SessionView& /*session*/) const {
    return "";
  }
  /// About how many seconds its jobs take, predicted, where that may be much.
  virtual double forecast_seconds(const Experiment& /*experiment*/,
                                  const JobResults& /*results*/) const {
    return 0;
  }
  /// About how many bytes its jobs hold at once, predicted; 0 where nobody knows.
  virtual double forecast_bytes(const Experiment& /*experiment*/) const { return 0; }
  /// What the status bar says of the results: device, precision, time, memory.
  virtual std::vector<std::string> status(const JobResults& results) const = 0;
  /// Pixels from the top of its plots to where a message may lie: below what is typed into.
  virtual float message_top() const { return 0; }
  /// The plot under the pointer, or "": what "export this plot" means while none is alone.
  virtual std::string_view pointed_plot() const = 0;
  /// The plot that a person gets who wants one alone, or "" where none can be.
  virtual std::string_view plot_to_enlarge() const { return pointed_plot(); }
  /// The axes of the plots that can be locked, as they are now; empty in a lab that has none.
  virtual std::vector<ViewZoom> lockable_axes() const { return {}; }
  /// Whether Page Up and Page Down are its own in a lecture hall, where they go from plot to plot
  /// otherwise.
  virtual bool turns_pages(const Experiment& /*experiment*/) const { return false; }
  /// Whether it draws what an experiment is compared with.
  virtual bool compares() const { return false; }
  /// What is said of that where it does not: the text's key.
  virtual const char* compares_otherwise() const { return "compare.none"; }
  /// Whether there is such work, and this can be done to it now.
  virtual bool can(Transport /*what*/) const { return false; }
  virtual void carry_out(Transport /*what*/) {}
  /// Such work that has not begun yet is to wait before its first step: nobody has asked for it.
  virtual void wait_at_first() {}
  /// What it shows as lines of a run file, which it opens again; "" where there is none.
  virtual std::string run_file() const { return ""; }
  /// What makes the numbers again that it shows of this experiment.
  virtual Recipe recipe(const Experiment& experiment) const { return {experiment}; }
  /// A run of this experiment, once it is asked for, makes these changes on its way.
  virtual void repeat(const Experiment& /*experiment*/, std::vector<LiveChange> /*changes*/) {}
  /// Whether a file is something that it shows beside what it shows, or goes on from.
  virtual bool opens(const std::string& /*path*/) const { return false; }
  /// `alone`: it is opened as what the lab shows, too, in place of that.
  virtual Result<OpenedBeside> open(const std::string& /*path*/, bool /*alone*/) {
    return OpenedBeside();
  }
  /// Of a file that takes a while: the job that reads it, which open_read() follows in place of
  /// open().
  virtual std::optional<JobRequest> reading(const std::string& /*path*/) { return std::nullopt; }
  virtual Result<OpenedBeside> open_read() { return OpenedBeside(); }
  /// Whether there is a state of such work that could be kept.
  virtual bool has_state() const { return false; }
  /// Asks for the state as it is to be written to a file; state_saved() has what became of it,
  /// once.
  virtual void save_state(const std::string& /*path*/) {}
  virtual std::optional<Result<std::string>> state_saved() { return std::nullopt; }
  /// The file to which one is being written, or "".
  virtual std::string saving_state() const { return ""; }
  /// Seconds until the lab moves by itself; infinity while nothing does.
  virtual double seconds_to_next_frame() const { return std::numeric_limits<double>::infinity(); }

  virtual void controls(const LabView& view, Experiment& draft, LabRequests& requests) = 0;
  /// The one control that a lecture hall gets; none by default.
  virtual void main_control(const LabView& /*view*/, Experiment& /*draft*/,
                            LabRequests& /*requests*/) {}
  virtual void plots(const LabView& view, LabRequests& requests) = 0;
  virtual void inspector(const LabView& view, LabRequests& requests) = 0;
};

/// The plot of the lab that is shown alone, or "".
std::string shown_alone(const Lab& lab, const ViewSpec& view);
/// The plot that is shown alone or under the pointer, or "".
std::string current_plot(const Lab& lab, const ViewSpec& view);
/// None of the lab's plots is zoomed.
ViewSpec with_all_seen(const Lab& lab, ViewSpec view);
/// Shows one plot alone, or all of them again.
ViewSpec with_plot_toggled(const Lab& lab, ViewSpec view);

}  // namespace nanscope
