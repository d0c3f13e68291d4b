#include <algorithm>
#include <filesystem>
#include <utility>

#include "ui/shell/shell_state.h"
#include "ui/text/text.h"

// What is on the screen first, and what of it survives a restart.
namespace nanscope {
namespace {

Experiment without_view(Experiment experiment) {
  experiment.view = {};
  return experiment;
}

/// The demo that an experiment is, whatever of it is looked at, or null.
const Demo* demo_of(const Experiment& experiment, const std::vector<Demo>& demos) {
  const auto found = std::ranges::find_if(demos, [&](const Demo& demo) {
    return without_view(experiment) == without_view(demo.experiment);
  });
  return found == demos.end() ? nullptr : &*found;
}

/// The labs of these names, as far as there are such.
std::vector<LabName> labs_named(const std::vector<std::string>& names) {
  std::vector<LabName> labs;
  for (const LabName lab : lab_names())
    if (std::ranges::find(names, name_of(lab)) != names.end()) labs.push_back(lab);
  return labs;
}

KeptExperiment kept_experiment(const Sheet& sheet, const std::vector<LabName>& labs) {
  KeptExperiment kept{{}, sheet.experiment, sheet.document.path, sheet.document.demo};
  for (const LabName lab : labs) kept.labs.emplace_back(name_of(lab));
  return kept;
}

}  // namespace

Sheet ShellState::sheet_of(const Experiment& experiment, const std::string& path,
                           std::string_view demo_name) const {
  const Demo* demo = demo_of(experiment, demos);
  if (!demo) demo = find_demo(demo_name);
  Sheet sheet{experiment, {text("document.unnamed"), "", "", "", experiment}};
  if (demo) sheet.document = document_of(*demo);
  if (path.empty()) return sheet;
  sheet.document.path = saved_path(path);
  sheet.document.name = std::filesystem::path(path).filename().string();
  return sheet;
}

Sheets ShellState::first_sheets(const std::optional<Experiment>& first, const std::string& path) {
  if (first) return Sheets(sheet_of(*first, path, ""));
  if (!settings.experiment)
    return Sheets(demos.empty() ? Sheet{{}, {text("document.unnamed"), "", "", "", {}}}
                                : Sheet{demos.front().experiment, document_of(demos.front())});
  Sheets sheets(sheet_of(*settings.experiment, settings.document_path, settings.demo));
  std::vector<Experiment> left{*settings.experiment};
  for (const KeptExperiment& one : settings.kept) {
    sheets.keep({labs_named(one.labs), sheet_of(one.experiment, one.document_path, one.demo)});
    left.push_back(one.experiment);
  }
  if (settings.last_work.end != WorkEnd::light) left_at_start = std::move(left);
  left_work = settings.last_work;
  return sheets;
}

void ShellState::remember_sheets() {
  const KeptExperiment open = kept_experiment(history.sheets().open(), {});
  settings.experiment = open.experiment;
  settings.document_path = open.document_path;
  settings.demo = open.demo;
  settings.kept.clear();
  for (const Sheets::Kept& one : history.sheets().kept())
    settings.kept.push_back(kept_experiment(one.sheet, one.labs));
}

}  // namespace nanscope
