#include "ui/shell/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <tuple>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/lab_settings.h"
#include "engine/experiment/numbers.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "ui/labs/labs.h"
#include "ui/shell/panel_layout.h"
#include "ui/shell/shell_state.h"
#include "ui/shell/type_size.h"
#include "ui/text/text.h"
#include "ui/widgets/slider_focus.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

constexpr double kAutosaveSeconds = 1;

Experiment with_view(Experiment experiment, const ViewSpec& view) {
  experiment.view = view;
  return experiment;
}

}  // namespace

ShellState::ShellState(ShellOptions options, Session& its_session, HostServices its_host)
    : session(its_session),
      host(std::move(its_host)),
      settings_path(std::move(options.settings_path)),
      settings(std::move(options.settings)),
      labs(make_labs()),
      history(Experiment{}),
      message(std::move(options.problem)) {
  if (Result<std::vector<Demo>> loaded = load_demos())
    demos = by_lab(*loaded, labs);
  else
    report(loaded.error());
  history = History(first_sheets(options.experiment, options.document_path));

  fonts = load_fonts();
  restyle();
  // Widths in pixels are worth nothing for another size of text.
  if (!settings.layout.empty() && settings.layout_type == type_pixels()) {
    ImGui::LoadIniSettingsFromMemory(settings.layout.c_str(), settings.layout.size());
    layout_wanted = false;
  }
  make_actions();
}

void ShellState::restyle() {
  const float scale = host.display_scale ? host.display_scale() : 1.0f;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const float zoom = std::clamp(settings.zoom, smallest_zoom(settings.theme, size, scale),
                                std::max(1.0f, largest_zoom(settings.theme, size, scale)));
  const float wanted =
      hall ? hall_fit(settings.theme, size, scale) : zoom * type_fit(settings.theme, size, scale);
  if (!style_changed && scale == display_scale && wanted == type_zoom) return;
  const bool first_time = display_scale == 0;
  style = make_style(settings.theme, fonts, wanted);
  if (hall) style.least_text = hall_text(size);
  apply(style, scale);
  display_scale = scale;
  type_zoom = wanted;
  style_changed = false;
  // Panels are as wide as their text needs: another size of text, another layout. A hall has none,
  // and behind it the panels are as they were.
  if (!first_time && !hall && !std::exchange(keep_layout, false)) layout_wanted = true;
}

void ShellState::set_theme(ThemeId theme) {
  settings.theme = theme;
  style_changed = true;
  keep_settings(false);
}

void ShellState::set_zoom(float zoom) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const float most = std::min(kMaxZoom, largest_zoom(settings.theme, size, display_scale));
  const float least = std::max(kMinZoom, smallest_zoom(settings.theme, size, display_scale));
  const float wanted = std::round(zoom * 10) / 10;
  if (wanted > most && zoom > settings.zoom) toasts.say("zoom", text("zoom.largest"));
  if (wanted < least && zoom < settings.zoom) toasts.say("zoom", text("zoom.smallest"));
  settings.zoom = std::clamp(wanted, least, most);
  style_changed = true;
  keep_settings(false);
}

void ShellState::change(const Experiment& next, unsigned gesture) {
  if (next == history.current()) return;
  const Experiment before = history.sheets().of(next.lab).experiment;
  if (!history.edit(keeping_other(before, next), gesture)) return;
  // Another control's change leaves what stands in a field.
  const bool stands = refused && key_text(before, refused->key) == key_text(next, refused->key);
  // So does what is only kept beside it, with the reason that is read.
  Experiment beside = next;
  beside.compare = before.compare;
  if (!stands || beside != before) message.reset();
  if (!stands) refused.reset();
  keep_settings(false);
}

void ShellState::look(const ViewSpec& next) {
  if (next == history.current().view) return;
  history.amend(with_view(history.current(), next));
  keep_settings(false);
}

std::optional<Error> ShellState::current_message() const {
  if (message) return message;
  std::optional<Error> error = job_error();
  if (error && to_string(*error) == dismissed) return {};
  return error;
}

void ShellState::forget_message() {
  message.reset();
  refused.reset();
}

void ShellState::dismiss_message() {
  if (const std::optional<Error> error = job_error(); !message && error)
    dismissed = to_string(*error);
  message.reset();
}

void ShellState::carry_out(const LabRequests& requests) {
  gesture_goes_on = requests.gesture != 0;
  if (requests.edited)
    change(*requests.edited, gesture_goes_on ? requests.gesture : ImGui::GetActiveID());
  if (requests.view) look(*requests.view);
  if (requests.refused) report(*requests.refused);
  if (requests.refused_input) refused = requests.refused_input;
  if (requests.refusal_ends) forget_message();
  if (!requests.inspect_number.empty()) {
    Experiment next = history.sheets().of(LabName::numbers).experiment;
    if (next.numbers.view != "bits") next.numbers = numbers_with_view(next.numbers, "bits");
    next.numbers.input = requests.inspect_number;
    change(next);
  }
  if (!requests.copy.empty()) copy(requests.copy, "toast.copied");
  if (!requests.export_plot.empty()) ask_to_export(requests.export_plot);
  if (requests.choose_data) ask_for_data();
  if (requests.choose_weights) ask_for_weights();
  if (requests.cancel)
    for (const JobRequest& job : jobs) session.cancel(job.slot());
  if (requests.run) run_jobs();
  if (!requests.copy_data.empty()) copy_csv(requests.copy_data);
  if (requests.note) toasts.add(requests.note->words, requests.note->button, requests.note->run);
}

void ShellState::focus_plots_after_dialog() {
  const bool open = ImGui::GetTopMostPopupModal() != nullptr;
  // A slider has no use for Space.
  if (!std::exchange(dialog_open, open) || open || slider_has_focus()) return;
  if (ImGuiWindow* plots = ImGui::FindWindowByName(hall ? panel::hall : panel::plots))
    ImGui::FocusWindow(plots);
  ImGui::GetCurrentContext()->NavId = 0;
}

