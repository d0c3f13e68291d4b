#include "app/window/pointer_moves.h"

#include <algorithm>

#include "imgui.h"
#include "imgui_internal.h"

namespace nanscope {

bool only_pointer_moved() {
  const auto& events = ImGui::GetCurrentContext()->InputEventsQueue;
  return !events.empty() && !ImGui::IsAnyMouseDown() &&
         std::ranges::all_of(events, [](const ImGuiInputEvent& event) {
           return event.Type == ImGuiInputEventType_MousePos;
         });
}

}  // namespace nanscope
