#include "ui/charts/pins.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kSamePlace = 4;        // pixels
constexpr float kMostOfChart = 0.25f;  // of its area, which a plate may hide
constexpr float kSmallType = 0.8f;     // of the usual one
constexpr std::array<const char*, kMostPins> kPinNames{"1", "2"};

using PinTable = std::vector<std::vector<std::string>>;

/// What stands in the plate: the head first.
PinTable table_of(const Pins& pins) {
  PinTable table;
  if (pins.size() == 1) {
    table.push_back({"", kPinNames[0]});
    for (const ReadingValue& value : all_values(pins[0].reading))
      table.push_back({value.name, value.words(value.value)});
    return table;
  }
  table.push_back({"", kPinNames[0], kPinNames[1], text("chart.difference"), text("chart.ratio")});
  for (const Comparison& row : compare(pins[0].reading, pins[1].reading))
    table.push_back({row.name, row.words(row.first), row.words(row.second),
                     row.words(row.difference()), number_text(row.ratio())});
  return table;
}

/// "1  linear 3".
std::string pin_title(const Pins& pins, std::size_t index) {
  const auto& lines = pins[index].reading.lines;
  const std::string title = lines.empty() ? "" : lines.front();
  return fmt::format(
      "{}  {}", kPinNames[index],
      pins[index].earlier ? format_text("chart.pin_earlier", fmt::arg("place", title)) : title);
}

struct PinPlate {
  std::vector<std::string> titles;
  PinTable table;
  std::vector<float> widths;
  float size = 13, line = 16, padding = 6;  ///< of the text; pixels
  ImVec2 extent;
};

/// How much a plate says: all of it; what the chart's own numbers beside the pins leave to say; in
/// one line how many times as large the second reading is, or the values of the only one.
enum class PlateWords { all, table, line };

/// The one line.
std::string line_of(const Pins& pins) {
  std::vector<std::string> words;
  if (pins.size() == 1)
    for (const ReadingValue& value : all_values(pins[0].reading))
      words.push_back(fmt::format("{} {}", value.name, value.words(value.value)));
  else
    for (const Comparison& row : compare(pins[0].reading, pins[1].reading))
      words.push_back(fmt::format("{} {}", row.name, number_text(row.ratio())));
  const std::string all = fmt::format("{}", fmt::join(words, ", "));
  return pins.size() == 1 ? all : fmt::format("{}: {}", text("chart.ratio"), all);
}

PinPlate plate_of(const Style& style, const Pins& pins, PlateWords words, float size) {
  PinPlate plate;
  plate.size = size;
  plate.line = plate.size * 1.25f;
  plate.padding = px(style.spacing * 0.75f);
  if (words != PlateWords::line) plate.table = table_of(pins);
  if (words == PlateWords::table && pins.size() == 1) plate.table.erase(plate.table.begin());
  if (words == PlateWords::line) plate.titles = {line_of(pins)};
  if (words == PlateWords::all)
    for (std::size_t i = 0; i < pins.size(); ++i) plate.titles.push_back(pin_title(pins, i));
  float wide = 0;
  for (const std::string& title : plate.titles)
    wide = std::max(wide, text_extent(style, Face::semibold, plate.size, title).x);
  if (!plate.table.empty()) plate.widths.resize(plate.table.front().size());
  float total = 0;
  for (std::size_t column = 0; column < plate.widths.size(); ++column) {
    for (const auto& row : plate.table)
      plate.widths[column] = std::max(
          plate.widths[column],
          text_extent(style, column == 0 ? Face::regular : Face::mono, plate.size, row[column]).x +
              plate.size * (column == 0 ? 0.0f : 1.0f));
    total += plate.widths[column];
  }
  plate.extent = {std::max(wide, total) + 2 * plate.padding,
                  static_cast<float>(plate.titles.size() + plate.table.size()) * plate.line +
                      2 * plate.padding};
  return plate;
}

/// The plate that says most of those that hide no more than their share of the chart; where none
/// does, the line.
PinPlate fitting_plate(const Style& style, const Pins& pins, ImVec2 chart, float widest) {
  const float usual = body(style) * text_size::small;
  PinPlate plate;
  for (const PlateWords words : {PlateWords::all, PlateWords::table, PlateWords::line})
    for (const float type : {1.0f, kSmallType}) {
      plate = plate_of(style, pins, words, usual * type);
      const float share = plate.extent.x * plate.extent.y / (chart.x * chart.y);
      if (share <= kMostOfChart && plate.extent.x <= widest && plate.extent.y <= chart.y)
        return plate;
    }
  return plate;
}

/// The corner of the plot area where the plate hides no pin.
ImVec2 corner_for(const ChartFrame& frame, const Pins& pins, ImVec2 extent, float gap) {
  const float left = frame.low.x + gap, right = frame.high.x - gap - extent.x;
  const float top = frame.low.y + gap, bottom = frame.high.y - gap - extent.y;
  for (const ImVec2& at :
       {ImVec2{right, top}, ImVec2{left, top}, ImVec2{right, bottom}, ImVec2{left, bottom}}) {
    const auto hidden = [&](const PinnedReading& pin) {
      const ImVec2 point = frame.at_units(pin.x, pin.y);
      return point.x > at.x - gap && point.x < at.x + extent.x + gap && point.y > at.y - gap &&
             point.y < at.y + extent.y + gap;
    };
    if (std::ranges::none_of(pins, hidden)) return at;
  }
  return {right, top};
}

