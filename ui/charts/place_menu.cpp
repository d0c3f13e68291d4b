#include "ui/charts/place_menu.h"

#include "ui/widgets/context_menu.h"
#include "ui/widgets/pointed_key.h"

namespace nanscope {

std::string PlaceMenu::draw(const char* id, const Words& words, bool pointed,
                            const std::function<void()>& more) {
  std::string copied;
  if (pointed && pointed_key(ImGuiMod_Ctrl | ImGuiKey_C, ImGui::GetID(id)))
    if (const std::vector<std::string> here = words(); !here.empty()) copied = here.front();
  if (pointed && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
    words_ = words();
    ImGui::OpenPopup(id);
  }
  const ContextMenu menu = ContextMenu::opened_by_owner(id);
  if (!menu) return copied;
  for (const std::string& one : words_)
    if (menu.copy(one)) copied = one;
  if (!words_.empty()) menu.line();
  more();
  return copied;
}

}  // namespace nanscope
