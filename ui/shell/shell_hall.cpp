#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "imgui_internal.h"
#include "ui/shell/panel_layout.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// What people in the last row see: one plot for a lecture hall; and beside what was clicked, a card
// in place of an inspector that there is no room for.
namespace nanscope {
namespace {

/// The plot that is large: the one that is alone or pointed at, else the first that is shown.
std::string plot_of_hall(const Lab& lab, const ViewSpec& view,
                         const std::optional<Figure>& figure) {
  const std::string alone = shown_alone(lab, view);
  const std::string wanted = alone.empty() ? std::string(lab.plot_to_enlarge()) : alone;
  if (!figure) return wanted;
  if (const FigurePlot* plot = find_plot(*figure, wanted); plot && !plot->alone) return wanted;
  const auto shown = std::ranges::find(figure->plots, false, &FigurePlot::alone);
  return shown == figure->plots.end() ? "" : std::string(shown->name());
}

/// Whether a card can take the place of a plot with these corners; `line`: pixels of text.
bool has_room_for_card(const std::pair<ImVec2, ImVec2>& plot, float line) {
  constexpr ImVec2 kLeast{16, 14};  // lines of text
  return plot.second.x - plot.first.x >= kLeast.x * line &&
         plot.second.y - plot.first.y >= kLeast.y * line;
}

}  // namespace

void ShellState::enter_hall() {
  hall = BeforeHall{settings.controls_visible, settings.inspector_visible,
                    shown_alone(open_lab(), history.current().view)};
  keep_one_plot();
  card.reset();
}

void ShellState::show_plot(const std::string& plot) {
  ViewSpec view_of_plot = history.current().view;
  view_of_plot.plot = plot;
  look(view_of_plot);
}

void ShellState::keep_one_plot() {
  show_plot(plot_of_hall(open_lab(), history.current().view, figure()));
}

void ShellState::turn_page(int by) {
  const std::optional<Figure> shown = figure();
  if (!shown) return;
  std::vector<std::string> plots;
  for (const FigurePlot& plot : shown->plots)
    if (!plot.alone) plots.emplace_back(plot.name());
  const auto count = std::ssize(plots);
  const auto at = std::ranges::find(plots, history.current().view.plot) - plots.begin();
  if (at < count) show_plot(plots[static_cast<std::size_t>((at + by + count) % count)]);
}

void ShellState::change_sheet(const std::function<void()>& change_it) {
  if (!hall) return change_it();
  const LabName lab = history.current().lab;
  const std::string plot = history.current().view.plot;
  show_plot(hall->plot);
  change_it();
  hall->plot = shown_alone(open_lab(), history.current().view);
  if (history.current().lab == lab) show_plot(plot);
}

void ShellState::leave_hall() {
  if (!hall) return;
  show_plot(hall->plot);
  settings.controls_visible = hall->controls;
  settings.inspector_visible = hall->inspector;
  hall.reset();
  keep_layout = true;
  restyle();  // or this frame would find the panels too narrow for letters of the hall's size
}

void ShellState::toggle_plot_alone() {
  const bool alone = !shown_alone(open_lab(), history.current().view).empty();
  if (hall) return leave_hall();
  if (only_plots() && !alone) return enter_hall();
  look(with_plot_toggled(open_lab(), history.current().view));
}

void ShellState::toggle_only_plots() {
  const bool alone = !shown_alone(open_lab(), history.current().view).empty();
  if (hall) return leave_hall();
  if (!only_plots() && alone) return enter_hall();
  BesidePlots next{false, false};
  if (only_plots())
    next = std::exchange(beside_plots, {}).value_or(BesidePlots{true, !narrow.value_or(false)});
  else
    beside_plots = {settings.controls_visible, settings.inspector_visible};
  settings.controls_visible = next.controls;
  settings.inspector_visible = next.inspector;
}

bool ShellState::can_leave() const {
  // Those close first.
  if (shortcuts_visible || glossary.visible() || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup))
    return false;
  return refused || card || hall || only_plots() || chooses();
}

bool ShellState::chooses() const {
  const ViewSpec& looked = history.current().view;
  return looked.layer || looked.element || looked.look;
}

void ShellState::let_go() {
  ViewSpec next = history.current().view;
  next.layer.reset();
  next.element.reset();
  next.look.reset();
  look(next);
}

