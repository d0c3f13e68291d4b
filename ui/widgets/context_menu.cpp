#include "ui/widgets/context_menu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imgui.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/pointed_key.h"

namespace nanscope {
namespace {

constexpr float kLongestEntry = 18;  // lines of text wide

/// One line of what may be many.
std::string in_one_line(std::string words) {
  std::ranges::replace(words, '\n', ' ');
  std::ranges::replace(words, '\t', ' ');
  return words;
}

}  // namespace

ContextMenu::ContextMenu(const char* id) : open_(ImGui::BeginPopupContextItem(id)) {}

ContextMenu::ContextMenu(const char* id, Owner) : open_(ImGui::BeginPopup(id)) {}

ContextMenu::~ContextMenu() {
  if (open_) ImGui::EndPopup();
}

bool ContextMenu::copy(const std::string& words) const {
  if (words.empty()) return false;
  const std::string shown = fitted(in_one_line(words), ImGui::GetFontSize() * kLongestEntry);
  const std::string label = format_text("menu.copy_this", fmt::arg("words", shown));
  return ImGui::MenuItem(fmt::format("{}###copy {}", label, words).c_str());
}

bool ContextMenu::entry(const char* key, const char* shortcut, bool enabled) const {
  return ImGui::MenuItem(fmt::format("{}###{}", text(key), key).c_str(), shortcut, false, enabled);
}

void ContextMenu::line() const { ImGui::Separator(); }

bool copy_key_over_item() {
  return ImGui::IsItemHovered() &&
         pointed_key(ImGuiMod_Ctrl | ImGuiKey_C, ImGui::GetID("words under the pointer"));
}

bool clicked_to_copy(const Style& style) {
  if (!ImGui::IsItemHovered()) return false;
  if (copy_key_over_item()) return true;
  return clicked_to_copy(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), style);
}

bool clicked_to_copy(ImVec2 low, ImVec2 high, const Style& style) {
  const float around = std::round(unit(style) / 4);
  ImGui::GetWindowDrawList()->AddRect({low.x - around, low.y}, {high.x + around, high.y},
                                      ImGui::GetColorU32(style.palette.accent), around);
  ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  return ImGui::IsMouseClicked(ImGuiMouseButton_Left);
}

void copyable_by_menu(const char* id, const std::string& exact, std::string& copied) {
  if (copy_key_over_item()) copied = exact;
  if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right))
    ImGui::OpenPopup(id);
  const ContextMenu menu = ContextMenu::opened_by_owner(id);
  if (menu && menu.copy(exact)) copied = exact;
}

void copyable(const char* id, const std::string& exact, const Style& style, std::string& copied) {
  if (clicked_to_copy(style)) copied = exact;
  copyable_by_menu(id, exact, copied);
}

}  // namespace nanscope
