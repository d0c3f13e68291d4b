#include "ui/shell/panel_layout.h"

#include <algorithm>
#include <utility>

#include "imgui_internal.h"
#include "ui/shell/shell_state.h"

namespace nanscope {
namespace {

// Widths in lines of text, and at most as shares of the window.
constexpr float kControlsLines = 18;
constexpr float kControlsShare = 0.3f, kInspectorShare = 0.28f, kPlotsShare = 0.5f;

float controls_width(float window, float line) {
  return std::min(kControlsLines * line, window * kControlsShare);
}

}  // namespace

bool too_narrow_for_inspector(float width, float line) {
  return width - controls_width(width, line) - kInspectorLines * line < kPlotsShare * width;
}

void build_panel_layout(ImGuiID root, ImVec2 size, float line) {
  constexpr ImGuiDockNodeFlags kQuiet =
      static_cast<ImGuiDockNodeFlags>(ImGuiDockNodeFlags_NoTabBar) |
      static_cast<ImGuiDockNodeFlags>(ImGuiDockNodeFlags_NoWindowMenuButton) |
      ImGuiDockNodeFlags_NoUndocking;
  const float controls = controls_width(size.x, line);
  const float inspector = std::min(kInspectorLines * line, size.x * kInspectorShare);
  ImGui::DockBuilderRemoveNode(root);
  ImGui::DockBuilderAddNode(root, ImGuiDockNodeFlags_DockSpace);
  ImGui::DockBuilderSetNodeSize(root, size);
  ImGuiID centre = root;
  const ImGuiID left =
      ImGui::DockBuilderSplitNode(centre, ImGuiDir_Left, controls / size.x, nullptr, &centre);
  const ImGuiID right = ImGui::DockBuilderSplitNode(
      centre, ImGuiDir_Right, inspector / (size.x - controls), nullptr, &centre);
  for (const auto& [name, node] :
       {std::pair{panel::controls, left}, {panel::plots, centre}, {panel::inspector, right}}) {
    ImGui::DockBuilderDockWindow(name, node);
    ImGuiDockNode* docked = ImGui::DockBuilderGetNode(node);
    docked->SetLocalFlags(kQuiet | docked->LocalFlags);
  }
  ImGui::DockBuilderFinish(root);
}

void ShellState::draw_dockspace() {
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  const ImGuiID root = ImGui::GetID("###dockspace");
  // On a small screen with large type the plots come first; F3 brings the inspector back.
  const bool narrow_now = too_narrow_for_inspector(viewport->WorkSize.x, type_pixels());
  const bool first = !narrow.has_value();
  const bool flipped = !first && *narrow != narrow_now;
  narrow = narrow_now;
  if (std::exchange(layout_wanted, false) || flipped) {
    if (first || flipped) settings.inspector_visible = !narrow_now;
    build_panel_layout(root, viewport->WorkSize, type_pixels());
  }
  // The host has cleared the window to this colour (see begin_panel()).
  ImGui::PushStyleColor(ImGuiCol_WindowBg, IM_COL32_BLACK_TRANS);
  ImGui::DockSpaceOverViewport(root, viewport, ImGuiDockNodeFlags_None);
  ImGui::PopStyleColor();
}

}  // namespace nanscope
