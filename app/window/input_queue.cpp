#include "app/window/input_queue.h"

#include <algorithm>
#include <vector>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {
namespace {

ImVector<ImGuiInputEvent>& queue() { return ImGui::GetCurrentContext()->InputEventsQueue; }

bool is_modifier(const ImGuiInputEvent& event) {
  return event.Type == ImGuiInputEventType_Key && (event.Key.Key & ImGuiMod_Mask_) != 0;
}

/// A key that is no modifier. Dear ImGui itself keeps modifiers and buttons apart.
bool goes_down(const ImGuiInputEvent& event) {
  return event.Type == ImGuiInputEventType_Key && event.Key.Down &&
         !ImGui::IsLRModKey(event.Key.Key) && !is_modifier(event);
}

}  // namespace

bool only_pointer_moved() {
  const auto& events = queue();
  return !events.empty() && !ImGui::IsAnyMouseDown() &&
         std::ranges::all_of(events, [](const ImGuiInputEvent& event) {
           return event.Type == ImGuiInputEventType_MousePos;
         });
}

void begin_frame() {
  ImVector<ImGuiInputEvent>& events = queue();
  const auto pressed = std::find_if(events.begin(), events.end(), goes_down);
  const auto later = std::find_if(pressed, events.end(), is_modifier);
  const std::vector<ImGuiInputEvent> rest(later, events.end());
  events.resize(static_cast<int>(later - events.begin()));
  ImGui::NewFrame();
  for (const ImGuiInputEvent& event : rest) events.push_back(event);
}

bool inputs_wait() { return !queue().empty(); }

}  // namespace nanscope
