#include <algorithm>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_settings.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "ui/labs/differing_words.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// Which lab is on the screen; and undo and redo, which may bring another one.
namespace nanscope {
namespace {

/// What the experiment is compared with, where that is not what it was compared with before.
std::string comparison_words(const Experiment& now, const Experiment& was) {
  const auto other = compared_with(now), other_before = compared_with(was);
  const auto differs = [&](const std::string& key) {
    return key_text(*other, key) != key_text(*other_before, key);
  };
  const bool both = other && other_before;
  if (both ? std::ranges::none_of(compared_keys(), differs) : !other && !other_before) return "";
  if (!other) return text("toast.no_comparison");
  const std::string words = differing_words(*other, now);
  if (words.empty()) return text("toast.comparison_same");
  return format_text("toast.comparison", fmt::arg("settings", words));
}

}  // namespace

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
  // Without another lab to come this frame's panels have had it.
  field_wanted = field_wanted && next_lab;
  if (const auto name = std::exchange(next_lab, std::nullopt)) bring(*name);
}

void ShellState::bring(LabName name) {
  change_sheet([&] { history.show(name); });
  if (!owns_document()) open_lab().wait_at_first();
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

std::string ShellState::words_of_return(LabName lab, const Sheets& before) const {
  const Sheet now = history.sheets().of(lab), was = before.of(lab);
  if (now.document.name != was.document.name && now.document.baseline.lab == lab)
    return now.document.name;
  const Experiment returned = with_settings_of(lab, was.experiment, now.experiment);
  std::string words = differing_words(returned, was.experiment);
  if (const std::string other = comparison_words(returned, was.experiment); !other.empty())
    words += (words.empty() ? "" : ", ") + other;
  std::ranges::replace(words, '\n', ' ');
  return fitted(words, 30 * ImGui::GetFontSize());
}

std::string ShellState::words_of_return(const Sheets& before) const {
  const Lab* returned = &open_lab();
  std::string words = words_of_return(returned->name(), before);
  // A demo that another lab got is taken back without that lab.
  for (auto lab = labs.begin(); words.empty() && lab != labs.end(); ++lab) {
    returned = lab->get();
    words = words_of_return(returned->name(), before);
  }
  if (words.empty())
    return format_text("toast.back_view", fmt::arg("lab", text(open_lab().title_key())));
  return format_text("toast.back", fmt::arg("lab", text(returned->title_key())),
                     fmt::arg("what", words));
}

}  // namespace nanscope