void ShellState::leave() {
  if (refused)
    forget_message();
  else if (card)
    card.reset();
  else if (hall)
    leave_hall();
  else if (chooses())
    let_go();
  else
    toggle_only_plots();
}

void ShellState::draw_hall() {
  keep_one_plot();  // of a demo, a lab or a view that came since
  // The panels keep their places while they are not seen; nor is their background, which would lie
  // over the hall.
  ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32_BLACK_TRANS);
  ImGui::DockSpaceOverViewport(ImGui::GetID("###dockspace"), ImGui::GetMainViewport(),
                               ImGuiDockNodeFlags_KeepAliveOnly);
  ImGui::PopStyleColor();
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport.Pos);
  ImGui::SetNextWindowSize(viewport.Size);
  ImGui::SetNextWindowBgAlpha(0);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoDocking |
                                      ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                      ImGuiWindowFlags_NoBringToFrontOnFocus;
  LabRequests requests;
  constexpr std::array kPanels{panel::hall};
  constexpr std::array kElsewhere{panel::card, panel::shortcuts, panel::glossary, panel::message};
  tab_order.begin(kPanels, kElsewhere);
  if (ImGui::Begin(panel::hall, nullptr, kFlags)) {
    const float notes = std::max(hall_notes_height() - ImGui::GetStyle().WindowPadding.y, 0.0f);
    ImGui::BeginChild("plots", {0, -hall->control_height - notes}, ImGuiChildFlags_NavFlattened,
                      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    draw_plots(lab_view(picture_style()), requests);
    ImGui::EndChild();
    Experiment draft = history.current();
    const float top = ImGui::GetCursorPosY();
    open_lab().main_control(lab_view(style), draft, requests);
    hall->control_height = ImGui::GetCursorPosY() - top + unit(style) / 2;
    tab_order.end_of_panel();
    change(draft, ImGui::GetActiveID());
  }
  ImGui::End();
  draw_card(lab_view(picture_style()), requests);
  carry_out(requests);
}

/// Within the plots, on the side of the pointer where there is more room: the card covers neither
/// the controls nor what it is about.
void ShellState::place_card_beside_pointer() const {
  const float line = type_pixels(), gap = 1.5f * line, margin = unit(style);
  const float left = card->at.x - gap - plots_low.x - margin;
  const float right = plots_high.x - margin - card->at.x - gap;
  const float width = std::min(kInspectorLines * line, std::max(left, right));
  const float x = right >= left ? card->at.x + gap : card->at.x - gap - width;
  const float top = std::max(card->top, plots_low.y + margin);
  ImGui::SetNextWindowPos({x, top});
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, plots_high.y - margin - top});
}

void ShellState::place_card() const {
  if (card_covers_controls()) {
    const ImRect place = ImGui::FindWindowByName(panel::controls)->Rect();
    ImGui::SetNextWindowPos(place.Min);
    ImGui::SetNextWindowSizeConstraints(place.GetSize(), place.GetSize());
  } else if (const auto& plot = card->plot) {
    const ImVec2 size{plot->second.x - plot->first.x, plot->second.y - plot->first.y};
    ImGui::SetNextWindowPos(plot->first);
    ImGui::SetNextWindowSizeConstraints(size, size);
  } else {
    place_card_beside_pointer();
  }
}

void ShellState::draw_card(const LabView& lab_view, LabRequests& requests) {
  if (requests.explain || !chooses()) card.reset();
  if (requests.explain.value_or(false))
    card = Card{ImGui::GetIO().MousePos, requests.explain_below, {}};
  if (settings.inspector_visible && !hall) card.reset();
  if (!card) return;
  card->plot.reset();
  if (const auto& plot = requests.explain_in; plot && has_room_for_card(*plot, type_pixels()))
    card->plot = plot;
  place_card();
  constexpr ImGuiWindowFlags kFlags =
      ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove |
      ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_AlwaysAutoResize |
      ImGuiWindowFlags_NoFocusOnAppearing;
  bool open = true;
  const std::string title = std::string(text("card.title")) + panel::card;
  if (ImGui::Begin(title.c_str(), &open, kFlags)) open_lab().inspector(lab_view, requests);
  ImGui::End();
  if (!open) card.reset();
}

}  // namespace nanscope