void draw_pin_plate(Canvas& canvas, const ChartFrame& frame, const Pins& pins,
                    const PlotPlace& place) {
  const Style& style = canvas.style();
  const PinPlate plate = fitting_plate(
      style, pins, {frame.high.x - frame.low.x, frame.high.y - frame.low.y}, place.size.x);
  ImVec2 low = corner_for(frame, pins, plate.extent, px(style.spacing));
  low.x = std::max(place.corner.x, std::min(low.x, place.corner.x + place.size.x - plate.extent.x));
  const ImVec2 high{low.x + plate.extent.x, low.y + plate.extent.y};
  const float rounding = px(style.spacing * 0.375f);
  canvas.fill(low, high, ink(style.palette.surface), rounding);
  canvas.outline(low, high, ink(style.palette.accent), units(style, 1), rounding);
  ImVec2 at{low.x + plate.padding, low.y + plate.padding};
  for (const std::string& title : plate.titles) {
    canvas.text(at, title, {Face::semibold, plate.size, ink(style.palette.text)});
    at.y += plate.line;
  }
  for (std::size_t i = 0; i < plate.table.size(); ++i) {
    float x = at.x;
    for (std::size_t column = 0; column < plate.widths.size(); ++column) {
      const ImU32 color = ink(i == 0 || column == 0 ? style.palette.muted : style.palette.text);
      x += plate.widths[column];
      if (column == 0)
        canvas.text(at, plate.table[i][column], {Face::regular, plate.size, color});
      else
        canvas.text({x, at.y}, plate.table[i][column],
                    {Face::mono, plate.size, color, Anchor::right});
    }
    at.y += plate.line;
  }
}

/// What has been read.
Pins read_ones(Pins pins) {
  std::erase_if(pins, [](const PinnedReading& pin) { return !pin.read; });
  return pins;
}

}  // namespace

void follow_passes_beside(Pins& pins, const Plot& plot, const Style& style,
                          const PlotPlace& place) {
  for (PinnedReading& pin : pins) {
    if (!pin.read) continue;
    std::optional<PlotReading> now;
    if (plot.shows_passes_beside) now = read_place(plot, style, place, pin.x, pin.y);
    pin.reading.rows_beside = now ? std::move(now->rows_beside) : decltype(now->rows_beside){};
    pin.reading.values_beside = now ? std::move(now->values_beside) : std::vector<ReadingValue>();
  }
}

const PinnedReading* pin_at(const Pins& pins, const ChartFrame& frame, ImVec2 pixel) {
  for (const PinnedReading& pin : pins) {
    const ImVec2 at = frame.at_units(pin.x, pin.y);
    if (std::hypot(at.x - pixel.x, at.y - pixel.y) < kSamePlace) return &pin;
  }
  return nullptr;
}

std::vector<Comparison> compare(const PlotReading& first, const PlotReading& second) {
  const std::vector<ReadingValue> a = all_values(first), b = all_values(second);
  std::vector<Comparison> rows;
  for (const ReadingValue& value : a) {
    const auto other = std::ranges::find(b, value.name, &ReadingValue::name);
    if (other != b.end()) rows.push_back({value.name, value.value, other->value, value.words});
  }
  if (!rows.empty()) return rows;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    rows.push_back(
        {fmt::format("{} / {}", a[i].name, b[i].name), a[i].value, b[i].value, a[i].words});
  return rows;
}

std::string reading_text(const PlotReading& reading) {
  std::string words = fmt::format("{}", fmt::join(reading.lines, "\n"));
  const auto row = [&](const std::vector<std::string>& cells) {
    if (!cells.empty()) words += fmt::format("\n{}", fmt::join(cells, "\t"));
  };
  row(reading.table.head);
  for (const std::vector<std::string>& cells : all_rows(reading)) row(cells);
  return words;
}

std::string pins_text(const Pins& all) {
  const Pins pins = read_ones(all);
  if (pins.size() == 1) return reading_text(pins.front().reading);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < pins.size(); ++i) lines.push_back(pin_title(pins, i));
  if (!pins.empty())
    for (const std::vector<std::string>& row : table_of(pins))
      lines.push_back(fmt::format("{}", fmt::join(row, "\t")));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

void draw_pins(Canvas& canvas, const ChartFrame& frame, const Pins& all, const PlotPlace& place) {
  const Pins pins = read_ones(all);
  if (pins.empty()) return;
  const Style& style = canvas.style();
  const Plate name{.face = Face::semibold,
                   .size = body(style) * text_size::small,
                   .color = style.palette.accent,
                   .bordered = true};
  const float radius = units(style, 5);
  for (std::size_t i = 0; i < pins.size(); ++i) {
    const ImVec2 at = frame.at_units(pins[i].x, pins[i].y);
    if (!frame.contains(at, radius)) continue;
    draw_ring(canvas, at, radius, ink(style.palette.accent), units(style, 2.5f));
    draw_plate(canvas, name, {at.x + radius * 1.5f, at.y - radius * 4}, kPinNames[i], frame.low,
               frame.high);
  }
  draw_pin_plate(canvas, frame, pins, place);
}

}  // namespace nanscope
