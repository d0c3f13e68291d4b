#include "ui/widgets/number_table.h"

#include <algorithm>

#include "imgui.h"
#include "ui/widgets/controls.h"

namespace nanscope {
namespace {

constexpr float kNumberSize = 0.8125f;  // of the body: nine digits fit a quarter of the inspector

/// One cell's text in the current font, at the column's right edge.
void right_aligned(const std::string& words) {
  const float free = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(words.c_str()).x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, free));
  ImGui::TextUnformatted(words.c_str());
}

}  // namespace

NumberTable::NumberTable(const char* id, std::initializer_list<std::string> header,
                         const Style& style)
    : style_(style) {
  const int columns = static_cast<int>(header.size());
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {unit(style) * 0.375f, unit(style) * 0.125f});
  open_ = ImGui::BeginTable(id, columns,
                            ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_NoSavedSettings |
                                ImGuiTableFlags_SizingStretchProp);
  if (!open_) return;
  for (int i = 0; i < columns; ++i)
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch, i == 0 ? 1.1f : 1.0f);
  if (std::ranges::all_of(header, [](const std::string& name) { return name.empty(); })) return;
  row(header, style.palette.muted);
}

NumberTable::~NumberTable() {
  if (open_) ImGui::EndTable();
  ImGui::PopStyleVar();
}

void NumberTable::row(std::initializer_list<std::string> cells, const ImVec4& color) {
  if (!open_) return;
  ImGui::TableNextRow();
  ImGui::PushStyleColor(ImGuiCol_Text, color);
  bool first = true;
  for (const std::string& cell : cells) {
    ImGui::TableNextColumn();
    ImGui::PushFont(first ? style_.fonts.regular : style_.fonts.mono,
                    style_.font_size * (first ? 0.875f : kNumberSize));
    if (first)
      ImGui::TextUnformatted(cell.c_str());
    else
      right_aligned(cell);
    ImGui::PopFont();
    first = false;
  }
  ImGui::PopStyleColor();
}

}  // namespace nanscope
