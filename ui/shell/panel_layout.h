#pragma once

#include "imgui.h"

// Where the docked panels are.
namespace nanscope {

/// The panels' names for Dear ImGui.
namespace panel {
inline constexpr const char* controls = "###controls";
inline constexpr const char* plots = "###plots";
inline constexpr const char* inspector = "###inspector";
// Windows over them.
inline constexpr const char* card = "###card";
inline constexpr const char* glossary = "###glossary";
inline constexpr const char* hall = "###hall";
inline constexpr const char* message = "###message";
inline constexpr const char* shortcuts = "###shortcuts";
}  // namespace panel

/// How wide the inspector wants to be, in lines of text.
inline constexpr float kInspectorLines = 18.5f;

/// True if the inspector would leave the plots less than half of a window of this width, with body
/// text of `line` pixels. (Dear ImGui's own size of text is that of the frame before until the end
/// of a frame.)
bool too_narrow_for_inspector(float width, float line);

/// Docks the panels into `root`: controls on the left, plots, inspector on the right, as wide as
/// text of `line` pixels needs.
void build_panel_layout(ImGuiID root, ImVec2 size, float line);

}  // namespace nanscope
