#include <algorithm>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/labs/differing_words.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// Which lab is on the screen; and undo and redo, which may bring another one.
namespace nanscope {

Lab& ShellState::open_lab() const {
  const auto name_of_lab = [](const std::unique_ptr<Lab>& lab) { return lab->name(); };
  const auto found = std::ranges::find(labs, history.current().lab, name_of_lab);
  return found == labs.end() ? *labs.front() : **found;
}

void ShellState::show_lab(LabName name) {
  if (name == history.current().lab) return;
  // What is being typed ends its edit in this frame, and then the lab changes.
  if (ImGui::IsAnyItemActive()) ImGui::ClearActiveID();
  next_lab = name;
}

void ShellState::change_lab() {
  if (const Demo* demo = std::exchange(next_demo, nullptr)) open_demo(*demo);
  if (const auto name = std::exchange(next_lab, std::nullopt)) bring(*name);
}

void ShellState::bring(LabName name) {
  change_sheet([&] { history.show(name); });
  card.reset();
  forget_message();
  keep_settings(false);
}

void ShellState::show(const Experiment& next) {
  if (next.lab != history.current().lab) bring(next.lab);
  Experiment looked_alike = next;
  looked_alike.view = history.current().view;
  if (looked_alike == history.current())
    look(next.view);
  else
    change(next);
}

void ShellState::step_back(bool (History::*step)()) {
  const Sheets before = history.sheets();
  change_sheet([&] { (history.*step)(); });
  toasts.say("undo", words_of_return(before));
  forget_message();
  keep_settings(false);
}

std::string ShellState::words_of_return(const Sheets& before) const {
  const Sheet now = history.sheets().open(), was = before.of(now.experiment.lab);
  std::string words = differing_words(now.experiment, was.experiment);
  std::ranges::replace(words, '\n', ' ');
  if (now.document.name != was.document.name) words = document_name();
  return format_text("toast.back", fmt::arg("lab", text(open_lab().title_key())),
                     fmt::arg("what", fitted(words, 30 * ImGui::GetFontSize())));
}

}  // namespace nanscope
