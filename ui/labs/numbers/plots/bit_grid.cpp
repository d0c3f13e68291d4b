#include "ui/labs/numbers/plots/bit_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "ui/formula/formula.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

// Sizes in units of the body's text.
constexpr float kLargestCell = 1.8f;
constexpr float kSmallestDigitCell = 0.55f;  // digits in narrower cells would touch

struct Widths {
  int sign = 0, exponent = 0, mantissa = 0;
};

Widths widest_fields(const NumberBits& number) {
  Widths widths;
  for (const NumberRow& row : number.rows) {
    widths.sign = std::max(widths.sign, row.format.has_sign ? 1 : 0);
    widths.exponent = std::max(widths.exponent, row.format.exponent_bits);
    widths.mantissa = std::max(widths.mantissa, row.format.mantissa_bits);
  }
  return widths;
}

BitField field_of(const NumberFormat& format, int bit) {
  if (bit < format.mantissa_bits) return BitField::mantissa;
  return bit < format.mantissa_bits + format.exponent_bits ? BitField::exponent : BitField::sign;
}

float name_width(const NumberBits& number, const Style& style) {
  float width = text_extent(style, Face::mono, body(style) * text_size::small, "subnormal").x;
  for (const NumberRow& row : number.rows) {
    width = std::max(width, text_extent(style, Face::semibold, body(style), row.format.name).x);
    width = std::max(
        width, text_extent(style, Face::mono, body(style) * text_size::small, row.encoding.bits).x);
  }
  // The name of one's own format may be long; it is cut off there.
  return std::min(width, body(style) * 7);
}

/// The columns, from left to right: name, sign, exponent, hidden bit, mantissa.
struct Columns {
  float cell, sign, point, hidden;
};

Columns columns_of(const NumberBits& number, const Style& style, float width) {
  const Widths widths = widest_fields(number);
  const float left = name_width(number, style) + body(style) * 0.6f;
  const float gap = body(style) * 0.35f;
  constexpr float kHidden = 1.5f;  // cells
  const float cells = static_cast<float>(widths.sign + widths.exponent + widths.mantissa) + kHidden;
  const float cell = std::max(
      2.0f, std::floor(std::min((width - left - 3 * gap) / cells, body(style) * kLargestCell)));
  const float exponent = left + static_cast<float>(widths.sign) * cell + gap;
  const float hidden = std::max(kHidden * cell, body(style) * 0.9f);
  const float point = exponent + static_cast<float>(widths.exponent) * cell + gap + hidden;
  return {cell, left, std::round(point), hidden};
}

void place_cells(BitRowLayout& row, const NumberFormat& format, const Columns& columns,
                 float cell_height, float gap) {
  const float bottom = row.top + cell_height;
  for (int bit = format.bits() - 1; bit >= 0; --bit) {
    const BitField field = field_of(format, bit);
    float x = columns.sign;
    if (field == BitField::exponent)
      x = columns.point - columns.hidden - gap -
          static_cast<float>(bit - format.mantissa_bits + 1) * columns.cell;
    if (field == BitField::mantissa)
      x = columns.point + static_cast<float>(format.mantissa_bits - 1 - bit) * columns.cell;
    row.cells.push_back({bit, field, {x, row.top}, {x + columns.cell, bottom}});
  }
  row.has_hidden = !format.is_integer;
  row.hidden_low = {columns.point - columns.hidden, row.top};
  row.hidden_high = {columns.point, bottom};
}

ImVec4 field_color(const Style& style, BitField field) {
  switch (field) {
    case BitField::sign:
      return style.palette.series[3];
    case BitField::exponent:
      return style.palette.series[1];
    case BitField::mantissa:
      break;
  }
  return style.palette.series[0];
}

bool bit_of(const NumberRow& row, int bit) { return (row.encoding.code >> bit & 1u) != 0; }

/// Of light text on a filled cell in all themes.
ImU32 on_cell(const Style& style) { return ink(style.palette.surface); }

