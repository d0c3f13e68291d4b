#include <algorithm>
#include <numeric>
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

}  // namespace

float roundoff_table_height(const RoundoffChart& chart) {
  const std::size_t rows = chart.table.empty() ? 0 : chart.table.front().cells.size();
  return kText * kLine * static_cast<float>(rows + 1);
}

void draw_roundoff_table(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size) {
  if (chart.table.empty()) return;
  const Style& style = canvas.style();
  const auto rows = static_cast<float>(chart.table.front().cells.size());
  // Smaller type where the columns or the rows would not fit.
  float text_size = body(style) * kText;
  text_size *= std::min(1.0f, size.x / sum(column_widths(chart, style, text_size)));
  text_size = std::min(text_size, size.y / ((rows + 1) * kLine));
  std::vector<float> widths = column_widths(chart, style, text_size);
  const float free = (size.x - sum(widths)) / static_cast<float>(widths.size());
  for (float& width : widths) width += std::clamp(free, 0.0f, text_size * kMostApart);
  const float line = text_size * kLine;
  float x = corner.x;
  for (std::size_t i = 0; i < chart.table.size(); ++i) {
    const ChartColumn& column = chart.table[i];
    const Anchor anchor = is_text(column) ? Anchor::left : Anchor::right;
    const float at = anchor == Anchor::left ? x : x + widths[i] - text_size * kApart;
    canvas.text({at, corner.y}, text(column.key),
                {Face::semibold, text_size, ink(style.palette.muted), anchor});
    for (std::size_t row = 0; row < column.cells.size(); ++row)
      canvas.text({at, corner.y + line * static_cast<float>(row + 1)},
                  cell_words(column.cells[row], column.unit),
                  {anchor == Anchor::left ? Face::regular : Face::mono, text_size,
                   ink(style.palette.text), anchor});
    x += widths[i];
  }
  for (float row = 0; row < rows; ++row) {
    const float rule = corner.y + line * (row + 0.85f);
    canvas.line({corner.x, rule}, {x, rule},
                ink(row == 0 ? style.palette.border : style.palette.grid), units(style, 1));
  }
}

}  // namespace nanscope
