#include "ui/labs/costs/plots/napkin_plot.h"

#include <fmt/format.h>

#include <cmath>

#include "ui/charts/legend.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct NapkinRow {
  std::string words = {}, value = {}, formula = {};
  std::vector<std::string> filled = {};
  double number = 0;
  float top = 0, height = 0;
};

struct NapkinRows {
  std::vector<NapkinRow> rows;
  std::vector<std::string> foot;
  float size = 0;    ///< of the text
  float height = 0;  ///< of all
};

/// The first line is the answer, in larger type.
float value_size(float size, std::size_t index) { return index == 0 ? size * 2 : size * 1.25f; }

NapkinRows napkin_rows_at(const NapkinCosts& costs, const Style& style, float width, float share) {
  NapkinRows table;
  const float size = table.size = share * body(style);
  for (std::size_t i = 0; i < costs.lines.size(); ++i) {
    const FormulaLine& line = costs.lines[i];
    NapkinRow row{.words = napkin_words(line), .value = napkin_value(line), .filled = {}};
    row.formula = fmt::format("{} = {}", line.key, line.formula);
    row.number = line.value;
    row.filled =
        wrapped_lines(style, Face::mono, size * text_size::legend, "= " + line.filled, width);
    row.top = table.height;
    row.height = value_size(size, i) * 1.25f +
                 size * (1.35f + 1.25f * static_cast<float>(row.filled.size()) + 0.9f);
    table.height += row.height;
    table.rows.push_back(std::move(row));
  }
  for (const std::string& note : costs.notes)
    for (std::string& line : wrapped_lines(style, Face::semibold, size, note, width))
      table.foot.push_back(std::move(line));
  for (const NapkinConvention& one : costs.conventions)
    for (std::string& line :
         wrapped_lines(style, Face::regular, size * text_size::legend,
                       format_text("costs.convention_line", fmt::arg("key", one.key),
                                   fmt::arg("value", one.value), fmt::arg("source", one.source)),
                       width))
      table.foot.push_back(std::move(line));
  table.height += size * 1.35f * static_cast<float>(table.foot.size());
  return table;
}

float napkin_top(const Style& style) { return title_height(style) + units(style, 8); }

/// In the largest type in which all of it has room, or nearly.
NapkinRows napkin_rows(const NapkinCosts& costs, const Style& style, ImVec2 size) {
  constexpr float kLargest = 1.7f, kLeast = 0.55f, kStep = 0.05f;
  float share = kLargest;
  NapkinRows table = napkin_rows_at(costs, style, size.x, share);
  while (share > kLeast && napkin_top(style) + table.height > size.y + 1)
    table = napkin_rows_at(costs, style, size.x, share -= kStep);
  return table;
}

void draw_napkin_row(Canvas& canvas, const NapkinRows& table, std::size_t index, ImVec2 corner,
                     float width) {
  const Style& style = canvas.style();
  const NapkinRow& row = table.rows[index];
  const float large = value_size(table.size, index), small = table.size * text_size::legend;
  float y = corner.y + row.top;
  const ImVec4& color = index == 0 ? style.palette.accent : style.palette.text;
  const float value = text_extent(style, Face::semibold, large, row.value).x;
  canvas.text({corner.x, y}, row.value, {Face::semibold, large, ink(color)});
  const float words_left = corner.x + value + table.size;
  canvas.text({words_left, y + large - table.size},
              cut_text(style, Face::regular, table.size, row.words, corner.x + width - words_left),
              {Face::regular, table.size, ink(style.palette.text)});
  y += large * 1.25f;
  canvas.text({corner.x, y}, cut_text(style, Face::mono, small, row.formula, width),
              {Face::mono, small, ink(style.palette.muted)});
  y += table.size * 1.35f;
  for (const std::string& line : row.filled) {
    canvas.text({corner.x, y}, line, {Face::mono, small, ink(style.palette.text)});
    y += table.size * 1.25f;
  }
  if (index + 1 < table.rows.size())
    canvas.line({corner.x, y + table.size * 0.3f}, {corner.x + width, y + table.size * 0.3f},
                ink(style.palette.grid), units(style, 1));
}

void draw_napkin(Canvas& canvas, const NapkinCosts& costs, const PlotPlace& place) {
  const Style& style = canvas.style();
  draw_title(canvas, text("plot.napkin"), text("costs.predicted_by_formula"), place.corner,
             place.size.x);
  const NapkinRows table = napkin_rows(costs, style, place.size);
  const ImVec2 corner{place.corner.x, place.corner.y + napkin_top(style)};
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    draw_napkin_row(canvas, table, i, corner, place.size.x);
  float y = corner.y + table.height - table.size * 1.35f * static_cast<float>(table.foot.size());
  const std::size_t notes = costs.notes.empty() ? 0 : table.foot.size() - costs.conventions.size();
  for (std::size_t i = 0; i < table.foot.size(); ++i, y += table.size * 1.35f)
    canvas.text({corner.x, y}, table.foot[i],
                i < notes ? TextLook{Face::semibold, table.size, ink(style.palette.bad)}
                          : TextLook{Face::regular, table.size * text_size::legend,
                                     ink(style.palette.muted)});
}

std::optional<PlotReading> read_napkin(const NapkinCosts& costs, const Style& style,
                                       const PlotPlace& place, ImVec2 pointer) {
  const NapkinRows table = napkin_rows(costs, style, place.size);
  const float top = place.corner.y + napkin_top(style);
  for (const NapkinRow& row : table.rows) {
    if (pointer.y < top + row.top || pointer.y >= top + row.top + row.height) continue;
    PlotReading reading{pointer, {}};
    reading.values.push_back({row.words, row.number});
    return reading;
  }
  return std::nullopt;
}

}  // namespace

Plot napkin_plot(std::shared_ptr<const NapkinCosts> costs) {
  return {.name = "napkin",
          .draw = [costs](Canvas& canvas,
                          const PlotPlace& place) { draw_napkin(canvas, *costs, place); },
          .read = [costs](const Style& style, const PlotPlace& place,
                          ImVec2 pointer) { return read_napkin(*costs, style, place, pointer); }};
}

std::string napkin_value(const FormulaLine& line) {
  constexpr double kExact = 1e15;
  if (line.unit == "B") return decimal_bytes(line.value);
  if (line.value == std::floor(line.value) && line.value < kExact)
    return fmt::format("{} {}", grouped(line.value), line.unit);
  if (line.value >= 1e6) return fmt::format("{} {}", engineering(line.value), line.unit);
  // Four digits, or all of those before the point: "147,381 days".
  if (line.value >= 999.95) return fmt::format("{} {}", grouped(line.value), line.unit);
  return fmt::format("{:.4g} {}", line.value, line.unit);
}

std::string napkin_words(const FormulaLine& line) { return line.words; }

std::string napkin_text(const NapkinCosts& costs) {
  std::string words;
  for (const FormulaLine& line : costs.lines)
    words += fmt::format("{}: {}\n  {} = {}\n  {} = {}\n", napkin_words(line), napkin_value(line),
                         line.key, line.formula, std::string(line.key.size(), ' '), line.filled);
  for (const std::string& note : costs.notes) words += note + "\n";
  return words;
}

}  // namespace nanscope
