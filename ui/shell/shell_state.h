#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/demos.h"
#include "ui/labs/lab.h"
#include "ui/shell/action.h"
#include "ui/shell/export_dialog.h"
#include "ui/shell/exporter.h"
#include "ui/shell/file_chooser.h"
#include "ui/shell/glossary_window.h"
#include "ui/shell/history.h"
#include "ui/shell/palette.h"
#include "ui/shell/panel_scroll.h"
#include "ui/shell/shell.h"
#include "ui/shell/tab_order.h"
#include "ui/shell/toasts.h"

namespace nanscope {

/// Where "save" writes an experiment that was opened from `path`: there if it is JSON; "", which
/// asks, if it came out of a picture.
std::string saved_path(const std::string& path);

/// The demos in the order of the labs, as menus list them.
std::vector<Demo> by_lab(const std::vector<Demo>& demos,
                         const std::vector<std::unique_ptr<Lab>>& labs);
Document document_of(const Demo& demo);

/// The shell's state, and its parts by file: shell.cpp (the frame), shell_actions.cpp (the action
/// table), shell_labs.cpp (which lab), shell_start.cpp (what is on the screen first),
/// shell_demos.cpp, shell_files.cpp (documents, clipboard, export), shell_panels.cpp and
/// shell_notices.cpp (what is drawn).
struct ShellState {
  ShellState(ShellOptions options, Session& its_session, HostServices its_host);

  // shell_start.cpp
  /// What is on the screen first: what was asked for, or the last session's, or a demo.
  Sheets first_sheets(const std::optional<Experiment>& first, const std::string& path);
  /// An experiment with the demo that it is, or began as, and the file that it came from.
  Sheet sheet_of(const Experiment& experiment, const std::string& path,
                 std::string_view demo) const;
  /// Puts what is on the screen, and what other labs keep, into the settings.
  void remember_sheets();

  // shell.cpp
  void restyle();
  /// An edit of A, which leaves a B that it is compared with as it is.
  void change(const Experiment& next, unsigned gesture = 0);
  /// What is looked at changes: no step of its own.
  void look(const ViewSpec& next);
  void carry_out(const LabRequests& requests);
  /// After a dialog the keyboard is the plots': what had it before would take Space.
  void focus_plots_after_dialog();
  void finish_export();
  void keep_settings(bool now);
  void set_theme(ThemeId theme);
  void set_zoom(float zoom);
  void report(const Error& error) { message = error; }
  std::optional<Error> current_message() const;
  /// Of a job that the frame's experiment asks for.
  std::optional<Error> job_error() const;
  /// What was refused is no longer what people look at.
  void forget_message();
  /// The message is; what stands in a field stays there.
  void dismiss_message();
  /// The body's text size on this display.
  float type_pixels() const { return style.font_size * display_scale; }
  /// The plot that is shown alone or under the pointer, or "".
  std::string current_plot() const {
    return nanscope::current_plot(open_lab(), history.current().view);
  }

  // shell_hall.cpp
  /// One plot for a lecture hall, its sentence and one slider, in letters that the last row reads.
  void enter_hall();
  void leave_hall();
  /// In the hall one of the open lab's plots is shown alone, whatever is shown of it.
  void keep_one_plot();
  /// In the hall the lab's next plot (1) or the one before (-1), round and round.
  void turn_page(int by);
  void show_plot(const std::string& plot);
  /// Changes what is on the screen; a hall goes on with one plot of that and leaves what was there
  /// as it came.
  void change_sheet(const std::function<void()>& change_it);
  bool only_plots() const { return !settings.controls_visible && !settings.inspector_visible; }
  /// One plot or all; one without panels is for a hall.
  void toggle_plot_alone();
  void toggle_only_plots();
  /// What Escape leaves: what was refused, the card of what was clicked, the hall, the layer or
  /// element that was clicked, the plots alone.
  bool can_leave() const;
  void leave();
  bool chooses() const;
  void let_go();
  void draw_hall();
  /// The inspector's content while the inspector is hidden: in the place of a plot that says the
  /// same where that has room; else in the place of the controls, where it covers no plot; where
  /// there are none, beside what was clicked.
  void draw_card(const LabView& lab_view, LabRequests& requests);
  bool card_covers_controls() const {
    return card && !card->plot && settings.controls_visible && !hall;
  }
  void place_card() const;
  void place_card_beside_pointer() const;

  // shell_labs.cpp
  /// The lab of the experiment.
  Lab& open_lab() const;
  /// The lab changes at the end of the frame, in which a text that is being typed ends its edit.
  void show_lab(LabName name);
  /// Now.
  void bring(LabName name);
  /// Brings the experiment's lab, which gets its experiment and its view.
  void show(const Experiment& next);
  /// What was asked for during the frame: another demo, another lab.
  void change_lab();
  /// Undo or redo, and says what came back.
  void step_back(bool (History::*step)());
  std::string words_of_return(const Sheets& before) const;
  /// What a lab's sheet has that it had not before; "" if the lab shows what it showed.
  std::string words_of_return(LabName lab, const Sheets& before) const;

