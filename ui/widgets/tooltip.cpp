#include "ui/widgets/tooltip.h"

#include <algorithm>
#include <utility>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {
namespace {

constexpr float kWidest = 22;  // of help, in lines of text
constexpr float kTallest = 4;  // of an item that help stands below, in lines of text
constexpr float kLow = 0.6f;   // of the window's height: help of what is lower stands above it

/// Whether the last item was worked on since the pointer came to it.
bool was_worked_on() {
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImGuiID worked_on = ImGui::GetCurrentContext()->LastItemData.ID;
  if (worked_on == 0) return false;
  const ImGuiID key = ImHashStr("worked on", 0, worked_on);
  const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_NoNavOverride |
                                            ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  if (ImGui::IsItemActive())
    storage.SetBool(key, true);
  else if (!hovered && storage.GetBool(key))
    storage.SetBool(key, false);
  return storage.GetBool(key);
}

}  // namespace

void begin_pointer_tooltip() {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  // Dear ImGui puts tooltips beside the focused item while this is set.
  const bool keyboard_leads = std::exchange(imgui.NavHighlightItemUnderNav, false);
  ImGui::BeginTooltipEx(ImGuiTooltipFlags_OverridePrevious, ImGuiWindowFlags_None);
  imgui.NavHighlightItemUnderNav = keyboard_leads;
}

bool waits_for_help() {
  constexpr ImGuiHoveredFlags kPatiently =
      ImGuiHoveredFlags_Stationary | ImGuiHoveredFlags_DelayNormal;
  return !was_worked_on() && ImGui::IsItemHovered(kPatiently);
}

bool begin_item_help() {
  const ImGuiContext& imgui = *ImGui::GetCurrentContext();
  if (imgui.TooltipPreviousWindow) return false;  // the last tooltip of this frame
  const ImRect item = imgui.LastItemData.Rect;
  const float line = ImGui::GetFontSize(), padding = ImGui::GetStyle().WindowPadding.x;
  float width = kWidest * line + 2 * padding;
  if (item.GetHeight() <= kTallest * line) {
    const ImRect panel = ImGui::GetCurrentWindow()->RootWindow->InnerRect;
    const ImRect window = ImGui::GetCurrentWindow()->Viewport->GetWorkRect();
    width = std::min(width, panel.GetWidth());
    const float x = std::clamp(item.Min.x, panel.Min.x, std::max(panel.Min.x, panel.Max.x - width));
    const bool above = item.GetCenter().y > window.Min.y + kLow * window.GetHeight();
    const float gap = line / 4;
    ImGui::SetNextWindowPos({x, above ? item.Min.y - gap : item.Max.y + gap}, ImGuiCond_Always,
                            {0, above ? 1.0f : 0.0f});
  }
  if (!ImGui::BeginTooltip()) return false;
  ImGui::PushTextWrapPos(width - padding);
  return true;
}

void end_item_help() {
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

void item_tooltip(const char* words) {
  if (was_worked_on() || !ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip)) return;
  if (!begin_item_help()) return;
  ImGui::TextUnformatted(words);
  end_item_help();
}

}  // namespace nanscope
