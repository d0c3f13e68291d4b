#include "ui/widgets/number_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "imgui.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/term.h"

namespace nanscope {
namespace {

constexpr float kNameSize = 0.875f;     // of the body
constexpr float kNumberSize = 0.8125f;  // of the body: nine digits fit a quarter of the inspector
constexpr const char* kMenu = "number menu";

/// One cell's text in the current font, at the column's right edge.
void right_aligned(const std::string& words) {
  const float free = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(words.c_str()).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, free));
  ImGui::TextUnformatted(words.c_str());
}

}  // namespace

NumberCell::NumberCell(double value) : shown(number_text(value)), exact(fmt::format("{}", value)) {}

NumberTable::NumberTable(const char* id, std::initializer_list<std::string> header,
                         const Style& style, std::string& copied)
    : style_(style), copied_(copied) {
  ImGui::PushID(id);
  chosen_cell_ = ImGui::GetID("chosen cell");
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {unit(style) * 0.375f, unit(style) * 0.125f});
  const auto columns = static_cast<int>(header.size());
  width_ = ImGui::GetContentRegionAvail().x;
  open_ = ImGui::BeginTable(id, columns,
                            ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_NoSavedSettings |
                                ImGuiTableFlags_SizingStretchProp);
  if (!open_) return;
  // A name beside a single number takes what it needs; a row of numbers is evenly spaced.
  for (int i = 0; i < columns; ++i)
    if (i == 0 && columns == 2)
      ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed);
    else
      ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, i == 0 ? 1.1f : 1.0f);
  if (std::ranges::all_of(header, [](const std::string& name) { return name.empty(); })) return;
  head(header);
}

NumberTable::~NumberTable() {
  if (open_) ImGui::EndTable();
  menu();
  ImGui::PopStyleVar();
  ImGui::PopID();
}

/// The names of the columns.
void NumberTable::head(std::initializer_list<std::string> names) {
  ImGui::TableNextRow();
  ImGui::PushStyleColor(ImGuiCol_Text, style_.palette.muted);
  for (const std::string& name : names) {
    const bool first = &name == names.begin();
    ImGui::TableNextColumn();
    ImGui::PushFont(first ? style_.fonts.regular : style_.fonts.mono,
                    style_.font_size * (first ? kNameSize : kNumberSize));
    if (first)
      ImGui::TextUnformatted(name.c_str());
    else
      right_aligned(name);
    ImGui::PopFont();
    table_ += (first ? "" : "\t") + name;
  }
  table_ += '\n';
  ImGui::PopStyleColor();
}

/// A name; beside a single number it takes the lines that it needs, so that the number has room.
void NumberTable::name(const NumberCell& cell, std::initializer_list<NumberCell> all) {
  constexpr float kNarrowest = 6;  // lines of text
  if (all.size() != 2) return ImGui::TextUnformatted(cell.shown.c_str());
  ImGui::PushFont(style_.fonts.mono, style_.font_size * kNumberSize);
  const float number = ImGui::CalcTextSize(std::prev(all.end())->shown.c_str()).x;
  ImGui::PopFont();
  const float room = width_ - number - 4 * ImGui::GetStyle().CellPadding.x;
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() +
                         std::max(room, kNarrowest * ImGui::GetFontSize()));
  ImGui::TextUnformatted(cell.shown.c_str());
  ImGui::PopTextWrapPos();
}

/// A number that a click copies; its menu is drawn below the table, when the rows are known.
void NumberTable::number(const NumberCell& cell) {
  right_aligned(cell.shown);
  if (clicked_to_copy(style_)) copied_ = cell.exact;
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) {
    storage.SetInt(chosen_cell_, cells_);
    opening_ = true;
  }
  if (storage.GetInt(chosen_cell_, -1) == cells_) chosen_ = cell.exact;
}

void NumberTable::menu() const {
  if (opening_) ImGui::OpenPopup(kMenu);
  const ContextMenu menu = ContextMenu::opened_by_owner(kMenu);
  if (!menu) return;
  if (menu.copy(chosen_)) copied_ = chosen_;
  if (menu.entry("menu.copy_table")) copied_ = table_;
}

void NumberTable::row(std::initializer_list<NumberCell> cells, const ImVec4& color) {
  if (!open_) return;
  ImGui::TableNextRow();
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  for (const NumberCell& cell : cells) {
    const bool first = &cell == cells.begin();
    ImGui::TableNextColumn();
    ImGui::PushFont(first ? style_.fonts.regular : style_.fonts.mono,
                    style_.font_size * (first ? kNameSize : kNumberSize));
    if (first)
      name(cell, cells);
    else
      number(cell);
    mark_term(cell.shown, style_);
    ImGui::PopFont();
    table_ += (first ? "" : "\t") + cell.exact;
    ++cells_;
  }
  table_ += '\n';
  ImGui::PopStyleColor();
}

}  // namespace nanscope