  // shell_compare.cpp
  bool axes_locked() const { return !history.current().view.lock.empty(); }
  /// Locks the lab's axes as they are now, or lets them go.
  void toggle_axis_lock();
  /// Keeps the settings as they are now as B.
  void keep_as_other();
  void swap_with_other();
  void forget_other();
  /// What is on the screen, for pictures and data; nothing before the first result.
  std::optional<Figure> figure() const {
    return open_lab().figure(history.current(), view.results);
  }

  // shell_work.cpp
  /// Sets jobs. Between two frames, too: the next one may begin with another lab.
  void find_jobs();
  /// Sets jobs, new_requests and hold, once a frame: a lab's request may hold a whole experiment.
  void find_new_requests();
  std::optional<LastWork> reason_to_ask() const;
  std::optional<LastWork> asked_by_jobs() const;
  bool is_left_experiment() const;
  bool is_left_work() const;
  void submit_new_requests();
  /// Submits the frame's jobs, whatever was answered, and whatever they take.
  void run_jobs();
  /// The slot whose work is shown and can be cancelled: the open lab's, or else another one's that
  /// takes long; null if nothing is under way.
  const SlotView* slot_under_way() const;
  bool is_of_open_lab(std::string_view slot) const;
  void cancel();
  /// Sets notice and dimming, once a frame.
  void look_at_work();
  double owed_seconds() const;
  /// What the open lab's job that is under way for long holds, predicted; 0 if there is none.
  double bytes_under_way() const;
  /// Why work waits for the person's word, and how long it will take where that is known.
  std::string asking_words(const LastWork& work) const;
  WorkNotice progress_notice() const;
  /// "Tensors: step 2: .sort()": whose job it is and what it does.
  std::string words_of_work(const SlotView& slot) const;
  /// Whether one of the frame's jobs waits for the slot's.
  bool waits_for(const SlotView& slot) const;
  /// What stands where an answer will be that has not been there yet.
  const char* waiting_words() const;
  /// "Dimmed: ..." with what the figure is of, or "".
  std::string shown_words() const;
  double seconds_to_dim() const;
  /// Keeps in the settings how heavy the frame's jobs are.
  void remember_work();

  // shell_actions.cpp
  void make_actions();
  const Action* action(std::string_view id) const { return find_action(actions, id); }

  // shell_demos.cpp
  void open_demo(const Demo& demo);
  /// The next demo (1) or the one before (-1), round and round; of the open lab the first, if none
  /// is on the screen.
  void step_demo(int by);
  /// Whether what the experiment came from is the open lab's. A lab that shares the sheet of
  /// another one has none of its own yet.
  bool owns_document() const;
  std::string document_name() const;
  /// What is on the screen came from a demo or a file.
  bool is_named_document() const { return document_name() != text("document.unnamed"); }
  /// The title on the screen is a demo's, not a file's.
  bool shows_demo() const;
  /// The lab's settings as what its experiment came from has them, or the defaults if that is
  /// another lab's; other labs' settings, and what is looked at there, as they are.
  Experiment settings_to_reset_to() const;
  /// Back to those: in a sheet of its own where the one on the screen is another lab's.
  void reset();
  const Demo* find_demo(std::string_view name) const;
  /// Every demo by its title, under its lab.
  void demo_items() const;

  // shell_files.cpp
  void open_document(const Document& next);
  void open_sheet(const Sheet& next);
  /// A table becomes the input, weights are shown, an experiment takes the place of this one.
  void open_path(const std::string& path);
  /// What became of a file that a lab opened.
  void take_opened(const Lab& lab, const std::string& path, const Result<OpenedBeside>& opened);
  /// Once it is read.
  void finish_opening();
  /// The same, but for what a lab opens by itself.
  void open_experiment(const std::string& path);
  /// The file's run makes its changes again. The experiment with these.
  Result<Experiment> repeat_changes(const std::string& path, const Experiment& experiment);
  /// The next run of the experiment makes these changes. The experiment with them.
  Experiment repeat_run(const Experiment& experiment, std::vector<LiveChange> changes);
  void ask_for_experiment();
  void ask_for_data();
  void ask_for_weights();
  void save();
  void save_as();
  void write_document(const std::string& path);
  /// The open lab's run, as it is when the file is named.
  void save_run();
  /// Its state, from which it goes on; written between two of its steps.
  void save_state();
  void finish_saving_state();
  /// The file to which a state is being written, or "".
  std::string saving_state() const;
  /// With the changes of its run, if there is one.
  void copy_experiment();
  void paste_experiment();
  void copy(const std::string& words, const char* toast_key);
  /// Copies a plot's data, or with "" the figure's, if there is a figure.
  void copy_csv(std::string_view plot);
  void copy_json();
  void copy_pytorch();
  void copy_picture();
  void ask_to_export(std::string_view plot);
  void export_quickly();
  void ask_for_picture_path(const ExportRequest& request);
  std::string document_stem() const;
  std::string picture_stem(const std::string& plot) const;
  std::string folder() const;

