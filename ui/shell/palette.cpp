#include "ui/shell/palette.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "imgui.h"
#include "imgui_stdlib.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr int kVisibleRows = 12;

/// The available actions that match, the best first.
std::vector<const Action*> matches(std::span<const Action> actions, const std::string& pattern) {
  std::vector<std::pair<int, const Action*>> scored;
  for (const Action& action : actions) {
    const int score = std::max(fuzzy_score(pattern, action.label), fuzzy_score(pattern, action.id));
    if (score > 0 && action.available()) scored.emplace_back(score, &action);
  }
  if (!pattern.empty())
    std::ranges::stable_sort(scored, std::greater{}, [](const auto& pair) { return pair.first; });
  std::vector<const Action*> found;
  for (const auto& [score, action] : scored) found.push_back(action);
  return found;
}

/// One row: the label on the left, the chord muted on the right. True if it was clicked.
bool palette_row(const Action& action, bool selected, const Style& style) {
  ImGui::PushID(action.id.c_str());
  const bool clicked = ImGui::Selectable("##row", selected, ImGuiSelectableFlags_AllowOverlap);
  if (selected && !ImGui::IsItemVisible()) ImGui::SetScrollHereY();
  ImGui::SameLine(ImGui::GetStyle().WindowPadding.x);
  ImGui::TextUnformatted(action.label.c_str());
  const std::string chord = chord_text(action.chord);
  ImGui::SameLine();
  const float free = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(chord.c_str()).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, free));
  styled_text(chord, style.fonts.regular, 1.0f, style.palette.muted);
  ImGui::PopID();
  return clicked;
}

}  // namespace

void CommandPalette::open() {
  opening_ = true;
  pattern_.clear();
  early_.clear();
  has_keyboard_ = false;
  selected_ = 0;
}

bool CommandPalette::draw(std::span<const Action> actions, const Style& style) {
  const char* id = "###palette";
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  const float width = std::min(ImGui::GetFontSize() * 34, viewport->WorkSize.x * 0.8f);
  ImGui::SetNextWindowPos({viewport->GetCenter().x, viewport->WorkPos.y + unit(style) * 6},
                          ImGuiCond_Always, {0.5f, 0});
  ImGui::SetNextWindowSize({width, 0});
  if (opening_) ImGui::OpenPopup(id);
  if (!ImGui::BeginPopup(id)) return false;
  if (escape_pressed()) ImGui::CloseCurrentPopup();

  if (opening_) ImGui::SetKeyboardFocusHere();
  opening_ = false;
  ImGui::SetNextItemWidth(-1);
  const std::string before = pattern_;
  // The field takes the keyboard some frames after the palette has opened, and no letter in the one
  // in which it does.
  ImVector<ImWchar>& typed = ImGui::GetIO().InputQueueCharacters;
  early_.insert(early_.end(), typed.begin(), typed.end());
  typed.resize(static_cast<int>(early_.size()));
  std::ranges::copy(early_, typed.begin());
  const bool entered = ImGui::InputTextWithHint("##pattern", text("palette.hint"), &pattern_,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  if (std::exchange(has_keyboard_, ImGui::IsItemActive())) early_.clear();
  if (pattern_ != before) selected_ = 0;
  const std::vector<const Action*> found = matches(actions, pattern_);
  const int last = static_cast<int>(found.size()) - 1;
  if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) ++selected_;
  if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) --selected_;
  selected_ = std::clamp(selected_, 0, std::max(last, 0));

  const Action* chosen =
      entered && last >= 0 ? found[static_cast<std::size_t>(selected_)] : nullptr;
  const float rows = ImGui::GetTextLineHeightWithSpacing() *
                     static_cast<float>(std::clamp(last + 1, 1, kVisibleRows));
  if (ImGui::BeginChild("rows", {0, rows}, 0, ImGuiWindowFlags_NoNav)) {
    for (int i = 0; i <= last; ++i)
      if (palette_row(*found[static_cast<std::size_t>(i)], i == selected_, style))
        chosen = found[static_cast<std::size_t>(i)];
    if (last < 0) ImGui::TextDisabled("%s", text("palette.nothing"));
  }
  ImGui::EndChild();
  if (chosen) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  // After the popup is closed: an action may open one of its own.
  if (chosen) chosen->run();
  return chosen != nullptr;
}

}  // namespace nanscope
