#pragma once

#include "imgui.h"

// Where the docked panels are.
namespace nanscope {

/// The panels' names for Dear ImGui.
namespace panel {
inline constexpr const char* controls = "###controls";
inline constexpr const char* plots = "###plots";
inline constexpr const char* inspector = "###inspector";
}  // namespace panel

/// True if the inspector would leave the plots less than half of a window of this width, in the
/// current font.
bool too_narrow_for_inspector(float width);

/// Docks the panels into `root`: controls on the left, plots, inspector on the right.
void build_panel_layout(ImGuiID root, ImVec2 size);

}  // namespace nanscope
