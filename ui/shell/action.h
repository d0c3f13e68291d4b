#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"

namespace nanscope {

/// Something that a person can do. One table of these feeds the menu, the palette, the keyboard and
/// the tests.
struct Action {
  std::string id;     ///< "file.open"
  std::string label;  ///< as menus and the palette show it
  ImGuiKeyChord chord = 0;
  std::function<void()> run = {};
  std::function<bool()> enabled = {};  ///< none: always
  std::function<bool()> checked = {};  ///< none: it is no choice
  std::function<void()> refuse = {};   ///< what its keys do while it is not enabled
  ImGuiKeyChord other_chord = 0;       ///< a second one that hands may know
  bool once = false;                   ///< a key that is held down runs it once

  bool available() const { return !enabled || enabled(); }
};

/// The action with this id, or null.
const Action* find_action(std::span<const Action> actions, std::string_view id);

/// Runs the action whose chord was pressed this frame, if there is one and it is available; none
/// behind a dialog. The keyboard's focus stays where it is.
void run_shortcuts(std::span<const Action> actions);

/// Escape in the current window, or in a field of it that is typed into: dialogs close at the first
/// press. Call it within the window.
bool escape_pressed();

/// "Ctrl+Shift+P", or "".
std::string chord_text(ImGuiKeyChord chord);

/// One action as a menu item, with its chord and its mark. In a menu of its own kind it has a
/// shorter label: "Dark" instead of "Theme: Dark".
void action_item(const Action& action, std::string_view label);
inline void action_item(const Action& action) { action_item(action, action.label); }

/// How well `pattern` matches `words`: its letters in order, or its words in any order, better at
/// the starts of words and in runs; 0 if they do not all occur. An empty pattern matches
/// everything.
int fuzzy_score(std::string_view pattern, std::string_view words);

}  // namespace nanscope
