#include "ui/labs/optimizers/plots/anatomy_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/numbers/format.h"
#include "ui/formula/formula.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct Row {
  FormulaBox formula;
  std::string value, exact;
  const char* difference;
  bool named = false;  ///< the result has a name
  double number = 0, exact_number = 0;
  float top = 0, height = 0;  ///< pixels from the table's first row
};

struct AnatomyRows {
  std::vector<Row> rows;
  float size = 0;     ///< of the text, pixels
  bool wide = false;  ///< formula and numbers side by side
  float head = 0;     ///< height of what stands above the rows
  float height = 0;   ///< of the rows
};

std::string digits(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : number_text(value);
}

std::string formula_of(const StepOperation& operation, std::size_t element) {
  if (operation.name == "g" && operation.formula.empty())
    return element == 0 ? "g = dL / dx" : "g = dL / dy";
  return operation.name.empty() ? operation.formula
                                : fmt::format("{} = {}", operation.name, operation.formula);
}

/// Right ends of the columns with numbers, and the left one of the words, in shares of the width.
struct Columns {
  float value, exact, words;
};
Columns columns_of(bool wide) {
  return wide ? Columns{0.66f, 0.82f, 0.84f} : Columns{0.34f, 0.68f, 0.71f};
}

/// The rows in this share of the text's size.
AnatomyRows rows_at(const PathsPicture& picture, const Style& style, float width, float share) {
  AnatomyRows table;
  const float size = table.size = share * body(style) * text_size::legend;
  table.wide = width > 36 * body(style);
  table.head = size * (table.wide ? 1.5f : 2.9f);
  const Path& path = picture.watched();
  const int step = picture.step_of(path);
  if (step == 0) return table;
  const auto element = static_cast<std::size_t>(picture.settings.element);
  for (const AnatomyLine& line : anatomy_of(picture.paths->of, path, step)) {
    Row row;
    row.formula = set_formula(style, formula_of(line.operation, element), size);
    row.number = line.operation.value[element];
    row.value = digits(row.number);
    row.exact_number = line.exact[element];
    row.exact = digits(row.exact_number);
    row.difference = difference_key(line, element);
    row.named = !line.operation.name.empty();
    row.top = table.height;
    row.height = std::max(row.formula.height(), size) + size * (table.wide ? 0.35f : 1.7f);
    table.height += row.height;
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// What stands above the table.
float top_of(const Style& style) { return title_height(style) + units(style, 4); }

/// The rows in the largest text in which they have room, or nearly.
AnatomyRows rows_of(const PathsPicture& picture, const Style& style, ImVec2 size) {
  constexpr float kLeast = 0.5f, kStep = 0.05f;
  float share = 1;
  AnatomyRows table = rows_at(picture, style, size.x, share);
  while (share > kLeast && top_of(style) + table.head + table.height > size.y + 1)
    table = rows_at(picture, style, size.x, share -= kStep);
  return table;
}

/// The step, its optimizer and element in words.
std::string title_of(const PathsPicture& picture) {
  const Path& path = picture.watched();
  return format_text("optimizers.anatomy", fmt::arg("optimizer", name_of(path.optimizer.kind)),
                     fmt::arg("step", picture.step_of(path)),
                     fmt::arg("element", name_of(picture.settings.element)));
}

void draw_head(Canvas& canvas, const PathsPicture& picture, const AnatomyRows& table, ImVec2 corner,
               float width) {
  const Style& style = canvas.style();
  const float size = std::min(body(style) * text_size::small, table.size);
  const Columns columns = columns_of(table.wide);
  TextLook look{Face::regular, size, ink(style.palette.muted), Anchor::left};
  float y = corner.y;
  if (table.wide) {
    canvas.text({corner.x, y}, text("optimizers.operation"), look);
  } else {
    canvas.text({corner.x, y}, text("optimizers.operation"), look);
    y += size * 1.4f;
  }
  canvas.text({corner.x + columns.words * width, y}, text("optimizers.difference"), look);
  look.anchor = Anchor::right;
  canvas.text({corner.x + columns.value * width, y},
              format_text("optimizers.in_format", fmt::arg("format", picture.paths->of.format)),
              look);
  canvas.text({corner.x + columns.exact * width, y}, text("optimizers.in_fp64"), look);
}

void draw_row(Canvas& canvas, const AnatomyRows& table, const Row& row, ImVec2 corner,
              float width) {
  const Style& style = canvas.style();
  const float size = table.size;
  const Columns columns = columns_of(table.wide);
  const bool marked = std::string_view(row.difference) != "optimizers.same" &&
                      std::string_view(row.difference) != "optimizers.rounded";
  const ImU32 color = ink(row.named ? style.palette.text : style.palette.muted);
  const float top = corner.y + row.top;
  if (row.named)
    canvas.line({corner.x, top + row.height - size * 0.15f},
                {corner.x + width, top + row.height - size * 0.15f}, ink(style.palette.grid),
                units(style, 1));
  draw_formula(canvas, row.formula, {corner.x, top}, color);
  const float y = table.wide ? top + (row.formula.height() - size) / 2
                             : top + row.formula.height() + size * 0.2f;
  const Face face = marked ? Face::semibold : Face::regular;
  const ImU32 strong = ink(marked ? style.palette.bad : style.palette.muted);
  canvas.text(
      {corner.x + columns.value * width, y}, row.value,
      {Face::mono, size, ink(marked ? style.palette.bad : style.palette.text), Anchor::right});
  canvas.text({corner.x + columns.exact * width, y}, row.exact,
              {Face::mono, size, ink(style.palette.muted), Anchor::right});
  const std::string words =
      cut_text(style, face, size * 0.93f, text(row.difference), width * (1 - columns.words));
  canvas.text({corner.x + columns.words * width, y}, words,
              {face, size * 0.93f, strong, Anchor::left});
}

void draw_anatomy(Canvas& canvas, const PathsPicture& picture, const PlotPlace& place) {
  const Style& style = canvas.style();
  draw_title(canvas, title_of(picture),
             format_text("optimizers.computed", fmt::arg("format", picture.paths->of.format)),
             place.corner, place.size.x);
  const AnatomyRows table = rows_of(picture, style, place.size);
  ImVec2 corner{place.corner.x, place.corner.y + top_of(style)};
  draw_head(canvas, picture, table, corner, place.size.x);
  corner.y += table.head;
  for (const Row& row : table.rows) draw_row(canvas, table, row, corner, place.size.x);
}

/// The numbers of the row under the pointer, the one that it is on first.
std::optional<PlotReading> read_anatomy(const PathsPicture& picture, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const AnatomyRows table = rows_of(picture, style, place.size);
  const float top = place.corner.y + top_of(style) + table.head;
  for (const Row& row : table.rows) {
    if (pointer.y < top + row.top || pointer.y >= top + row.top + row.height) continue;
    PlotReading reading{pointer, {}};
    const std::string& format = picture.paths->of.format;
    reading.values = {{format_text("optimizers.in_format", fmt::arg("format", format)), row.number},
                      {text("optimizers.in_fp64"), row.exact_number}};
    const Columns columns = columns_of(table.wide);
    const float share = (pointer.x - place.corner.x) / place.size.x;
    if (share > columns.value && share <= columns.exact)
      std::swap(reading.values[0], reading.values[1]);
    return reading;
  }
  return std::nullopt;
}

}  // namespace

const char* difference_key(const AnatomyLine& line, std::size_t element) {
  const double value = line.operation.value[element], exact = line.exact[element];
  if (!std::isfinite(value)) return "optimizers.nonfinite";
  if (line.operation.absorbed[element])
    return line.operation.name == "theta" ? "optimizers.stays" : "optimizers.absorbed";
  if (value == exact) return "optimizers.same";
  if (value == 0) return "optimizers.vanished";
  constexpr double kClose = 0.01;
  return std::abs(value - exact) <= kClose * std::abs(exact) ? "optimizers.rounded"
                                                             : "optimizers.off";
}

float anatomy_height(const PathsPicture& picture, const Style& style, float width) {
  const AnatomyRows table = rows_at(picture, style, width, 1);
  return top_of(style) + table.head + table.height;
}

Plot anatomy_plot(std::shared_ptr<const PathsPicture> picture) {
  return {
      .name = "anatomy",
      .draw = [picture](Canvas& canvas,
                        const PlotPlace& place) { draw_anatomy(canvas, *picture, place); },
      .read = [picture](const Style& style, const PlotPlace& place,
                        ImVec2 pointer) { return read_anatomy(*picture, style, place, pointer); }};
}

}  // namespace nanscope
