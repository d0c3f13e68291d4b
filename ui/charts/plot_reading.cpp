#include "ui/charts/plot_reading.h"

#include <algorithm>

#include "imgui_internal.h"
#include "ui/canvas/shapes.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// How many of a table's columns `room` pixels have room for: the last ones give way.
int fitting_columns(const PlotReading& reading, const Style& style, float room) {
  float taken = 0;
  for (std::size_t column = 0; column < reading.table.head.size(); ++column) {
    const ScopedFont font(style, column == 0 ? style.fonts.regular : style.fonts.mono,
                          text_size::small);
    float width = ImGui::CalcTextSize(reading.table.head[column].c_str()).x;
    for (const auto& row : all_rows(reading))
      if (column < row.size()) width = std::max(width, ImGui::CalcTextSize(row[column].c_str()).x);
    taken += width + 2 * ImGui::GetStyle().CellPadding.x;
    if (column > 1 && taken > room) return static_cast<int>(column);
  }
  return static_cast<int>(reading.table.head.size());
}

void reading_table(const PlotReading& reading, const Style& style, float room) {
  const ReadingTable& table = reading.table;
  const int columns = fitting_columns(reading, style, room);
  if (columns == 0 || !ImGui::BeginTable("values", columns, ImGuiTableFlags_SizingFixedFit)) return;
  const auto cell = [&](const std::string& value, int column) {
    ImGui::TableSetColumnIndex(column);
    if (column > 0) {
      const float free = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(value.c_str()).x;
      ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0f, free));
    }
    ImGui::TextUnformatted(value.c_str());
  };
  ImGui::TableNextRow();
  ImGui::PushStyleColor(ImGuiCol_Text, style.palette.muted);
  const ScopedFont small(style, style.fonts.regular, text_size::small);
  for (int i = 0; i < columns; ++i) cell(table.head[static_cast<std::size_t>(i)], i);
  ImGui::PopStyleColor();
  for (const auto& row : all_rows(reading)) {
    ImGui::TableNextRow();
    for (int i = 0; i < columns && i < static_cast<int>(row.size()); ++i) {
      const ScopedFont font(style, i == 0 ? style.fonts.regular : style.fonts.mono,
                            text_size::small);
      cell(row[static_cast<std::size_t>(i)], i);
    }
  }
  ImGui::EndTable();
}

/// The size of the tooltip in the frame before, if there was one.
std::optional<ImVec2> tooltip_size() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  return tooltip && tooltip->WasActive ? std::optional(tooltip->SizeFull) : std::nullopt;
}

/// The next tooltip hides nothing, or ends above the plot area, within the chart where it is no
/// wider.
void place_next_tooltip(const ReadingRoom& room, const Style& style) {
  constexpr float kLeast = 2;  // lines of text
  if (const auto size = tooltip_size(); room.free && size)
    if (const auto at = room.free(*size)) return ImGui::SetNextWindowPos(*at);
  if (room.high.y - room.low.y < kLeast * body(style)) return;
  const float share =
      std::clamp((ImGui::GetIO().MousePos.x - room.low.x) / (room.high.x - room.low.x), 0.0f, 1.0f);
  ImGui::SetNextWindowPos({room.low.x + share * (room.high.x - room.low.x), room.high.y},
                          ImGuiCond_Always, {share, 1});
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

void show_reading(const PlotReading& reading, const Style& style, const ReadingRoom& room,
                  const std::string& note) {
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  if (reading.on_drawn)
    draw_ring(canvas, reading.at, units(style, 6), ink(style.palette.text), units(style, 2));
  place_next_tooltip(room, style);
  const float gap = px(style.spacing) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {2 * gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {gap, 0});
  if (begin_pointer_tooltip()) {
    for (std::size_t i = 0; i < reading.lines.size(); ++i) {
      const ScopedFont font(style, i == 0 ? style.fonts.semibold : style.fonts.regular,
                            text_size::small);
      ImGui::TextUnformatted(reading.lines[i].c_str());
    }
    reading_table(reading, style, room.high.x - room.low.x - 4 * gap);
    if (!note.empty())
      styled_text(note, style.fonts.regular, text_size::small, style.palette.caution);
    ImGui::EndTooltip();
  } else {
    ImGui::GetCurrentContext()->NextWindowData.ClearFlags();
  }
  ImGui::PopStyleVar(3);
}

}  // namespace nanscope
