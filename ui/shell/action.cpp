#include "ui/shell/action.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "imgui_internal.h"
#include "ui/widgets/slider_focus.h"

namespace nanscope {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// Whether the cursor is in a field whose text is the one that it came to.
bool field_is_untouched() {
  const ImGuiInputTextState* field = ImGui::GetInputTextState(ImGui::GetActiveID());
  return field && std::string_view(field->TextA.Data, static_cast<std::size_t>(field->TextLen)) ==
                      std::string_view(field->TextToRevertTo.Data);
}

/// What Dear ImGui would give to what has the focus: Alt and a key while a text is typed, for a
/// letter, as Alt Gr and a key are on many keyboards, but the left Alt types none; Ctrl and Page Up
/// or Down, where those without Ctrl are owned; Ctrl+Z where a field has nothing to take back.
bool pressed_over_focus(ImGuiKeyChord chord) {
  const int modifiers = chord & ImGuiMod_Mask_, key = chord & ~ImGuiMod_Mask_;
  const bool typing = ImGui::GetIO().WantTextInput && ImGui::IsAnyItemActive();
  const bool alt = typing && modifiers == ImGuiMod_Alt && !ImGui::IsKeyDown(ImGuiKey_RightAlt);
  const bool page =
      modifiers == ImGuiMod_Ctrl && (key == ImGuiKey_PageUp || key == ImGuiKey_PageDown);
  const bool undo = typing && chord == (ImGuiMod_Ctrl | ImGuiKey_Z) && field_is_untouched();
  return (alt || page || undo) && ImGui::IsKeyChordPressed(chord);
}

bool was_pressed(ImGuiKeyChord chord, bool once) {
  if (chord == 0) return false;
  const ImGuiInputFlags repeat = once ? ImGuiInputFlags_None : ImGuiInputFlags_Repeat;
  return ImGui::Shortcut(chord, ImGuiInputFlags_RouteGlobal | repeat) || pressed_over_focus(chord);
}

/// Arrows and pages with Ctrl or Alt are keys of the window. Dear ImGui would move the focus by
/// them.
void keep_focus() {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  constexpr ImGuiNavMoveFlags kOfOthers =
      static_cast<ImGuiNavMoveFlags>(ImGuiNavMoveFlags_IsTabbing) | ImGuiNavMoveFlags_FocusApi;
  const bool moves = imgui.NavMoveScoringItems && !(imgui.NavMoveFlags & kOfOthers);
  if (!moves || !(imgui.IO.KeyCtrl || imgui.IO.KeyAlt)) return;
  if (imgui.NavInitRequestFromMove) imgui.NavInitRequest = imgui.NavInitRequestFromMove = false;
  ImGui::NavMoveRequestCancel();
}

/// Whether the keyboard's focus is on a field whose text was typed and is done with.
bool left_a_field() {
  const ImGuiContext& imgui = *ImGui::GetCurrentContext();
  return imgui.NavId != 0 && imgui.ActiveId != imgui.NavId &&
         ImGui::GetInputTextState(imgui.NavId) != nullptr;
}

/// Whether Space belongs to what has the keyboard's focus: where one sees that something has. A
/// value that was typed is done with, and Enter opens its field again; a slider has no use for it.
bool focus_takes_space() {
  return ImGui::GetIO().NavVisible && !left_a_field() && !slider_has_focus();
}

/// What has the focus does not take the key that is pressed as well.
void keep_from_focus() {
  ImGuiContext& imgui = *ImGui::GetCurrentContext();
  imgui.NavActivateId = imgui.NavActivateDownId = imgui.NavActivatePressedId = 0;
}

bool starts_word(std::string_view words, std::size_t at) {
  return at == 0 || !std::isalnum(static_cast<unsigned char>(words[at - 1]));
}

constexpr int kLetter = 1, kRun = 3, kWordStart = 5;

/// The best way to find the pattern's letters in order, blanks aside; 0 if there is none.
int score_in_order(std::string_view pattern, std::string_view words) {
  std::vector<int> ending(words.size(), 0);  // with the last letter so far at each place
  bool first = true, in_run = false;
  for (const char wanted : pattern) {
    if (wanted == ' ') {
      in_run = false;
      continue;
    }
    std::vector<int> next(words.size(), 0);
    int before = first ? 1 : 0;  // the best of what ends before this place
    for (std::size_t at = 0; at < words.size(); ++at) {
      const int beside = at > 0 ? ending[at - 1] : 0;
      before = std::max(before, beside);
      if (lower(words[at]) != lower(wanted) || before == 0) continue;
      const int run = in_run && beside > 0 ? beside + kRun : 0;
      next[at] = std::max(before, run) + kLetter + (starts_word(words, at) ? kWordStart : 0);
    }
    ending = std::move(next);
    first = false, in_run = true;
  }
  if (first) return 1;
  return ending.empty() ? 0 : *std::ranges::max_element(ending);
}

/// Of words between blanks that all occur, in any order; 0 if one does not.
int score_of_words(std::string_view pattern, std::string_view words) {
  int score = 1;
  while (!pattern.empty()) {
    const std::string_view word = pattern.substr(0, pattern.find(' '));
    pattern.remove_prefix(std::min(word.size() + 1, pattern.size()));
    if (word.empty()) continue;
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    if (std::ranges::search(words, word, same).empty()) return 0;
    score += score_in_order(word, words) - 1;
  }
  return score;
}

}  // namespace

const Action* find_action(std::span<const Action> actions, std::string_view id) {
  const auto found = std::ranges::find(actions, id, &Action::id);
  return found == actions.end() ? nullptr : &*found;
}

void run_shortcuts(std::span<const Action> actions) {
  keep_focus();
  if (ImGui::GetTopMostPopupModal()) return;  // a dialog's keys are its own
  for (const Action& action : actions) {
    // One that is not available leaves its keys to others, Escape to menus and dialogs, or says so.
    const std::function<void()>& act = action.available() ? action.run : action.refuse;
    if (action.chord == 0 || !act) continue;
    if (action.chord == ImGuiKey_Space && focus_takes_space()) continue;
    if (!was_pressed(action.chord, action.once) && !was_pressed(action.other_chord, action.once))
      continue;
    if (action.chord == ImGuiKey_Space) keep_from_focus();
    return act();
  }
}

bool escape_pressed() {
  return ImGui::Shortcut(ImGuiKey_Escape,
                         ImGuiInputFlags_RouteFocused | ImGuiInputFlags_RouteOverActive);
}

std::string chord_text(ImGuiKeyChord chord) {
  if (chord == 0) return "";
  std::string words = ImGui::GetKeyChordName(chord);
  // As the keys are labelled.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kLabels{
      {{"UpArrow", "Up"}, {"DownArrow", "Down"}, {"Equal", "="}, {"Minus", "-"}, {"Period", "."}}};
  for (const auto& [name, label] : kLabels)
    if (words.ends_with(name)) words.replace(words.size() - name.size(), name.size(), label);
  return words;
}

void action_item(const Action& action, std::string_view label) {
  const std::string item = fmt::format("{}###{}", label, action.id);
  const std::string chord = chord_text(action.chord);
  const bool marked = action.checked && action.checked();
  if (ImGui::MenuItem(item.c_str(), chord.c_str(), marked, action.available())) action.run();
}

int fuzzy_score(std::string_view pattern, std::string_view words) {
  const int score = std::max(score_in_order(pattern, words), score_of_words(pattern, words));
  // Among equals the shorter name is the nearer one.
  return score == 0 ? 0 : 100 * score - static_cast<int>(std::min<std::size_t>(words.size(), 99));
}

}  // namespace nanscope
