#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "engine/experiment/lab_settings.h"
#include "imgui.h"
#include "imgui_internal.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// The demos: by lab and title in menus, one after the other by key.
namespace nanscope {

std::vector<Demo> by_lab(const std::vector<Demo>& demos,
                         const std::vector<std::unique_ptr<Lab>>& labs) {
  std::vector<Demo> sorted;
  for (const std::unique_ptr<Lab>& lab : labs)
    std::ranges::copy_if(demos, std::back_inserter(sorted),
                         [&](const Demo& demo) { return demo.experiment.lab == lab->name(); });
  return sorted;
}

Document document_of(const Demo& demo) {
  return {demo.title, "", demo.name, demo.summary, demo.experiment};
}

const Demo* ShellState::find_demo(std::string_view name) const {
  const auto found = std::ranges::find(demos, name, &Demo::name);
  return found == demos.end() ? nullptr : &*found;
}

bool ShellState::owns_document() const {
  return history.document().baseline.lab == history.current().lab;
}

std::string ShellState::document_name() const {
  return owns_document() ? history.document().name : text("document.unnamed");
}

bool ShellState::shows_demo() const {
  const Demo* demo = find_demo(history.document().demo);
  return demo && document_name() == demo->title;
}

Experiment ShellState::settings_to_reset_to() const {
  const Experiment from = owns_document() ? history.document().baseline : Experiment();
  Experiment next = with_settings_of(open_lab().name(), history.current(), from);
  next.view = with_view_of(open_lab().name(), open_lab().plot_names(), next.view, from.view);
  return next;
}

void ShellState::reset() {
  const Experiment next = settings_to_reset_to();
  if (owns_document()) return change(next);
  open_document({text("document.unnamed"), "", "", "", next});
}

void ShellState::open_demo(const Demo& demo) {
  open_document(document_of(demo));
  open_lab().repeat(demo.experiment, {});
}

void ShellState::step_demo(int by) {
  if (demos.empty()) return;
  const auto count = static_cast<std::ptrdiff_t>(demos.size());
  const auto place = [&](auto is) {
    return std::distance(demos.begin(), std::ranges::find_if(demos, is));
  };
  const std::string& shown = history.document().demo;
  std::ptrdiff_t next = place([&](const Demo& demo) { return demo.name == shown; }) + by;
  if (!find_demo(shown) || !owns_document())
    next = place([&](const Demo& demo) { return demo.experiment.lab == open_lab().name(); });
  // What is being typed ends its edit in this frame, and then the demo comes.
  if (ImGui::IsAnyItemActive()) ImGui::ClearActiveID();
  next_demo = &demos[static_cast<std::size_t>((next + count) % count)];
}

void ShellState::demo_items() const {
  for (const std::unique_ptr<Lab>& lab : labs) {
    bool first = true;
    for (const Demo& demo : demos) {
      if (demo.experiment.lab != lab->name()) continue;
      if (std::exchange(first, false))
        styled_text(text(lab->title_key()), style.fonts.semibold, 0.875f, style.palette.muted);
      if (const Action* open = action("demo." + demo.name)) action_item(*open, demo.title);
    }
  }
  ImGui::Separator();
  for (const char* id : {"demos.next", "demos.previous"})
    if (const Action* step = action(id)) action_item(*step, step->label);
}

}  // namespace nanscope
