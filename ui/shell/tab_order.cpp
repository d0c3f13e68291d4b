#include "ui/shell/tab_order.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {
namespace {

bool is_root_of_focus(const char* name) {
  const ImGuiWindow* focused = ImGui::GetCurrentContext()->NavWindow;
  const ImGuiWindow* window = ImGui::FindWindowByName(name);
  return focused && window && focused->RootWindow == window;
}

/// Tab was pressed, and no dialog or menu is open that keeps it.
bool tab_pressed() {
  const ImGuiIO& io = ImGui::GetIO();
  const bool popup = ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup);
  return !popup && !io.KeyCtrl && !io.KeyAlt &&
         ImGui::IsKeyPressed(ImGuiKey_Tab, ImGuiInputFlags_Repeat, ImGuiKeyOwner_NoOwner);
}

}  // namespace

const std::string& TabOrder::neighbour(const std::string& panel, bool forward) const {
  const auto at = std::ranges::find(panels_, panel);
  if (at == panels_.end()) return forward ? panels_.front() : panels_.back();
  if (forward) return std::next(at) == panels_.end() ? panels_.front() : *std::next(at);
  return at == panels_.begin() ? panels_.back() : *std::prev(at);
}

/// Asks Dear ImGui for the first (or last) stop of a window, as it asks itself for the next one
/// when Tab is pressed.
void TabOrder::enter(const Wish& wish) {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  ImGuiWindow* window = ImGui::FindWindowByName(wish.panel.c_str());
  if (!window) return;
  ImGui::FocusWindow(window);
  imgui.NavId = 0;
  ImGui::NavMoveRequestSubmit(
      ImGuiDir_None, wish.forward ? ImGuiDir_Down : ImGuiDir_Up,
      static_cast<ImGuiNavMoveFlags>(ImGuiNavMoveFlags_IsTabbing) | ImGuiNavMoveFlags_Activate,
      static_cast<ImGuiScrollFlags>(ImGuiScrollFlags_KeepVisibleEdgeX) |
          ImGuiScrollFlags_KeepVisibleEdgeY);
  imgui.NavTabbingDir = wish.forward ? 1 : -1;
  imgui.NavTabbingCounter = wish.forward ? 1 : -1;
}

void TabOrder::begin(std::span<const char* const> panels, std::span<const char* const> elsewhere) {
  panels_.assign(panels.begin(), panels.end());
  if (panels_.empty()) return;
  const bool inside = std::ranges::any_of(panels, is_root_of_focus) ||
                      std::ranges::any_of(elsewhere, is_root_of_focus);
  const bool nowhere = ImGui::GetCurrentContext()->NavId == 0;
  if (tab_pressed() && !wish_ && (!inside || nowhere || from_outside_)) {
    const bool forward = !ImGui::GetIO().KeyShift;
    wish_ = Wish{forward ? panels_.front() : panels_.back(), forward};
    from_outside_ = false;
  }
  if (ImGui::IsAnyItemActive()) from_outside_ = false;
  if (const std::optional<Wish> wish = std::exchange(wish_, std::nullopt)) enter(*wish);
}

void TabOrder::end_of_panel() {
  const ImGuiContext& imgui = *ImGui::GetCurrentContext();
  const ImGuiWindow* panel = ImGui::GetCurrentWindowRead();
  const bool tabbing = imgui.NavMoveScoringItems &&
                       (imgui.NavMoveFlags & ImGuiNavMoveFlags_IsTabbing) &&
                       !(imgui.NavMoveFlags & ImGuiNavMoveFlags_FocusApi);
  if (!tabbing || !imgui.NavWindow || imgui.NavWindow->RootWindow != panel) return;
  if (imgui.NavId == 0) {
    // Entered in this frame: a panel without a stop is passed by.
    if (imgui.NavMoveResultLocal.ID != 0 || imgui.NavTabbingDir == 0) return;
    const bool forward = imgui.NavTabbingDir > 0;
    ImGui::NavMoveRequestCancel();
    wish_ = Wish{neighbour(panel->Name, forward), forward};
    return;
  }
  // Forward: what has the focus was met, and nothing came behind it. Backward: everything was met,
  // since nothing stood before what has the focus.
  const bool last = imgui.NavTabbingDir == 1 && imgui.NavTabbingCounter == 1;
  const bool first = imgui.NavTabbingDir == -1;
  if (!last && !first) return;
  ImGui::NavMoveRequestCancel();
  wish_ = Wish{neighbour(panel->Name, last), last};
}

}  // namespace nanscope