void ShellState::finish_export() {
  const std::optional<ExportResult> ended = exporter.take();
  if (!ended) return;
  if (!*ended) {
    report(ended->error());
    return;
  }
  export_dialog.written();
  if (ended->value().empty()) {
    toasts.add(text("toast.copied_picture"));
    return;
  }
  const std::filesystem::path path = ended->value().front();
  toasts.add(format_text("toast.exported", fmt::arg("file", path.filename().string())),
             text("toast.open_folder"), [this, folder = path.parent_path().string()] {
               if (host.open_folder) host.open_folder(folder);
             });
}

void ShellState::keep_settings(bool now) {
  if (!settings_changed) settings_changed_at = ImGui::GetTime();
  settings_changed = true;
  if (!now) return;
  remember_sheets();
  if (ImGui::GetFrameCount() > 0) {
    settings.layout = ImGui::SaveIniSettingsToMemory();
    settings.layout_type = type_pixels();
  }
  settings_changed = false;
  if (settings_path.empty()) return;
  // Said once: the next time would say nothing new.
  const Result<void> kept = save_settings(settings_path, settings);
  if (!kept && !std::exchange(settings_refused, true)) report(kept.error());
}

Shell::Shell(ShellOptions options, Session& session, HostServices host)
    : state_(std::make_unique<ShellState>(options, session, std::move(host))) {
  // Who read the file has said what is wrong with it.
  if (options.experiment && !options.document_path.empty())
    if (const auto changed = state_->repeat_changes(options.document_path, *options.experiment);
        changed && *changed != *options.experiment)
      state_->history.amend(*changed);
  if (!options.state_path.empty()) {
    state_->open_lab().wait_at_first();
    state_->open_path(options.state_path);
  }
  state_->find_new_requests();
  state_->submit_new_requests();
}

Shell::~Shell() = default;

void Shell::draw() {
  ShellState& shell = *state_;
  shell.view = shell.session.view();
  shell.look_at_work();
  shell.remember_work();
  shell.restyle();
  run_shortcuts(shell.actions);
  if (shell.hall) {
    shell.draw_hall();
  } else {
    shell.draw_menu_bar();
    shell.draw_status_bar();
    shell.draw_dockspace();
    shell.draw_panels();
  }
  // What had the keyboard before would take Space, which is the run's again.
  if (shell.palette.draw(shell.actions, shell.style)) shell.dialog_open = true;
  shell.chooser.draw(shell.style);
  shell.export_dialog.draw(
      shell.style, shell.export_dialog.is_open() ? shell.figure() : std::nullopt, shell.preview,
      [&](const ExportRequest& request) { shell.ask_for_picture_path(request); });
  shell.focus_plots_after_dialog();
  shell.draw_shortcuts();
  shell.glossary.draw(shell.style);
  shell.toasts.draw(shell.style, shell.hall.has_value());
  if (!ImGui::IsAnyItemActive() && !shell.gesture_goes_on) shell.history.end_gesture();
  shell.change_lab();
  shell.finish_export();
  shell.finish_saving_state();
  shell.finish_opening();
  ImGuiIO& io = ImGui::GetIO();
  if (std::exchange(io.WantSaveIniSettings, false)) shell.keep_settings(false);
  if (shell.settings_changed && ImGui::GetTime() - shell.settings_changed_at >= kAutosaveSeconds)
    shell.keep_settings(true);
  shell.find_new_requests();
}

bool Shell::has_request() const { return !state_->new_requests.empty(); }

void Shell::submit() { state_->submit_new_requests(); }

bool Shell::finish_frame() {
  submit();
  state_->exporter.render();
  return state_->preview.render();
}

void Shell::open_path(const std::string& path) {
  state_->open_path(path);
  state_->find_jobs();
}

double Shell::seconds_to_next_frame() const {
  const ShellState& shell = *state_;
  if (shell.style_changed || shell.layout_wanted) return 0;
  double seconds = std::min(shell.toasts.seconds_left(), shell.open_lab().seconds_to_next_frame());
  seconds = std::min({seconds, shell.seconds_to_dim(), seconds_of_reading()});
  if (shell.exporter.busy()) seconds = std::min(seconds, 1.0 / 30);
  if (shell.export_dialog.is_open() && shell.preview.waits()) seconds = 0;
  if (shell.settings_changed) seconds = std::min(seconds, kAutosaveSeconds);
  return seconds;
}

bool Shell::confirm_close() {
  // Experiments are cheap and kept by themselves: there is nothing to ask.
  state_->keep_settings(true);
  return !state_->exporter.busy() && state_->saving_state().empty();
}

void Shell::remember_window(const WindowPlacement& placement) {
  state_->settings.window = placement;
}

std::string Shell::window_title() const {
  const ShellState& shell = *state_;
  const Experiment& now = shell.history.current();
  const bool changed = !same_settings(now.lab, now, shell.history.document().baseline);
  return fmt::format("{}{} - {}", shell.document_name(), changed ? "*" : "", text("app.name"));
}

const Experiment& Shell::experiment() const { return state_->history.current(); }
ThemeId Shell::theme() const { return state_->settings.theme; }
std::optional<Error> Shell::message() const { return state_->current_message(); }

const WorkNotice* Shell::notice() const { return state_->notice ? &*state_->notice : nullptr; }
float Shell::dimming() const { return state_->dimming; }

bool Shell::run_action(std::string_view id) {
  const Action* action = state_->action(id);
  if (!action || !action->available()) return false;
  action->run();
  state_->find_jobs();
  return true;
}

}  // namespace nanscope