void draw_cell(Canvas& canvas, const NumberRow& row, const BitCell& cell,
               const BitGridLayout& layout, ImVec2 corner, bool chosen) {
  const Style& style = canvas.style();
  const ImVec4 color = field_color(style, cell.field);
  const bool one = bit_of(row, cell.bit);
  const float inset = layout.cell > 6 ? units(style, 0.75f) : 0.5f;
  const ImVec2 low{corner.x + cell.low.x + inset, corner.y + cell.low.y};
  const ImVec2 high{corner.x + cell.high.x - inset, corner.y + cell.high.y};
  const float rounding = cell.field == BitField::sign ? units(style, 5) : units(style, 1.5f);
  canvas.fill(low, high, ink(color, one ? 1.0f : 0.14f), rounding);
  if (!one) canvas.outline(low, high, ink(color, 0.55f), units(style, 0.75f), rounding);
  if (layout.digits > 0) {
    const ImVec2 middle{(low.x + high.x) / 2, (low.y + high.y) / 2};
    canvas.centered(middle, one ? "1" : "0",
                    {Face::mono, layout.digits, one ? on_cell(style) : ink(style.palette.text)});
  }
  if (chosen)
    canvas.outline({low.x - inset, low.y - inset}, {high.x + inset, high.y + inset},
                   ink(style.palette.text), units(style, 2), rounding);
}

/// "1." before a mantissa, "0." before a subnormal's: a bit that is not stored.
void draw_hidden(Canvas& canvas, const NumberRow& row, const BitRowLayout& place, ImVec2 corner) {
  const Style& style = canvas.style();
  const NumberClass is = row.encoding.number_class;
  if (!place.has_hidden || is == NumberClass::infinity || is == NumberClass::nan) return;
  const float size = std::min(body(style), (place.hidden_high.y - place.hidden_low.y) * 0.8f);
  const char* words = is == NumberClass::normal ? "1." : "0.";
  const float y = (place.hidden_low.y + place.hidden_high.y) / 2 - size / 2;
  canvas.text({corner.x + place.hidden_high.x - units(style, 1), corner.y + y}, words,
              {Face::mono, size, ink(style.palette.muted), Anchor::right});
}

void draw_name(Canvas& canvas, const NumberRow& row, const BitRowLayout& place,
               const BitGridLayout& layout, ImVec2 corner, bool chosen) {
  const Style& style = canvas.style();
  const float small = body(style) * text_size::small, x = corner.x;
  float y = corner.y + place.top;
  canvas.text(
      {x, y},
      cut_text(style, Face::semibold, body(style), row.format.name,
               layout.words_left - body(style) * 0.3f),
      {Face::semibold, body(style), ink(chosen ? style.palette.accent : style.palette.text)});
  if (place.lines < 1) return;
  y += body(style) * 1.3f;
  const NumberClass is = row.encoding.number_class;
  const bool odd = is != NumberClass::normal && is != NumberClass::zero;
  canvas.text({x, y}, text(fmt::format("numbers.class.{}", name_of(is))),
              {Face::regular, small, ink(odd ? style.palette.bad : style.palette.muted)});
  if (place.lines < 2) return;
  canvas.text({x, y + small * 1.35f}, row.encoding.bits,
              {Face::mono, small, ink(style.palette.muted)});
}

/// Characters of the monospaced face that have room.
std::size_t characters(const Style& style, float size, float room) {
  return static_cast<std::size_t>(
      std::max(8.0f, room / std::max(1.0f, text_extent(style, Face::mono, size, "0").x)));
}

/// A formula on a line of text whose upper left corner is there.
void draw_formula_at(Canvas& canvas, const std::string& formula, ImVec2 at, float size) {
  const Style& style = canvas.style();
  const FormulaBox box = set_formula(style, formula, size);
  const float top = at.y + base_line(style, Face::mono, size) - box.ascent;
  draw_formula(canvas, box, {at.x, top}, ink(style.palette.text));
}

/// In a hall digits are as large as a formula's.
float words_size(const Style& style) {
  const bool hall = style.least_text > 0;
  return body(style) * 1.04f * (hall ? 1.0f : text_size::small);
}

/// The formula before a value on the same line.
std::string formula_before_value(const NumberRow& row) { return formula_words(row, 40) + " "; }

/// What a line of words has room for.
struct ValueRoom {
  bool with_error = false;
  std::size_t left = 0;  ///< characters beside the error
};

ValueRoom room_for_value(const Style& style, const NumberRow& row, float room) {
  constexpr std::size_t kLeastValue = 14;  // characters
  const float size = words_size(style);
  const float error = text_extent(style, Face::regular, size, error_words(row)).x + body(style);
  const bool with_error = characters(style, size, room - error) >= kLeastValue;
  return {with_error, characters(style, size, with_error ? room - error : room)};
}

