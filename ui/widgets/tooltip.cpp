#include "ui/widgets/tooltip.h"

#include <utility>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {

void begin_pointer_tooltip() {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  // Dear ImGui puts tooltips beside the focused item while this is set.
  const bool keyboard_leads = std::exchange(imgui.NavHighlightItemUnderNav, false);
  ImGui::BeginTooltipEx(ImGuiTooltipFlags_OverridePrevious, ImGuiWindowFlags_None);
  imgui.NavHighlightItemUnderNav = keyboard_leads;
}

void item_tooltip(const char* words) {
  // The last tooltip of this frame.
  if (ImGui::GetCurrentContext()->TooltipPreviousWindow) return;
  ImGui::SetItemTooltip("%s", words);
}

}  // namespace nanscope
