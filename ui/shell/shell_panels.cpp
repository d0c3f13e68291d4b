#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/shell/panel_layout.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

// What the shell draws around a lab.
namespace nanscope {
namespace {

constexpr const char* kDemos = "demos";  // in a menu: all of them, in a menu of their own

struct Menu {
  const char* label;               ///< key in ui/text
  std::vector<const char*> items;  ///< action ids; "-" is a line
};

const std::array<Menu, 4>& menus() {
  static const std::array<Menu, 4> kMenus{{
      {"menu.file",
       {"file.open", kDemos, "-", "file.save", "file.save_as", "file.save_run", "file.save_state",
        "-", "file.export", "file.export_plot", "file.export_quickly", "-", "file.quit"}},
      {"menu.edit",
       {"edit.undo", "edit.redo", "edit.reset", "-", "edit.copy", "edit.paste", "edit.copy_pytorch",
        "-", "edit.copy_picture", "edit.copy_csv", "edit.copy_json"}},
      {"menu.run",
       {"run.play", "run.step", "run.again", "run.new_weights", "run.take_training", "-",
        "run.gain_up", "run.gain_down", "run.gain_up_fine", "run.gain_down_fine",
        "run.gain_up_finest", "run.gain_down_finest", "-", "compare.keep", "compare.swap",
        "compare.end", "-", "run.cancel"}},
      {"menu.view",
       {"view.maximize", "view.show_all", "view.lock_axes", "view.plots_only", "view.hall",
        "view.controls", "view.inspector", "view.reset_layout", "view.animated", "-",
        "view.zoom_in", "view.zoom_out", "view.zoom_reset", "-", "view.fullscreen"}},
  }};
  return kMenus;
}

/// Every action whose id begins with `prefix`. In a menu of their own "Theme: Dark" is just "Dark".
void actions_with_prefix(const ShellState& shell, std::string_view prefix) {
  for (const Action& action : shell.actions) {
    if (!action.id.starts_with(prefix)) continue;
    const auto colon = action.label.find(": ");
    action_item(action,
                std::string_view(action.label).substr(colon == std::string::npos ? 0 : colon + 2));
  }
}

void menu_items(const ShellState& shell, const std::vector<const char*>& items) {
  for (const char* id : items) {
    if (id[0] == '-') {
      ImGui::Separator();
    } else if (id == kDemos) {
      if (!ImGui::BeginMenu(text("menu.new_from_demo"))) continue;
      shell.demo_items();
      ImGui::EndMenu();
    } else if (const Action* action = shell.action(id)) {
      action_item(*action);
    }
  }
}

/// Moves the cursor so that what is `width` wide ends at the right edge.
void align_right(float width) {
  const float free = ImGui::GetContentRegionAvail().x - width;
  if (free > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + free);
}

float menu_width(const std::string& label) {
  return ImGui::CalcTextSize(label.c_str(), nullptr, true).x + 2 * ImGui::GetStyle().ItemSpacing.x;
}

/// A menu named after what is chosen in it, with a triangle that says so. End it with EndMenu().
bool begin_choice_menu(const std::string& label, const Style& style) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = menu_width(label);
  const float half = ImGui::GetFontSize() * 0.22f;
  const ImVec2 middle{corner.x + width - ImGui::GetStyle().ItemSpacing.x - 1.5f * half,
                      corner.y + ImGui::GetFrameHeight() / 2};
  ImGui::GetWindowDrawList()->AddTriangleFilled(
      {middle.x - half, middle.y - half / 2}, {middle.x + half, middle.y - half / 2},
      {middle.x, middle.y + half * 0.7f}, ImGui::GetColorU32(style.palette.muted));
  return ImGui::BeginMenu(label.c_str());
}

/// Where the inspector is while it is hidden beside controls and plots.
bool hints_at_inspector(const ShellState& shell) {
  return shell.settings.controls_visible && !shell.settings.inspector_visible;
}

/// What of the status bar's right end it takes, with the room left of it.
float inspector_hint_width(const ShellState& shell) {
  if (!hints_at_inspector(shell)) return 0;
  return ImGui::CalcTextSize(text("status.inspector")).x + 2 * ImGui::GetStyle().FramePadding.x +
         3 * unit(shell.style);
}

void draw_inspector_hint(const ShellState& shell) {
  if (!hints_at_inspector(shell)) return;
  const float width = inspector_hint_width(shell) - 3 * unit(shell.style);
  ImGui::SameLine();
  align_right(width);
  if (ImGui::SmallButton(fmt::format("{}###inspector", text("status.inspector")).c_str()))
    shell.action("view.inspector")->run();
  item_tooltip(text("status.inspector_help"));
}

/// Begins a docked panel, without the background that the host has cleared the window to: a
/// software renderer takes longer to fill the window twice more than for all that is drawn on it.
bool begin_panel(const char* name, ImGuiWindowFlags flags = 0) {
  ImGui::SetNextWindowBgAlpha(0);
  return ImGui::Begin(name, nullptr, flags | ImGuiWindowFlags_NoCollapse);
}

}  // namespace