/// The width that a row's words have.
float width_of_words(const BitRowLayout& place, const BitGridLayout& layout) {
  return layout.size.x - (place.lines == 0 ? layout.words_beside : layout.words_left);
}

/// Whether every row has room for its formula and a number that can be read whole on one line: all
/// have it or none.
bool formulas_fit(const Style& style, const NumberBits& number, const BitGridLayout& layout) {
  for (std::size_t i = 0; i < layout.rows.size(); ++i) {
    const NumberRow& row = number.rows[i];
    if (!row.encoding.formula) continue;
    const ValueRoom room = room_for_value(style, row, width_of_words(layout.rows[i], layout));
    const std::size_t value = std::min<std::size_t>(row.encoding.decimal.size(), 24) + 2;
    if (!room.with_error || formula_before_value(row).size() + value > room.left) return false;
  }
  return true;
}

/// The words of a value's line, and where they begin: its formula, its exact value and, if there is
/// room for it, its error.
struct ValueLine {
  std::string formula = {}, value = {}, error = {};  ///< empty: not there
  ImVec2 formula_at, value_at, error_at;
};

ValueLine value_line(const Style& style, const NumberRow& row, ImVec2 at, float room,
                     bool with_formula) {
  const float size = words_size(style);
  auto [with_error, left] = room_for_value(style, row, room);
  ValueLine line{.formula_at = at, .value_at = at, .error_at = at};
  if (with_formula && row.encoding.formula) {
    line.formula = formula_before_value(row);
    line.value_at.x += set_formula(style, line.formula, size).width + size * 0.5f;
    left -= std::min(line.formula.size(), left);
  }
  line.value = "= " + exact_text(row.encoding.decimal, left > 10 ? left - 2 : 8);
  line.error_at.x =
      line.value_at.x + text_extent(style, Face::mono, size, line.value).x + body(style);
  if (with_error) line.error = error_words(row);
  return line;
}

void draw_value(Canvas& canvas, const NumberRow& row, const ValueLine& line) {
  const Palette& palette = canvas.style().palette;
  const float size = words_size(canvas.style());
  if (!line.formula.empty()) draw_formula_at(canvas, line.formula, line.formula_at, size);
  canvas.text(line.value_at, line.value, {Face::mono, size, ink(palette.text)});
  const bool exact = row.encoding.is_exact();
  if (!line.error.empty())
    canvas.text(line.error_at, line.error,
                {Face::regular, size, ink(exact ? palette.good : palette.muted)});
}

/// A row's words on as many lines as there is room for.
struct RowWords {
  std::string formula = {};  ///< on a line of its own, or ""
  ImVec2 formula_at;
  ValueLine value = {};
};

RowWords words_of_row(const Style& style, const NumberRow& row, const BitRowLayout& place,
                      const BitGridLayout& layout, ImVec2 corner, bool with_formula) {
  const float size = words_size(style), room = width_of_words(place, layout);
  const ImVec2 cells{place.cells.front().low.y, place.cells.front().high.y};
  if (place.lines == 0) {
    const ImVec2 at{corner.x + layout.words_beside, corner.y + (cells.x + cells.y) / 2 - size / 2};
    return {
        .formula = {}, .formula_at = at, .value = value_line(style, row, at, room, with_formula)};
  }
  ImVec2 at{corner.x + layout.words_left, corner.y + cells.y + body(style) * 0.25f};
  RowWords words{.formula_at = at};
  if (place.lines > 1) words.formula = formula_words(row, characters(style, size, room));
  const bool own_line = !words.formula.empty();
  if (own_line) at.y += size * 1.35f;
  words.value = value_line(style, row, at, room, !own_line && with_formula);
  return words;
}

void draw_words(Canvas& canvas, const NumberRow& row, const RowWords& words) {
  if (!words.formula.empty())
    draw_formula_at(canvas, words.formula, words.formula_at, words_size(canvas.style()));
  draw_value(canvas, row, words.value);
}

/// A bracket under a field's name.
void draw_heading(Canvas& canvas, const char* key, float left, float right, ImVec2 corner,
                  BitField field) {
  if (right <= left) return;
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  const ImU32 color = ink(field_color(style, field));
  const float y = corner.y + size * 1.3f;
  const std::string words = text(key);
  const float width = text_extent(style, Face::semibold, size, words).x;
  float x = corner.x + (left + right) / 2;
  // A name wider than its column stays right of the names of rows.
  x = std::max(x, corner.x + left + width / 2 - body(style) * 1.5f);
  canvas.text({x, corner.y}, words, {Face::semibold, size, color, Anchor::middle});
  canvas.line({corner.x + left, y}, {corner.x + right, y}, color, units(style, 1.5f));
}

