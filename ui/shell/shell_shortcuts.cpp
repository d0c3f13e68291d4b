#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "ui/charts/interactive_charts.h"
#include "ui/shell/panel_layout.h"
#include "ui/shell/shell_state.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

// The list of shortcuts: all of it in sight, in smaller letters where the window is small.
namespace nanscope {
namespace {

constexpr int kColumns = 3;         // of keys
constexpr float kKeySize = 0.9f;    // of the words' size
constexpr float kLeastSize = 0.6f;  // of the body

/// What one can do, and how.
using KeyRows = std::vector<std::pair<std::string, std::string>>;

struct KeyGroup {
  const char* title;  ///< key in ui/text, or ""
  KeyRows rows;
  int columns = 1;
  bool keys = false;  ///< what stands at the right are keys, not words

  ImFont* font(const Style& style) const { return keys ? style.fonts.mono : style.fonts.regular; }
  int lines() const { return (static_cast<int>(rows.size()) + columns - 1) / columns; }
};

std::vector<KeyGroup> key_groups(const std::vector<Action>& actions) {
  KeyGroup keys{.title = "", .rows = {}, .columns = kColumns, .keys = true};
  for (const Action& entry : actions)
    if (entry.chord != 0) keys.rows.emplace_back(entry.label, chord_text(entry.chord) + "  ");
  KeyGroup charts{.title = "shortcuts.charts", .rows = {}};
  for (const auto& [name, how] : chart_gestures()) charts.rows.emplace_back(text(name), text(how));
  KeyGroup sliders{.title = "shortcuts.sliders", .rows = {}};
  for (const auto& [name, how] : slider_gestures())
    sliders.rows.emplace_back(text(name), text(how));
  return {keys, charts, sliders};
}

/// As wide as a column's rows from `first` to `last` are.
float width_of(const KeyGroup& group, int first, int last, float size, const Style& style) {
  float left = 0, right = 0;
  for (int i = first; i < last; ++i) {
    const auto& [name, how] = group.rows[static_cast<std::size_t>(i)];
    const auto widen = [&](float& width, const std::string& words, ImFont* font, float of_body) {
      const ScopedFont scoped(style, font, of_body);
      width = std::max(width, ImGui::CalcTextSize(words.c_str()).x);
    };
    widen(left, name, style.fonts.regular, size);
    widen(right, how, group.font(style), size * kKeySize);
  }
  return left + right + 4 * ImGui::GetStyle().CellPadding.x;
}

bool fits(const std::vector<KeyGroup>& groups, float size, ImVec2 room, const Style& style) {
  const float line = size * ImGui::GetFontSize();
  float height = 0;
  for (const KeyGroup& group : groups) {
    const auto count = static_cast<int>(group.rows.size());
    float width = 0;
    for (int first = 0; first < count; first += group.lines())
      width += width_of(group, first, std::min(first + group.lines(), count), size, style);
    if (width > room.x) return false;
    const float row = std::ceil(line) + 2 * ImGui::GetStyle().CellPadding.y;
    height += row * static_cast<float>(group.lines()) + (*group.title ? line + unit(style) : 0);
  }
  return height <= room.y;
}

/// How large the letters can be so that all of it is seen, relative to the body.
float size_of_words(const std::vector<KeyGroup>& groups, ImVec2 room, const Style& style) {
  constexpr float kStep = 0.05f;
  float size = 1;
  while (size > kLeastSize && !fits(groups, size, room, style)) size -= kStep;
  return size;
}

/// The rows go down a column and on in the next one.
void draw_group(const KeyGroup& group, float size, const Style& style) {
  if (*group.title) {
    ImGui::Dummy({0, unit(style) / 2});
    styled_text(text(group.title), style.fonts.semibold, size, style.palette.text);
  }
  if (!ImGui::BeginTable(*group.title ? group.title : "keys", 2 * group.columns,
                         ImGuiTableFlags_SizingFixedFit))
    return;
  for (int line = 0; line < group.lines(); ++line) {
    ImGui::TableNextRow();
    for (int column = 0; column < group.columns; ++column) {
      const auto at = static_cast<std::size_t>(column * group.lines() + line);
      if (at >= group.rows.size()) continue;
      ImGui::TableSetColumnIndex(2 * column);
      styled_text(group.rows[at].first, style.fonts.regular, size, style.palette.text);
      ImGui::TableSetColumnIndex(2 * column + 1);
      styled_text(group.rows[at].second, group.font(style), size * kKeySize, style.palette.muted);
    }
  }
  ImGui::EndTable();
}

}  // namespace

void ShellState::draw_shortcuts() {
  if (!shortcuts_visible) return;
  // Between the menu and the foot bar.
  const ImGuiViewport& viewport = *ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport.GetWorkCenter(), ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSizeConstraints({0, 0}, viewport.WorkSize);
  const std::string title = fmt::format("{}{}", text("shortcuts.title"), panel::shortcuts);
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_AlwaysAutoResize |
                                      ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_NoCollapse |
                                      ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Shortcut(ImGuiKey_Escape, ImGuiInputFlags_RouteGlobal)) shortcuts_visible = false;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {unit(style) / 2, 1});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {unit(style), 0});
  if (ImGui::Begin(title.c_str(), &shortcuts_visible, kFlags)) {
    const ImVec2 padding = ImGui::GetStyle().WindowPadding;
    const ImVec2 room{viewport.WorkSize.x - 2 * padding.x,
                      viewport.WorkSize.y - ImGui::GetFrameHeight() - 2 * padding.y};
    const std::vector<KeyGroup> groups = key_groups(actions);
    const float size = size_of_words(groups, room, style);
    for (const KeyGroup& group : groups) draw_group(group, size, style);
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
}

}  // namespace nanscope