void ShellState::draw_menu_bar() {
  if (!ImGui::BeginMainMenuBar()) return;
  for (const Menu& menu : menus()) {
    if (!ImGui::BeginMenu(fmt::format("{}###{}", text(menu.label), menu.label).c_str())) continue;
    menu_items(*this, menu.items);
    ImGui::EndMenu();
  }
  if (ImGui::BeginMenu(fmt::format("{}###menu.help", text("menu.help")).c_str())) {
    actions_with_prefix(*this, "help.");
    ImGui::EndMenu();
  }
  ImGui::SameLine(0, 3 * unit(style));
  for (const std::unique_ptr<Lab>& lab : labs) {
    const char* title = text(lab->title_key());
    const ImVec2 extent = ImGui::CalcTextSize(title);
    if (lab != labs.front()) ImGui::SameLine(0, 2 * unit(style));
    if (ImGui::Selectable(title, false, 0, {extent.x, 0})) show_lab(lab->name());
    if (lab->name() != history.current().lab) continue;
    // The accent under the lab that is open.
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRectFilled({low.x, high.y - unit(style) / 4}, high,
                                              ImGui::GetColorU32(style.palette.accent));
  }
  const std::string name = fitted(document_name(), ImGui::GetFontSize() * 14);
  const std::string demo = fmt::format(
      "{}     ###menu.demo", shows_demo() ? format_text("menu.demo", fmt::arg("name", name))
                             : is_named_document() ? name
                                                   : text("menu.demos"));
  const std::string theme =
      fmt::format("{}     ###menu.theme", text(fmt::format("theme.{}", name_of(settings.theme))));
  align_right(menu_width(demo) + menu_width(theme) + unit(style));
  if (begin_choice_menu(demo, style)) {
    demo_items();
    ImGui::EndMenu();
  }
  if (begin_choice_menu(theme, style)) {
    actions_with_prefix(*this, "theme.");
    ImGui::EndMenu();
  }
  ImGui::EndMainMenuBar();
}

std::vector<std::string> ShellState::status_facts() const {
  if (const double bytes = bytes_under_way(); bytes > 0)
    return {format_text("status.holds", fmt::arg("bytes", bytes_text(bytes)))};
  std::vector<std::string> facts = open_lab().status(view.results);
  if (facts.empty() && view.engine_state == EngineState::opening) facts = {text("state.loading")};
  return facts;
}

const char* ShellState::lab_title(const SlotView& slot) const {
  const auto asker = asked_by.find(slot.name);
  const LabName name = asker == asked_by.end() ? history.current().lab : asker->second;
  const auto lab =
      std::ranges::find(labs, name, [](const std::unique_ptr<Lab>& one) { return one->name(); });
  return text((*lab)->title_key());
}

/// How far a long job is, whichever lab's, with a button that stops it.
void ShellState::draw_progress(const SlotView& slot) {
  const float bar = ImGui::GetFontSize() * 8;
  std::string words = words_of_work(slot) + " ...";
  if (waits_for(slot))
    words = format_text("status.others_wait", fmt::arg("work", words),
                        fmt::arg("lab", text(open_lab().title_key())));
  const char* cancel_label = text("dialog.cancel");
  // Beside the notes that lie over the bar's right end.
  const float end = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  const float noted = std::max(end - toasts.left(), inspector_hint_width(*this));
  align_right(bar + ImGui::CalcTextSize(words.c_str()).x + ImGui::CalcTextSize(cancel_label).x +
              4 * unit(style) + noted);
  end_help_at(std::min(ImGui::GetCursorScreenPos().x - unit(style), toasts.left()));
  ImGui::TextDisabled("%s", words.c_str());
  ImGui::SameLine();
  // The bar last: what follows it on the line would hang lower.
  if (ImGui::SmallButton(fmt::format("{}###cancel", cancel_label).c_str())) cancel();
  if (slot.progress_fraction <= 0) return;
  ImGui::SameLine();
  ImGui::ProgressBar(static_cast<float>(slot.progress_fraction), {bar, ImGui::GetTextLineHeight()},
                     "");
}

void ShellState::draw_export_progress() const {
  ImGui::TextDisabled("%s", text("status.exporting"));
  ImGui::SameLine();
  ImGui::ProgressBar(exporter.progress(), {ImGui::GetFontSize() * 8, ImGui::GetTextLineHeight()},
                     "");
  ImGui::SameLine(0, 3 * unit(style));
}

