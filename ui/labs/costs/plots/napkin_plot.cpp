#include "ui/labs/costs/plots/napkin_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/charts/legend.h"
#include "ui/labs/costs/plots/stacked_bars.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct NapkinRow {
  std::string words = {}, value = {};
  std::vector<std::string> formula = {}, filled = {};  ///< in lines
  bool answers = false;                                ///< what is asked for
  bool below = false;  ///< the words, which have no room beside the value
  double number = 0;
  float top = 0, height = 0;
};

struct NapkinRows {
  std::vector<NapkinRow> rows;
  std::vector<std::string> foot;
  float size = 0;    ///< of the text
  float height = 0;  ///< of all
};

/// The answer stands in larger type.
float value_size(float size, bool answers) { return answers ? size * 2 : size * 1.25f; }

/// What a line is of, and beside it what B's is, where that is another.
std::string words_of_row(const CostsPicture& picture, const FormulaLine& line) {
  if (!picture.other_napkin) return napkin_words(line);
  const auto& others = picture.other_napkin->lines;
  const auto other = std::ranges::find(others, line.key, &FormulaLine::key);
  if (other == others.end() || other->value == line.value) return napkin_words(line);
  return format_text("costs.napkin.other", fmt::arg("what", napkin_words(line)),
                     fmt::arg("name", picture.other_words),
                     fmt::arg("value", napkin_value(*other)));
}

NapkinRows napkin_rows_at(const CostsPicture& picture, const Style& style, float width,
                          float share) {
  const NapkinCosts& costs = *picture.napkin;
  NapkinRows table;
  const float size = table.size = share * body(style);
  for (const FormulaLine& line : costs.lines) {
    NapkinRow row{.words = words_of_row(picture, line), .value = napkin_value(line)};
    row.formula = wrapped_lines(style, Face::mono, size * text_size::legend,
                                fmt::format("{} = {}", line.key, line.formula), width);
    row.number = line.value;
    row.answers = &line == &napkin_answer(costs);
    const float large = value_size(size, row.answers);
    row.filled =
        wrapped_lines(style, Face::mono, size * text_size::legend, "= " + line.filled, width);
    row.below = text_extent(style, Face::semibold, large, row.value).x + size +
                    text_extent(style, Face::regular, size, row.words).x >
                width;
    row.top = table.height;
    row.height = large * 1.25f + (row.below ? size * 1.35f : 0) +
                 size * (1.25f * static_cast<float>(row.formula.size() + row.filled.size()) + 1.0f);
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
NapkinRows napkin_rows(const CostsPicture& picture, const Style& style, ImVec2 size) {
  constexpr float kLargest = 1.7f, kLeast = 0.55f, kStep = 0.05f;
  float share = kLargest;
  NapkinRows table = napkin_rows_at(picture, style, size.x, share);
  while (share > kLeast && napkin_top(style) + table.height > size.y + 1)
    table = napkin_rows_at(picture, style, size.x, share -= kStep);
  return table;
}

void draw_napkin_row(Canvas& canvas, const NapkinRows& table, std::size_t index, ImVec2 corner,
                     float width) {
  const Style& style = canvas.style();
  const NapkinRow& row = table.rows[index];
  const float large = value_size(table.size, row.answers), small = table.size * text_size::legend;
  float y = corner.y + row.top;
  const ImVec4& color = row.answers ? style.palette.accent : style.palette.text;
  const float value = text_extent(style, Face::semibold, large, row.value).x;
  canvas.text({corner.x, y}, row.value, {Face::semibold, large, ink(color)});
  const float words_left = row.below ? corner.x : corner.x + value + table.size;
  const float words_top = row.below ? y + large * 1.25f : y + large - table.size;
  canvas.text({words_left, words_top},
              cut_text(style, Face::regular, table.size, row.words, corner.x + width - words_left),
              {Face::regular, table.size, ink(style.palette.text)});
  y += large * 1.25f + (row.below ? table.size * 1.35f : 0);
  const auto lines = [&](const std::vector<std::string>& all, const ImVec4& ink_of) {
    for (const std::string& line : all) {
      canvas.text({corner.x, y}, line, {Face::mono, small, ink(ink_of)});
      y += table.size * 1.25f;
    }
  };
  lines(row.formula, style.palette.muted);
  lines(row.filled, style.palette.text);
  if (index + 1 < table.rows.size())
    canvas.line({corner.x, y + table.size * 0.3f}, {corner.x + width, y + table.size * 0.3f},
                ink(style.palette.grid), units(style, 1));
}

void draw_napkin(Canvas& canvas, const CostsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  draw_title(canvas, text("plot.napkin"), text("costs.predicted_by_formula"), place.corner,
             place.size.x);
  const NapkinCosts& costs = *picture.napkin;
  const NapkinRows table = napkin_rows(picture, style, place.size);
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

std::optional<PlotReading> read_napkin(const CostsPicture& picture, const Style& style,
                                       const PlotPlace& place, ImVec2 pointer) {
  const NapkinRows table = napkin_rows(picture, style, place.size);
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

Plot napkin_plot(std::shared_ptr<const CostsPicture> picture) {
  return {
      .name = "napkin",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_napkin(canvas, *picture, place); },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_napkin(*picture, style, place, pointer); }};
}

const FormulaLine& napkin_answer(const NapkinCosts& costs) {
  const auto mfu = std::ranges::find(costs.lines, "mfu", &FormulaLine::key);
  return mfu == costs.lines.end() ? costs.lines.front() : *mfu;
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