  // panel_layout.cpp
  void draw_dockspace();

  // shell_panels.cpp and shell_notices.cpp
  void draw_menu_bar();
  std::vector<std::string> status_facts() const;
  /// The title of the lab that asks for the slot's work.
  const char* lab_title(const SlotView& slot) const;
  void draw_progress(const SlotView& slot);
  /// How far a picture is that is being made.
  void draw_export_progress() const;
  void draw_status_bar();
  void draw_panels();
  /// What the open lab sees; its pictures in this style.
  LabView lab_view(const Style& of_pictures) const;
  /// The palette of pictures that are of another experiment is dimmed.
  Style picture_style() const;
  void draw_plots(const LabView& lab_view, LabRequests& requests);
  /// A message that is about no picture stands above the sentence, which stays true.
  bool message_is_apart() const { return message && message->where == kSettingsPlace; }
  void draw_message(ImVec2 corner, float width, LabRequests& requests);
  void draw_broken();
  void draw_shortcuts();

  Session& session;
  HostServices host;
  std::string settings_path;
  Settings settings;
  bool settings_changed = false;
  double settings_changed_at = 0;
  bool settings_refused = false;  ///< it has been said that they cannot be kept

  std::vector<std::unique_ptr<Lab>> labs;
  std::vector<Demo> demos;  ///< by lab
  History history;

  SessionView view;                      ///< one moment, the same for all panels of a frame
  std::vector<JobRequest> jobs;          ///< what the frame's experiment asks of the session
  std::vector<JobRequest> new_requests;  ///< those of `jobs` that are yet to be submitted
  std::map<std::string, LabName, std::less<>> asked_by;  ///< the lab of a slot
  bool run_again = false;                                ///< submit them all, answered or not
  std::optional<LastWork> hold;                          ///< why `jobs` wait for the person's word
  std::vector<JobRequest> confirmed;      ///< the jobs that the person wants, whatever they take
  std::vector<Experiment> left_at_start;  ///< by the last session, with heavy work
  LastWork left_work;                     ///< which work that was
  std::optional<WorkNotice> notice;
  bool settled = true;  ///< the results are the experiment's
  float dimming = 0;    ///< 0..1, of pictures that are of another experiment

  Fonts fonts;
  Style style;
  float display_scale = 0;  ///< of the monitor, as applied
  float type_zoom = 1;      ///< what the theme's sizes are multiplied by: see restyle()
  bool style_changed = true;
  bool layout_wanted = true;   ///< the panels have to be put into their places
  bool keep_layout = false;    ///< another size of text is no reason, once
  std::optional<bool> narrow;  ///< there is no room for the inspector beside the plots
  bool shortcuts_visible = false;
  bool gesture_goes_on = false;     ///< whether or not an item is held
  std::optional<LabName> next_lab;  ///< see show_lab()
  bool field_wanted = false;        ///< a lab was asked for by key: the next keys may be typed
  bool dialog_open = false;         ///< in the frame before
  const Demo* next_demo = nullptr;  ///< see step_demo()
  TabOrder tab_order;
  PanelScroll controls_scroll, inspector_scroll;

  /// What comes back with the panels.
  struct BesidePlots {
    bool controls = true;
    bool inspector = true;
  };
  std::optional<BesidePlots> beside_plots;  ///< since only plots are shown

  /// What comes back when the hall is left.
  struct BeforeHall {
    bool controls = true;
    bool inspector = true;
    std::string plot;
    float control_height = 1;  ///< of the hall's one control, in the frame before
  };
  std::optional<BeforeHall> hall;  ///< while one plot is shown for a lecture hall
  ImVec2 plots_low, plots_high;    ///< the panel of the plots, in the frame's pixels

  /// What tells of something that was clicked, where there is no room for an inspector.
  struct Card {
    ImVec2 at;      ///< where it was clicked
    float top = 0;  ///< of the plots
    /// The corners of the plot in whose place it stands, pixels; none: there is no room.
    std::optional<std::pair<ImVec2, ImVec2>> plot;
  };
  std::optional<Card> card;

  /// A file that is read before its lab opens it.
  struct Opening {
    Lab* lab;
    std::string path;
    JobRequest job;
  };
  std::optional<Opening> being_opened;

  std::optional<Error> message;  ///< of the window itself
  float message_height = 0;      ///< in the frame before
  std::string dismissed;         ///< a job's message that was dismissed
  std::optional<RefusedInput> refused;
  Toasts toasts;
  CommandPalette palette;
  GlossaryWindow glossary;
  FileChooser chooser;
  ExportDialog export_dialog;
  PicturePreview preview;
  Exporter exporter;
  std::vector<Action> actions;
};

}  // namespace nanscope