void ShellState::draw_status_bar() {
  constexpr ImGuiWindowFlags kFlags =
      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav;
  const float height = help_bar_height();
  ImGui::PushStyleVar(
      ImGuiStyleVar_WindowPadding,
      {ImGui::GetStyle().WindowPadding.x, std::floor((height - ImGui::GetTextLineHeight()) / 2)});
  if (ImGui::BeginViewportSideBar(kHelpBar, ImGui::GetMainViewport(), ImGuiDir_Down, height,
                                  kFlags)) {
    end_help_at(
        std::min(ImGui::GetWindowPos().x + ImGui::GetWindowWidth() - inspector_hint_width(*this),
                 toasts.left()));
    for (const std::string& fact : status_facts()) {
      ImGui::TextDisabled("%s", fact.c_str());
      std::string copied;
      copyable(fact.c_str(), fact, style, copied);
      if (!copied.empty()) copy(copied, "toast.copied");
      ImGui::SameLine(0, 3 * unit(style));
    }
    if (exporter.busy()) draw_export_progress();
    if (const std::string path = saving_state(); !path.empty()) {
      const std::string name = std::filesystem::path(path).filename().string();
      ImGui::TextDisabled("%s", format_text("status.saving", fmt::arg("file", name)).c_str());
      ImGui::SameLine(0, 3 * unit(style));
    }
    const SlotView* slot = slot_under_way();
    const auto is_cancelled = [&](const JobRequest& job) {
      const SlotView& asked = view.slot(job.slot());
      return asked.cancelled && asked.wanted == job;
    };
    if (slot && !slot->progress.empty()) {
      draw_progress(*slot);
    } else if (std::ranges::any_of(jobs, is_cancelled)) {
      align_right(ImGui::CalcTextSize(text("status.cancelled")).x + inspector_hint_width(*this));
      ImGui::TextDisabled("%s", text("status.cancelled"));
    }
    draw_inspector_hint(*this);
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

LabView ShellState::lab_view(const Style& of_pictures) const {
  return {.experiment = history.current(),
          .reset_to = history.document().baseline,
          .session = view,
          .style = of_pictures,
          .plain_style = style,
          .waiting = waiting_words(),
          .notice = notice ? &*notice : nullptr,
          .summary = owns_document() && !hall ? std::string_view(history.document().summary)
                                              : std::string_view(),
          .covered = current_message() && !message_is_apart(),
          .refused = refused ? &*refused : nullptr,
          .dragging = history.in_gesture(),
          .settled = settled,
          .animated = settings.animated,
          .carded = card.has_value(),
          .brief = card && !card_covers_controls(),
          .hall = hall.has_value(),
          .typing = field_wanted && !next_lab && !hall};
}

Style ShellState::picture_style() const {
  Style dimmed = style;
  if (dimming > 0) dimmed.palette = faded(style.palette, dimming);
  return dimmed;
}

/// The open lab's plots in the current window, and the message over them.
void ShellState::draw_plots(const LabView& lab_view, LabRequests& requests) {
  const ImVec2 corner = ImGui::GetWindowPos();
  const float width = ImGui::GetWindowWidth();
  plots_low = corner;
  plots_high = {corner.x + width, corner.y + ImGui::GetWindowHeight()};
  const ImVec2 at{corner.x, corner.y + (message_is_apart() ? 0 : open_lab().message_top())};
  if (message_is_apart()) ImGui::SetCursorPosY(ImGui::GetCursorPosY() + message_height);
  // A lab that has its figure without the engine goes on without it.
  const bool broken = view.engine_state == EngineState::broken &&
                      std::ranges::any_of(jobs, &JobRequest::needs_engine);
  if (broken && !figure())
    draw_broken();
  else
    open_lab().plots(lab_view, requests);
  draw_message(at, width, requests);
}

void ShellState::draw_panels() {
  LabRequests requests;
  const Style dimmed = picture_style();
  std::vector<const char*> panels;
  if (settings.controls_visible && !card_covers_controls()) panels.push_back(panel::controls);
  panels.push_back(panel::plots);
  if (settings.inspector_visible) panels.push_back(panel::inspector);
  constexpr std::array kElsewhere{panel::card, panel::shortcuts, panel::glossary, panel::message};
  tab_order.begin(panels, kElsewhere);
  const LabName lab = history.current().lab;
  if (settings.controls_visible) {
    controls_scroll.before(lab);
    if (begin_panel(panel::controls)) {
      Experiment draft = history.current();
      open_lab().controls(lab_view(style), draft, requests);
      controls_scroll.after(lab);
      tab_order.end_of_panel();
      change(draft, ImGui::GetActiveID());
    }
    ImGui::End();
  }
  if (begin_panel(panel::plots,
                  ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse)) {
    draw_plots(lab_view(dimmed), requests);
    tab_order.end_of_panel();
  }
  ImGui::End();
  if (settings.inspector_visible) {
    inspector_scroll.before(lab);
    if (begin_panel(panel::inspector)) {
      open_lab().inspector(lab_view(dimmed), requests);
      inspector_scroll.after(lab);
      tab_order.end_of_panel();
    }
    ImGui::End();
  }
  draw_card(lab_view(dimmed), requests);
  carry_out(requests);
}

}  // namespace nanscope