void draw_headings(Canvas& canvas, const BitGridLayout& layout, ImVec2 corner) {
  const float half = units(canvas.style(), 1);
  for (const BitRowLayout& row : layout.rows)
    if (!row.cells.empty() && row.cells.front().field == BitField::sign) {
      draw_heading(canvas, "numbers.field.sign", row.cells.front().low.x + half,
                   row.cells.front().high.x - half, corner, BitField::sign);
      break;
    }
  float exponent_right = layout.exponent_left;
  for (const BitRowLayout& row : layout.rows)
    for (const BitCell& cell : row.cells)
      if (cell.field == BitField::exponent) exponent_right = std::max(exponent_right, cell.high.x);
  draw_heading(canvas, "numbers.field.exponent", layout.exponent_left + half, exponent_right - half,
               corner, BitField::exponent);
  draw_heading(canvas, "numbers.field.mantissa", layout.point + half, layout.mantissa_right - half,
               corner, BitField::mantissa);
}

/// The line on which the point stands, through the cells of all rows; what stands between them
/// stays free.
void draw_point(Canvas& canvas, const BitGridLayout& layout, ImVec2 corner) {
  if (layout.rows.empty()) return;
  const Style& style = canvas.style();
  const float x = corner.x + layout.point - units(style, 1);
  float top = body(style) * text_size::small * 1.5f;  // below the headings
  for (const BitRowLayout& row : layout.rows) {
    if (&row != &layout.rows.front()) top = row.top;
    canvas.dashes(
        std::array{ImVec2{x, corner.y + top}, ImVec2{x, corner.y + row.cells.front().high.y}},
        ink(style.palette.grid), units(style, 1), {2, 3});
  }
}

/// How high a row is made of: cells, lines of words below them, room to the next row.
struct RowHeights {
  float cell, line, gap;
  float content(int lines) const { return cell + static_cast<float>(lines) * line; }
};

/// The lines of words below each row: as many as fit for all, or else words beside the cells where
/// these leave room on their right, which begin at `beside`.
std::vector<int> lines_of_words(const NumberBits& number, const Columns& columns, float em,
                                const RowHeights& heights, ImVec2 room, float& beside) {
  const auto count = static_cast<float>(number.rows.size());
  for (const int lines : {2, 1})
    if (count * (heights.content(lines) + heights.gap) <= room.y)
      return std::vector<int>(number.rows.size(), lines);
  constexpr float kLeastBeside = 16;  // ems
  std::vector<int> lines;
  for (const NumberRow& row : number.rows) {
    const float right = columns.point + static_cast<float>(row.format.mantissa_bits) * columns.cell;
    const bool fits = right + (kLeastBeside + 1) * em <= room.x;
    lines.push_back(fits ? 0 : 1);
    if (fits) beside = std::max(beside, right + em);
  }
  return lines;
}

}  // namespace

BitGridLayout layout_bits(const NumberBits& number, const Style& style, ImVec2 size) {
  BitGridLayout layout;
  if (number.rows.empty()) return layout;
  const Columns columns = columns_of(number, style, size.x);
  const Widths widths = widest_fields(number);
  const float em = body(style), gap = em * 0.35f, head = em * text_size::small * 1.75f;
  const float best_cell = std::clamp(columns.cell * 1.2f, em * 1.15f, em * 1.7f);
  RowHeights heights{std::min(best_cell, em * 1.15f), em * text_size::small * 1.4f, em * 0.4f};
  const ImVec2 room{size.x, size.y - head};
  const std::vector<int> lines =
      lines_of_words(number, columns, em, heights, room, layout.words_beside);
  const auto count = static_cast<float>(lines.size());
  const float words =
      heights.line * static_cast<float>(std::accumulate(lines.begin(), lines.end(), 0));
  const float pitch = (room.y - words) / count;  // without the words below cells
  // First room for all rows, then larger cells, then room between the rows.
  if (pitch < heights.cell + heights.gap) heights.gap = em * 0.25f;
  heights.cell = std::clamp(pitch - heights.gap, em * 0.95f, best_cell);
  heights.gap = std::clamp(pitch - heights.cell, heights.gap, em * 1.5f);
  layout.cell = columns.cell;
  if (columns.cell >= em * kSmallestDigitCell) layout.digits = std::min(em, columns.cell * 1.1f);
  layout.digits = std::min(layout.digits, heights.cell * 0.9f);
  layout.point = columns.point;
  layout.exponent_left =
      columns.point - columns.hidden - gap - static_cast<float>(widths.exponent) * columns.cell;
  layout.mantissa_right = columns.point + static_cast<float>(widths.mantissa) * columns.cell;
  layout.words_left = columns.sign;
  float top = head;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    BitRowLayout place;
    place.top = std::round(top);
    place.lines = lines[i];
    place_cells(place, number.rows[i].format, columns, heights.cell, gap);
    top += heights.content(lines[i]) + heights.gap;
    place.bottom = std::round(top);
    layout.rows.push_back(std::move(place));
  }
  layout.size = {size.x, top};
  return layout;
}

