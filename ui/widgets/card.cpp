#include "ui/widgets/card.h"

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {

Card::Card(const char* id, ImVec2 size, const Style& style, bool scrolls) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, style.palette.surface);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {unit(style), unit(style)});
  constexpr ImGuiWindowFlags kStill =
      ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::BeginChild(id, size, ImGuiChildFlags_Borders | ImGuiChildFlags_NavFlattened,
                    scrolls ? ImGuiWindowFlags_None : kStill);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  hovered_ = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
}

Card::~Card() { ImGui::EndChild(); }

}  // namespace nanscope
