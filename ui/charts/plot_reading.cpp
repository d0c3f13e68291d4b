#include "ui/charts/plot_reading.h"

#include <algorithm>
#include <utility>

#include "imgui_internal.h"
#include "ui/canvas/shapes.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// How a reading is set: it says less where it has less room.
struct ReadingForm {
  std::vector<std::string> lines = {};
  int columns = 0;                ///< of its table
  std::vector<bool> begins = {};  ///< whether a line begins a row, or goes on beside the one before
  ImVec2 extent = {};             ///< of its window, pixels
};

constexpr float kBetweenLines = 1.5f;  // of the text's size, in a row

/// The font of a line: the first is the head.
ScopedFont line_font(std::size_t line, const Style& style) {
  return {style, line == 0 ? style.fonts.semibold : style.fonts.regular, text_size::small};
}

float column_width(const PlotReading& reading, std::size_t column, const Style& style) {
  const ScopedFont font(style, column == 0 ? style.fonts.regular : style.fonts.mono,
                        text_size::small);
  float width = ImGui::CalcTextSize(reading.table.head[column].c_str()).x;
  for (const auto& row : all_rows(reading))
    if (column < row.size()) width = std::max(width, ImGui::CalcTextSize(row[column].c_str()).x);
  return width + px(style.spacing);
}

float table_width(const PlotReading& reading, int columns, const Style& style) {
  float width = 0;
  for (int column = 0; column < columns; ++column)
    width += column_width(reading, static_cast<std::size_t>(column), style);
  return width;
}

/// How many of a table's columns `room` pixels have room for: the last ones give way.
int fitting_columns(const PlotReading& reading, const Style& style, float room) {
  int columns = static_cast<int>(reading.table.head.size());
  while (columns > 2 && table_width(reading, columns, style) > room) --columns;
  return columns;
}

/// The form with its lines in rows of this width; 0: each for itself.
ReadingForm set_reading(const PlotReading& reading, const Style& style, ReadingForm form,
                        float row_width, const std::string& note) {
  const ScopedFont small(style, style.fonts.regular, text_size::small);
  const float line = ImGui::GetFontSize(), gap = px(style.spacing) / 2;
  float row = 0;
  for (std::size_t i = 0; i < form.lines.size(); ++i) {
    const ScopedFont font = line_font(i, style);
    const float width = ImGui::CalcTextSize(form.lines[i].c_str()).x;
    const float beside = row + kBetweenLines * line + width;
    form.begins.push_back(i == 0 || beside > row_width);
    row = form.begins.back() ? width : beside;
    form.extent.x = std::max(form.extent.x, row);
    form.extent.y += form.begins.back() ? line : 0;
  }
  if (form.columns > 0) {
    form.extent.x = std::max(form.extent.x, table_width(reading, form.columns, style));
    form.extent.y += line * static_cast<float>(all_rows(reading).size() + 1);
  }
  if (!note.empty()) {
    form.extent.x = std::max(form.extent.x, ImGui::CalcTextSize(note.c_str()).x);
    form.extent.y += line;
  }
  form.extent.x += 4 * gap;
  form.extent.y += 2 * gap;
  return form;
}

/// The head and what is nearest to the pointer, in a row.
std::vector<std::string> brief_lines(const PlotReading& reading, std::size_t nearest) {
  const std::vector<std::string> row = all_rows(reading)[nearest];
  std::vector<std::string> lines(reading.lines.begin(),
                                 reading.lines.begin() + (reading.lines.empty() ? 0 : 1));
  if (row.size() > 1) lines.push_back(row[0] + " " + row[1]);
  return lines;
}

/// All forms that are no wider than the chart, from the one that says most.
std::vector<ReadingForm> forms_of(const PlotReading& reading, const Style& style,
                                  const ReadingRoom& room, const std::string& note) {
  const float width = room.high.x - room.low.x - 2 * px(style.spacing);
  std::vector<ReadingForm> forms;
  const auto add = [&](std::vector<std::string> lines, int columns, float row_width) {
    forms.push_back(set_reading(reading, style, {.lines = std::move(lines), .columns = columns},
                                row_width, note));
  };
  for (int columns = fitting_columns(reading, style, width); columns > 1; --columns)
    add(reading.lines, columns, 0);
  if (!forms.empty()) {
    if (room.nearest) add(brief_lines(reading, *room.nearest), 0, width);
    return forms;
  }
  add(reading.lines, 0, 0);
  if (reading.lines.size() > 2) add(reading.lines, 0, width);
  return forms;
}

void reading_table(const PlotReading& reading, int columns, const Style& style) {
  const ReadingTable& table = reading.table;
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

/// Over the chart's head, no higher than that, and not over the pointer.
void place_over_head(const ReadingRoom& room, ImVec2 extent, const Style& style) {
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const float top = std::max(room.low.y, room.high.y - extent.y), bottom = top + extent.y;
  const float away = body(style);
  const float share = std::clamp((pointer.x - room.low.x) / (room.high.x - room.low.x), 0.0f, 1.0f);
  float left = room.low.x + share * (room.high.x - room.low.x - extent.x);
  if (pointer.y < bottom + away / 2) {
    const bool right = pointer.x + away + extent.x <= room.high.x;
    left = right ? pointer.x + away : pointer.x - away - extent.x;
  }
  ImGui::SetNextWindowPos({left, top});
}

/// The next tooltip, in the first form that hides nothing, or all of it on a map's cells; else the
/// briefest, over the chart's head.
const ReadingForm& place_next_tooltip(const ReadingRoom& room, const Style& style,
                                      const std::vector<ReadingForm>& forms) {
  constexpr float kLeast = 2;  // lines of text
  const auto fits = [&](const ReadingForm& form, bool on_cells) {
    const auto at = room.free ? room.free(form.extent, on_cells) : std::nullopt;
    if (at) ImGui::SetNextWindowPos(*at);
    return at.has_value();
  };
  for (const ReadingForm& form : forms)
    if (fits(form, false)) return form;
  if (fits(forms.front(), true)) return forms.front();
  if (room.high.y - room.low.y < kLeast * body(style)) return forms.front();
  place_over_head(room, forms.back().extent, style);
  return forms.back();
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
  const std::vector<ReadingForm> forms = forms_of(reading, style, room, note);
  const ReadingForm& form = place_next_tooltip(room, style, forms);
  const float gap = px(style.spacing) / 2;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {2 * gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {gap, 0});
  if (begin_pointer_tooltip()) {
    for (std::size_t i = 0; i < form.lines.size(); ++i) {
      const ScopedFont font = line_font(i, style);
      if (!form.begins[i]) ImGui::SameLine(0, kBetweenLines * ImGui::GetFontSize());
      ImGui::TextUnformatted(form.lines[i].c_str());
    }
    reading_table(reading, form.columns, style);
    if (!note.empty())
      styled_text(note, style.fonts.regular, text_size::small, style.palette.caution);
    ImGui::EndTooltip();
  } else {
    ImGui::GetCurrentContext()->NextWindowData.ClearFlags();
  }
  ImGui::PopStyleVar(3);
}

}  // namespace nanscope
