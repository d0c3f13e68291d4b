#include "ui/charts/plot_reading.h"

#include <algorithm>

#include "ui/canvas/shapes.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

void reading_table(const PlotReading& reading, const Style& style) {
  const ReadingTable& table = reading.table;
  const int columns = static_cast<int>(table.head.size());
  if (columns == 0 || !ImGui::BeginTable("values", columns, ImGuiTableFlags_SizingFixedFit)) return;
  const auto cell = [&](const std::string& value, int column) {
    ImGui::TableSetColumnIndex(column);
    if (column > 0) {
      const float room = ImGui::GetContentRegionAvail().x;
      const float width = ImGui::CalcTextSize(value.c_str()).x;
      ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, room - width));
    }
    ImGui::TextUnformatted(value.c_str());
  };
  ImGui::TableNextRow();
  ImGui::PushStyleColor(ImGuiCol_Text, style.palette.muted);
  for (int i = 0; i < columns; ++i) cell(table.head[static_cast<std::size_t>(i)], i);
  ImGui::PopStyleColor();
  for (const auto& row : all_rows(reading)) {
    ImGui::TableNextRow();
    for (int i = 0; i < columns && i < static_cast<int>(row.size()); ++i) {
      const ScopedFont font(style, i == 0 ? style.fonts.regular : style.fonts.mono,
                            text_size::body);
      cell(row[static_cast<std::size_t>(i)], i);
    }
  }
  ImGui::EndTable();
}

}  // namespace

std::vector<ReadingValue> all_values(const PlotReading& reading) {
  std::vector<ReadingValue> values = reading.values;
  values.insert(values.end(), reading.values_beside.begin(), reading.values_beside.end());
  return values;
}

std::vector<std::vector<std::string>> all_rows(const PlotReading& reading) {
  std::vector<std::vector<std::string>> rows = reading.table.rows;
  rows.insert(rows.end(), reading.rows_beside.begin(), reading.rows_beside.end());
  return rows;
}

void show_reading(const PlotReading& reading, const Style& style, const std::string& note) {
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  draw_ring(canvas, reading.at, units(style, 6), ink(style.palette.text), units(style, 2));
  if (!begin_pointer_tooltip()) return;
  for (std::size_t i = 0; i < reading.lines.size(); ++i) {
    const ScopedFont font(style, i == 0 ? style.fonts.semibold : style.fonts.regular,
                          text_size::body);
    ImGui::TextUnformatted(reading.lines[i].c_str());
  }
  reading_table(reading, style);
  if (!note.empty()) styled_text(note, style.fonts.regular, 0.875f, style.palette.caution);
  ImGui::EndTooltip();
}

}  // namespace nanscope
