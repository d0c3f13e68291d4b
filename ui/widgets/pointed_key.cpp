#include "ui/widgets/pointed_key.h"

#include "imgui_internal.h"

namespace nanscope {

bool pointed_key(ImGuiKeyChord chord, ImGuiID id, bool repeats) {
  return ImGui::Shortcut(chord,
                         ImGuiInputFlags_RouteGlobal | ImGuiInputFlags_RouteOverFocused |
                             (repeats ? ImGuiInputFlags_Repeat : ImGuiInputFlags_None),
                         id);
}

}  // namespace nanscope
