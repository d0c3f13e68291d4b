#pragma once

#include <string>

#include "imgui.h"
#include "ui/theme/theme.h"

// The same menu on a right click everywhere: first what can be copied here, then what can be done
// here, then what holds for more than this place.
namespace nanscope {

/// The menu of the item drawn last, which a right click on it opens, or the menu key (Shift+F10)
/// while it has the keyboard's focus. Entries are added while it lives.
class ContextMenu {
 public:
  explicit ContextMenu(const char* id);
  /// A menu that its owner has opened with ImGui::OpenPopup().
  static ContextMenu opened_by_owner(const char* id) { return ContextMenu(id, Owner{}); }
  ~ContextMenu();
  ContextMenu(const ContextMenu&) = delete;
  ContextMenu& operator=(const ContextMenu&) = delete;

  explicit operator bool() const { return open_; }

  /// "Copy 0.0625": what is copied is shown, shortened where it is long. True if it was chosen.
  bool copy(const std::string& words) const;
  /// An entry by its key in ui/text, with the keys that do the same. True if it was chosen.
  bool entry(const char* key, const char* shortcut = nullptr, bool enabled = true) const;
  /// A line before the next group.
  void line() const;

 private:
  struct Owner {};
  ContextMenu(const char* id, Owner);
  bool open_ = false;
};

/// Whether Ctrl+C was pressed over the item drawn last, which has no key of its own.
bool copy_key_over_item();
/// The words drawn last are something to take along: lights them while the pointer is on them. True
/// if they are clicked, or Ctrl+C is pressed over them.
bool clicked_to_copy(const Style& style);
/// The same of words within these corners, which are part of a drawing under the pointer.
bool clicked_to_copy(ImVec2 low, ImVec2 high, const Style& style);
/// A click on the words drawn last copies `exact`, and so does the menu of a right click: into
/// `copied`.
void copyable(const char* id, const std::string& exact, const Style& style, std::string& copied);
/// The same without the click: for sentences, which people click on for no reason.
void copyable_by_menu(const char* id, const std::string& exact, std::string& copied);

}  // namespace nanscope