void draw_bits(Canvas& canvas, const NumberBits& number, const BitGridLayout& layout, ImVec2 corner,
               const std::optional<BitCursor>& cursor) {
  draw_point(canvas, layout, corner);
  draw_headings(canvas, layout, corner);
  const bool with_formula = formulas_fit(canvas.style(), number, layout);
  for (std::size_t i = 0; i < layout.rows.size(); ++i) {
    const NumberRow& row = number.rows[i];
    const BitRowLayout& place = layout.rows[i];
    draw_name(canvas, row, place, layout, corner, row.format.name == number.chosen);
    draw_hidden(canvas, row, place, corner);
    for (const BitCell& cell : place.cells)
      draw_cell(canvas, row, cell, layout, corner,
                cursor && cursor->row == i && cursor->bit == cell.bit);
    draw_words(canvas, row, words_of_row(canvas.style(), row, place, layout, corner, with_formula));
  }
}

void draw_bits_within(Canvas& canvas, const NumberBits& number, ImVec2 corner, ImVec2 size) {
  const Style& style = canvas.style();
  const float note = body(style) * text_size::small * 1.2f;
  NumberBits shown = number;
  BitGridLayout layout = layout_bits(shown, style, size);
  while (layout.rows.size() > 1 && layout.rows.back().bottom > size.y + 1) {
    shown.rows.pop_back();
    layout = layout_bits(shown, style, {size.x, size.y - note});
    layout.rows.back().bottom += note;
  }
  draw_bits(canvas, shown, layout, corner);
  if (const std::size_t left_out = number.rows.size() - shown.rows.size(); left_out > 0)
    canvas.text({corner.x, corner.y + size.y - note}, count_text("numbers.no_room", left_out),
                {Face::regular, note / 1.2f, ink(style.palette.muted)});
}

std::optional<RowNumberPlace> number_at(const NumberBits& number, const BitGridLayout& layout,
                                        const Style& style, ImVec2 point) {
  const bool with_formula = formulas_fit(style, number, layout);
  const float size = words_size(style);
  for (std::size_t i = 0; i < layout.rows.size(); ++i) {
    if (point.y < layout.rows[i].top || point.y >= layout.rows[i].bottom) continue;
    const ValueLine line =
        words_of_row(style, number.rows[i], layout.rows[i], layout, {0, 0}, with_formula).value;
    for (const bool value : {true, false}) {
      const ImVec2 low = value ? line.value_at : line.error_at;
      const float width = text_extent(style, value ? Face::mono : Face::regular, size,
                                      value ? line.value : line.error)
                              .x;
      const ImVec2 high{low.x + width, low.y + size * 1.15f};
      if (point.x >= low.x && point.x < high.x && point.y >= low.y && point.y < high.y)
        return RowNumberPlace{i, value ? RowNumber::value : RowNumber::error, low, high};
    }
  }
  return std::nullopt;
}

std::optional<BitCursor> bit_at(const BitGridLayout& layout, ImVec2 point) {
  for (std::size_t i = 0; i < layout.rows.size(); ++i)
    for (const BitCell& cell : layout.rows[i].cells)
      if (point.x >= cell.low.x && point.x < cell.high.x && point.y >= cell.low.y &&
          point.y < cell.high.y)
        return BitCursor{i, cell.bit};
  return {};
}

}  // namespace nanscope
