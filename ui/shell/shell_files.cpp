#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <limits>
#include <utility>

#include "engine/base/file.h"
#include "engine/experiment/json.h"
#include "engine/experiment/open_file.h"
#include "engine/pytorch/experiment_script.h"
#include "engine/recipe/run_json.h"
#include "imgui.h"
#include "ui/labs/check_view.h"
#include "ui/shell/documents_folder.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"

// Documents, the clipboard and exported files.
namespace nanscope {
namespace {

namespace fs = std::filesystem;

std::string extension_of(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

/// The first of "name.png", "name-2.png", ... that does not exist.
std::string free_path(const fs::path& folder, const std::string& stem, const char* extension) {
  std::error_code ignored;
  fs::path path = folder / (stem + extension);
  for (int i = 2; fs::exists(path, ignored); ++i)
    path = folder / fmt::format("{}-{}{}", stem, i, extension);
  return path.string();
}

/// The request with this path, whose ending decides what is written. Of one that belongs to no
/// picture the request's own follows.
ExportRequest named(ExportRequest request, const std::string& path) {
  request.path = path;
  const std::string ending = extension_of(path);
  for (const auto& [kind, name] : Names<PictureKind>::all)
    if (ending == extension_of(kind)) {
      request.kind = kind;
      return request;
    }
  const fs::path whole(path);
  request.path =
      free_path(whole.parent_path(), whole.filename().string(), extension_of(request.kind).c_str());
  return request;
}

/// As JSON, with the changes of its run where it has some.
std::string json_of(const Experiment& experiment, const Lab& lab) {
  const Recipe recipe = lab.recipe(experiment);
  return recipe.changes.empty() ? to_json(experiment) : header_to_json(recipe);
}

}  // namespace

std::string saved_path(const std::string& path) {
  return extension_of(path) == ".json" ? path : "";
}

void ShellState::open_document(const Document& next) { open_sheet({next.baseline, next}); }

void ShellState::open_sheet(const Sheet& next) {
  change_sheet([&] { history.open(next); });
  card.reset();
  forget_message();
  keep_settings(false);
}

void ShellState::open_path(const std::string& path) {
  for (const std::unique_ptr<Lab>& lab : labs) {
    if (!lab->opens(path)) continue;
    if (const std::optional<JobRequest> job = lab->reading(path)) {
      asked_by[job->slot()] = lab->name();
      being_opened = {lab.get(), path, *job};
      return session.submit(*job);
    }
    return take_opened(*lab, path, lab->open(path, lab->name() != history.current().lab));
  }
  open_experiment(path);
}

void ShellState::take_opened(const Lab& lab, const std::string& path,
                             const Result<OpenedBeside>& opened) {
  if (!opened) return report(opened.error());
  const std::string name = fs::path(path).filename().string();
  settings.last_folder = fs::path(path).parent_path().string();
  const bool alone = lab.name() != history.current().lab;
  if (opened->shows) open_document({name, "", "", "", *opened->shows});
  if (alone && !opened->shows)
    open_experiment(path);
  else if (opened->shows && !opened->shown_as.empty())
    toasts.add(opened->shown_as);
  else
    toasts.add(
        format_text(opened->shows ? "toast.goes_on" : "toast.beside", fmt::arg("file", name)));
  if (!opened->said.empty()) toasts.add(opened->said);
}

void ShellState::finish_opening() {
  if (!being_opened) return;
  const SlotView& slot = view.slot(being_opened->job.slot());
  if (slot.wanted != being_opened->job || slot.at_work()) return;
  const Opening done = *std::exchange(being_opened, std::nullopt);
  if (slot.error) return report(*slot.error);
  if (!slot.cancelled) take_opened(*done.lab, done.path, done.lab->open_read());
}

void ShellState::open_experiment(const std::string& path) {
  // Read before it is taken over, so that a bad file leaves everything as it is.
  Result<OpenedFile> opened = open_file(history.current(), path);
  // Into the settings of the lab that shows it.
  if (opened && history.sheets().is_elsewhere(opened->experiment.lab))
    opened = open_file(history.sheets().of(opened->experiment.lab).experiment, path);
  if (!opened) {
    report(opened.error());
    return;
  }
  settings.last_folder = fs::path(path).parent_path().string();
  if (kind_of_file(path) == FileKind::experiment) {
    const Result<Experiment> changed = repeat_changes(path, opened->experiment);
    if (!changed) return report(changed.error());
    open_sheet(
        {*changed,
         {fs::path(path).filename().string(), saved_path(path), "", "", opened->experiment}});
  } else {
    change(opened->experiment);
  }
  for (const Message& note : opened->notes) toasts.add(message_text(note));
}

Result<Experiment> ShellState::repeat_changes(const std::string& path,
                                              const Experiment& experiment) {
  const Result<std::vector<LiveChange>> changes = changes_in_file(path);
  if (!changes) return tl::unexpected(changes.error());
  return repeat_run(experiment, *changes);
}

Experiment ShellState::repeat_run(const Experiment& experiment, std::vector<LiveChange> changes) {
  Experiment changed = before_step(experiment, changes, std::numeric_limits<std::int64_t>::max());
  for (const std::unique_ptr<Lab>& lab : labs)
    if (lab->name() == experiment.lab) lab->repeat(experiment, changes);
  return changed;
}

std::string ShellState::folder() const {
  return settings.last_folder.empty() ? documents_folder() : settings.last_folder;
}

std::string ShellState::document_stem() const {
  const Document& document = history.document();
  return shows_demo() ? document.demo : fs::path(document_name()).stem().string();
}

std::string ShellState::picture_stem(const std::string& plot) const {
  return plot.empty() ? document_stem() : document_stem() + "-" + plot;
}

void ShellState::ask_for_experiment() {
  chooser.ask({text("chooser.open_title"),
               false,
               {".json", ".jsonl", ".png", ".svg", ".csv", ".npy", ".tsv", ".txt", ".safetensors"},
               folder(),
               "",
               [this](const std::string& path) { open_path(path); }});
}

void ShellState::ask_for_data() {
  chooser.ask({text("chooser.data_title"),
               false,
               {".csv", ".npy", ".tsv", ".txt"},
               folder(),
               "",
               [this](const std::string& path) { open_path(path); }});
}

void ShellState::ask_for_weights() {
  chooser.ask({text("chooser.weights_title"),
               false,
               {".safetensors"},
               folder(),
               "",
               // A run's state has weights, too.
               [this](const std::string& path) { open_experiment(path); }});
}

void ShellState::save() {
  const std::string path = history.document().path;
  if (path.empty())
    save_as();
  else
    write_document(path);
}

void ShellState::save_as() {
  chooser.ask({text("chooser.save_title"),
               true,
               {".json"},
               folder(),
               document_stem() + ".json",
               [this](const std::string& path) { write_document(path); }});
}

void ShellState::write_document(const std::string& path) {
  const Experiment experiment = with_view_of_what_is_there(history.current());
  const std::string json = json_of(experiment, open_lab()) + "\n";
  if (const Result<void> done = write_file_atomically(path, json); !done)
    return report(done.error());
  const std::string name = fs::path(path).filename().string();
  history.rename({name, path, "", "", experiment});
  settings.last_folder = fs::path(path).parent_path().string();
  keep_settings(false);
  toasts.add(format_text("toast.saved", fmt::arg("file", name)));
}

void ShellState::save_run() {
  chooser.ask({text("chooser.run_title"),
               true,
               {".jsonl"},
               folder(),
               document_stem() + ".jsonl",
               [this](const std::string& path) {
                 const std::string lines = open_lab().run_file();
                 if (const Result<void> done = write_file_atomically(path, lines); !done)
                   return report(done.error());
                 settings.last_folder = fs::path(path).parent_path().string();
                 toasts.add(format_text("toast.saved",
                                        fmt::arg("file", fs::path(path).filename().string())));
               }});
}

void ShellState::save_state() {
  chooser.ask({text("chooser.state_title"),
               true,
               {".safetensors"},
               folder(),
               document_stem() + ".safetensors",
               [this](const std::string& path) {
                 if (const Result<void> good = check_writable(path); !good)
                   return report(good.error());
                 settings.last_folder = fs::path(path).parent_path().string();
                 open_lab().save_state(path);
               }});
}

std::string ShellState::saving_state() const {
  for (const std::unique_ptr<Lab>& lab : labs)
    if (std::string path = lab->saving_state(); !path.empty()) return path;
  return "";
}

void ShellState::finish_saving_state() {
  for (const std::unique_ptr<Lab>& lab : labs) {
    const std::optional<Result<std::string>> saved = lab->state_saved();
    if (!saved) continue;
    if (!*saved)
      report(saved->error());
    else
      toasts.add(
          format_text("toast.saved", fmt::arg("file", fs::path(**saved).filename().string())));
  }
}

void ShellState::copy(const std::string& words, const char* toast_key) {
  ImGui::SetClipboardText(words.c_str());
  toasts.add(text(toast_key));
}

void ShellState::copy_csv(std::string_view plot) {
  if (const std::optional<Figure> shown = figure()) copy(csv_of(*shown, plot), "toast.copied_csv");
}

void ShellState::copy_json() {
  if (const std::optional<Figure> shown = figure()) copy(shown->json(), "toast.copied_json");
}

void ShellState::copy_experiment() {
  copy(json_of(history.current(), open_lab()), "toast.copied_experiment");
}

void ShellState::paste_experiment() {
  const char* pasted = ImGui::GetClipboardText();
  if (!pasted || !*pasted) {
    report(
        input_error("", "The clipboard holds no text. Copy an experiment's JSON first.").value());
    return;
  }
  const Result<Experiment> experiment = from_json(pasted);
  if (!experiment) {
    report(experiment.error());
    return;
  }
  const Result<std::vector<LiveChange>> changes = changes_in_text(pasted);
  if (!changes) return report(changes.error());
  Sheet sheet = history.sheets().of(experiment->lab);
  sheet.experiment = repeat_run(keeping_other(sheet.experiment, *experiment), *changes);
  change_sheet([&] { history.open(std::move(sheet)); });
  forget_message();
  keep_settings(false);
  toasts.add(text("toast.pasted"));
}

void ShellState::copy_pytorch() {
  const Recipe recipe = open_lab().recipe(history.current());
  const Result<std::string> script = pytorch_script(recipe.experiment, recipe.changes);
  if (script)
    copy(*script, "toast.copied_pytorch");
  else
    report(script.error());
}

void ShellState::copy_picture() {
  ExportRequest request;
  request.picture = scaled_picture(1);
  request.picture.plot = current_plot();
  request.picture.theme = settings.theme;
  request.receiver = host.copy_picture;
  exporter.ask(std::move(request), figure());
}

void ShellState::ask_to_export(std::string_view plot) {
  std::vector<std::string> plots;
  if (const std::optional<Figure> shown = figure())
    for (const FigurePlot& one : shown->plots) plots.push_back(one.name());
  export_dialog.open(std::string(plot), std::move(plots), settings.theme);
}

void ShellState::export_quickly() {
  ExportRequest request;
  request.picture = scaled_picture(1);
  request.picture.plot = current_plot();
  request.picture.theme = settings.theme;
  request.path = free_path(folder(), picture_stem(request.picture.plot), ".png");
  if (const Result<void> good = check_writable(request.path); !good) {
    report(
        work_error(good.error().where, "{} Choose another folder with Ctrl+E.", good.error().what)
            .value());
    return;
  }
  exporter.ask(std::move(request), figure());
}

void ShellState::ask_for_picture_path(const ExportRequest& request) {
  const std::string stem = picture_stem(request.picture.plot);
  const std::string extension = extension_of(request.kind);
  const std::string name =
      fs::path(free_path(folder(), stem, extension.c_str())).filename().string();
  chooser.ask({text("chooser.export_title"),
               true,
               {extension},
               folder(),
               name,
               [this, request](const std::string& path) {
                 ExportRequest complete = named(request, path);
                 settings.last_folder = fs::path(path).parent_path().string();
                 exporter.ask(std::move(complete), figure());
               }});
}

}  // namespace nanscope
