#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kText = 0.9f;       // of the body's size
constexpr float kLine = 1.55f;      // of the text's size
constexpr float kApart = 1.4f;      // of the text's size, between columns
constexpr float kMostApart = 6.0f;  // more, where there is room

/// The widths of the columns at this size of text.
std::vector<float> column_widths(const RoundoffChart& chart, const Style& style, float size) {
  std::vector<float> widths;
  for (const ChartColumn& column : chart.table) {
    float width = text_extent(style, Face::semibold, size, text(column.key)).x;
    for (const ChartCell& cell : column.cells)
      width =
          std::max(width, text_extent(style, Face::mono, size, cell_words(cell, column.unit)).x);
    widths.push_back(width + size * kApart);
  }
  return widths;
}

float sum(const std::vector<float>& widths) {
  return std::accumulate(widths.begin(), widths.end(), 0.0f);
}

bool is_text(const ChartColumn& column) {
  return !column.cells.empty() && std::holds_alternative<std::string>(column.cells.front());
}

/// Sizes in pixels: smaller type where the columns or the rows would not fit.
struct TableLayout {
  float text = 13, line = 20;
  std::vector<float> widths;
};

TableLayout lay_out_table(const RoundoffChart& chart, const Style& style, ImVec2 size) {
  const auto rows = static_cast<float>(chart.table.front().cells.size());
  TableLayout layout;
  layout.text = body(style) * kText;
  layout.text *= std::min(1.0f, size.x / sum(column_widths(chart, style, layout.text)));
  layout.text = std::min(layout.text, size.y / ((rows + 1) * kLine));
  layout.line = layout.text * kLine;
  layout.widths = column_widths(chart, style, layout.text);
  const float free = (size.x - sum(layout.widths)) / static_cast<float>(layout.widths.size());
  for (float& width : layout.widths) width += std::clamp(free, 0.0f, layout.text * kMostApart);
  return layout;
}

}  // namespace

float roundoff_table_height(const RoundoffChart& chart) {
  const std::size_t rows = chart.table.empty() ? 0 : chart.table.front().cells.size();
  return kText * kLine * static_cast<float>(rows + 1);
}

void draw_roundoff_table(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size) {
  if (chart.table.empty()) return;
  const Style& style = canvas.style();
  const auto rows = static_cast<float>(chart.table.front().cells.size());
  const TableLayout layout = lay_out_table(chart, style, size);
  float x = corner.x;
  for (std::size_t i = 0; i < chart.table.size(); ++i) {
    const ChartColumn& column = chart.table[i];
    const Anchor anchor = is_text(column) ? Anchor::left : Anchor::right;
    const float at = anchor == Anchor::left ? x : x + layout.widths[i] - layout.text * kApart;
    canvas.text({at, corner.y}, text(column.key),
                {Face::semibold, layout.text, ink(style.palette.muted), anchor});
    for (std::size_t row = 0; row < column.cells.size(); ++row)
      canvas.text({at, corner.y + layout.line * static_cast<float>(row + 1)},
                  cell_words(column.cells[row], column.unit),
                  {anchor == Anchor::left ? Face::regular : Face::mono, layout.text,
                   ink(style.palette.text), anchor});
    x += layout.widths[i];
  }
  for (float row = 0; row < rows; ++row) {
    const float rule = corner.y + layout.line * (row + 0.85f);
    canvas.line({corner.x, rule}, {x, rule},
                ink(row == 0 ? style.palette.border : style.palette.grid), units(style, 1));
  }
}

std::optional<PlotReading> read_roundoff_table(const RoundoffChart& chart, const Style& style,
                                               const PlotPlace& place, ImVec2 pointer) {
  if (chart.table.empty()) return std::nullopt;
  const TableLayout layout = lay_out_table(chart, style, place.size);
  const float row = (pointer.y - place.corner.y) / layout.line - 1;
  float right = place.corner.x;
  for (std::size_t i = 0; i < chart.table.size(); ++i) {
    const ChartColumn& column = chart.table[i];
    const float left = std::exchange(right, right + layout.widths[i]);
    if (pointer.x < left || pointer.x >= right) continue;
    if (!(row >= 0) || row >= static_cast<float>(column.cells.size())) return std::nullopt;
    const ChartCell& cell = column.cells[static_cast<std::size_t>(row)];
    PlotReading reading{.at = pointer, .lines = {cell_words(cell, column.unit)}};
    if (const auto* number = std::get_if<double>(&cell))
      reading.values = {
          {.name = text(column.key), .value = *number, .words = [unit = column.unit](double value) {
             return cell_words(value, unit);
           }}};
    return reading;
  }
  return std::nullopt;
}

}  // namespace nanscope
