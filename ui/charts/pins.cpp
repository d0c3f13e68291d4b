#include "ui/charts/pins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "ui/canvas/shapes.h"
#include "ui/charts/labels.h"
#include "ui/charts/pin_words.h"

namespace nanscope {
namespace {

constexpr float kSamePlace = 4;         // pixels
constexpr float kMostOfChart = 0.25f;   // of its area, which a plate may hide
constexpr double kMostOfCurves = 0.15;  // of their points, which it may hide
constexpr float kRing = 5;              // units, its radius

struct PinPlate {
  std::vector<std::string> titles;
  PinTable table;
  std::vector<float> widths;
  float size = 13, line = 16, padding = 6;  ///< of the text; pixels
  ImVec2 extent;
};

/// Of a table the plate is as wide as that, else at most `widest`.
PinPlate plate_of(const Style& style, const Pins& pins, PlateWords words, float size,
                  float widest) {
  PinPlate plate;
  plate.size = size;
  plate.line = drawn_size(style, plate.size) * 1.25f;
  plate.padding = px(style.spacing * 0.75f);
  const bool headed = words == PlateWords::headed;
  if (words == PlateWords::all || headed || words == PlateWords::table) {
    plate.table = table_of(pins);
    for (std::size_t i = 0; i < pins.size() && headed; ++i)
      plate.table.front()[i + 1] = pin_title(pins, i);
    // One reading's title stands above its table, if any does.
    if (!headed && pins.size() == 1) plate.table.erase(plate.table.begin());
  } else if (const std::string ratios = ratios_of(pins, words); !ratios.empty()) {
    plate.titles = wrapped_lines(style, Face::semibold, size, ratios, widest - 2 * plate.padding);
  }
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

/// What no plate covers: a pin's ring, and the number beside it.
LabelBox around_pin(const Style& style, ImVec2 at) {
  const float radius = units(style, kRing);
  return {{at.x - 2 * radius, at.y - 4 * radius}, {at.x + 5 * radius, at.y + 2 * radius}};
}

/// A place in the plot area where a plate of this size leaves the pins, the words and most of the
/// curves free, the one where it hides least of these; rather in a corner.
std::optional<ImVec2> place_beside(const Style& style, const ChartFrame& frame, const Pins& pins,
                                   const PinSurroundings& around, ImVec2 extent,
                                   double most_of_curves = kMostOfCurves) {
  const float gap = px(style.spacing) / 2;
  LabelPlaces places({frame.low, frame.high}, around.points);
  const float away = gap / 2;
  for (const LabelBox& words : around.words)
    places.keep_free(
        {{words.low.x - away, words.low.y - away}, {words.high.x + away, words.high.y + away}});
  for (const PinnedReading& pin : pins)
    places.keep_free(around_pin(style, frame.at_units(pin.x, pin.y)));
  const float left = frame.low.x + gap, right = frame.high.x - gap - extent.x;
  const float top = frame.low.y + gap, bottom = frame.high.y - gap - extent.y;
  std::vector<ImVec2> corners{{right, top}, {left, top}, {right, bottom}, {left, bottom}};
  constexpr int kSteps = 6;  // from edge to edge
  for (int row = 0; row <= kSteps; ++row)
    for (int column = kSteps; column >= 0; --column)
      corners.push_back({left + (right - left) * static_cast<float>(column) / kSteps,
                         top + (bottom - top) * static_cast<float>(row) / kSteps});
  const std::optional<ImVec2> at = places.take(corners, extent);
  if (!at) return std::nullopt;
  const LabelBox plate{*at, {at->x + extent.x, at->y + extent.y}};
  const auto hidden =
      std::ranges::count_if(around.points, [&](ImVec2 point) { return plate.holds(point); });
  const double most = most_of_curves * static_cast<double>(around.points.size());
  return static_cast<double>(hidden) <= most ? at : std::nullopt;
}

struct PlacedPlate {
  PinPlate plate;
  ImVec2 low;
};

/// The plate that says most of those that hide no more than their share of the plot area and leave
/// free what is around: all of it, or else most of the curves. Two readings that are compared
/// nowhere else have their line over the curves where it hides least of them. None where none fits:
/// the rings stay, and what is copied says the rest.
std::optional<PlacedPlate> fitting_plate(const Style& style, const ChartFrame& frame,
                                         const Pins& pins, const PinSurroundings& around) {
  const ImVec2 area{frame.high.x - frame.low.x, frame.high.y - frame.low.y};
  constexpr std::array kTwo{PlateWords::all, PlateWords::headed, PlateWords::table,
                            PlateWords::ratios, PlateWords::pinned};
  // Without its place only where nothing else has room.
  constexpr std::array kOne{PlateWords::all, PlateWords::headed, PlateWords::ratios,
                            PlateWords::pinned, PlateWords::table};
  constexpr std::array kCells{PlateWords::cell, PlateWords::number};
  const auto fitting = [&](std::span<const PlateWords> sorts, const PinSurroundings& surroundings,
                           double most_of_curves) -> std::optional<PlacedPlate> {
    for (const PlateWords words : sorts) {
      const PinPlate plate =
          plate_of(style, pins, words, body(style) * text_size::small, area.x - px(style.spacing));
      if (plate.titles.empty() && plate.table.empty()) continue;
      if (plate.extent.x * plate.extent.y > kMostOfChart * area.x * area.y) continue;
      if (const auto at =
              place_beside(style, frame, pins, surroundings, plate.extent, most_of_curves))
        return PlacedPlate{plate, *at};
    }
    return std::nullopt;
  };
  if (around.cells) return fitting(kCells, around, kMostOfCurves);
  // Two readings say how many times the second one is before anything is hidden.
  PinSurroundings all = around;
  all.points.insert(all.points.end(), around.lines.begin(), around.lines.end());
  constexpr std::array kRatio{PlateWords::places, PlateWords::named};
  const std::span<const PlateWords> curves = pins.size() == kMostPins ? kTwo : kOne;
  if (auto placed = fitting(curves, all, 0)) return placed;
  if (pins.size() == kMostPins)
    if (auto placed = fitting(kRatio, all, 0)) return placed;
  if (auto placed = fitting(curves, around, kMostOfCurves)) return placed;
  if (pins.size() < kMostPins) return std::nullopt;
  for (const PlateWords words : kRatio) {
    const PinPlate line =
        plate_of(style, pins, words, body(style) * text_size::small, area.x - px(style.spacing));
    if (line.titles.empty() || (words == PlateWords::places && line.titles.size() > 1)) continue;
    if (const auto at = place_beside(style, frame, pins, around, line.extent, 1))
      return PlacedPlate{line, *at};
  }
  return std::nullopt;
}

std::optional<LabelBox> draw_pin_plate(Canvas& canvas, const ChartFrame& frame, const Pins& pins,
                                       const PinSurroundings& around) {
  const Style& style = canvas.style();
  const auto fitting = fitting_plate(style, frame, pins, around);
  if (!fitting) return std::nullopt;
  const auto& [plate, low] = *fitting;
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
  return LabelBox{low, high};
}

}  // namespace

const PinnedReading* pin_at(const Pins& pins, const ChartFrame& frame, ImVec2 pixel) {
  for (const PinnedReading& pin : pins) {
    const ImVec2 at = frame.at_units(pin.x, pin.y);
    if (std::hypot(at.x - pixel.x, at.y - pixel.y) < kSamePlace) return &pin;
  }
  return nullptr;
}

namespace {

/// free_corner(), with what is filled kept free or not.
std::optional<ImVec2> free_place(const Style& style, const ChartFrame& frame, const Pins& pins,
                                 const PinSurroundings& around, ImVec2 pointer, ImVec2 extent,
                                 bool beside_fields) {
  const float gap = px(style.spacing) / 2, away = body(style);
  const LabelBox area{{frame.low.x + gap, frame.low.y + gap},
                      {frame.high.x - gap, frame.high.y - gap}};
  std::vector<ImVec2> drawn = around.points;
  drawn.insert(drawn.end(), around.lines.begin(), around.lines.end());
  LabelPlaces places(area, std::move(drawn), gap);
  const auto keep_free = [&](const LabelBox& box, float margin) {
    places.keep_free(
        {{box.low.x - margin, box.low.y - margin}, {box.high.x + margin, box.high.y + margin}});
  };
  keep_free({pointer, pointer}, away);
  for (const LabelBox& words : around.words) keep_free(words, gap);
  if (beside_fields)
    for (const LabelBox& field : around.fields) keep_free(field, gap);
  for (const LabelBox& box : taken_by_pins(style, frame, pins, around)) keep_free(box, gap);
  // Rather in a corner, where it stands still while the pointer moves on.
  const float left = area.low.x, right = area.high.x - extent.x;
  const float top = area.low.y, bottom = area.high.y - extent.y;
  std::vector<ImVec2> corners{{right, top}, {left, top}, {right, bottom}, {left, bottom}};
  for (const ImVec2& at : corners_all_over(area, extent)) corners.push_back(at);
  return places.take(corners, extent, 0);
}

}  // namespace

std::vector<LabelBox> taken_by_pins(const Style& style, const ChartFrame& frame, const Pins& pins,
                                    const PinSurroundings& around) {
  std::vector<LabelBox> taken;
  for (const PinnedReading& pin : pins)
    taken.push_back(around_pin(style, frame.at_units(pin.x, pin.y)));
  if (around.plate && !pins.empty()) taken.push_back(*around.plate);
  return taken;
}

std::optional<ImVec2> free_corner(const Style& style, const ChartFrame& frame, const Pins& pins,
                                  const PinSurroundings& around, ImVec2 pointer, ImVec2 extent,
                                  bool on_cells) {
  return free_place(style, frame, pins, around, pointer, extent, !(on_cells && around.cells));
}

std::optional<LabelBox> draw_pins(Canvas& canvas, const ChartFrame& frame, const Pins& all,
                                  const PinSurroundings& around) {
  const Pins pins = read_ones(all);
  if (pins.empty()) return std::nullopt;
  const Style& style = canvas.style();
  const Plate name{.face = Face::semibold,
                   .size = body(style) * text_size::small,
                   .color = style.palette.accent,
                   .bordered = true};
  const float radius = units(style, kRing);
  bool any_seen = false;
  for (std::size_t i = 0; i < pins.size(); ++i) {
    const ImVec2 at = frame.at_units(pins[i].x, pins[i].y);
    if (!frame.contains(at, radius)) continue;
    any_seen = true;
    draw_ring(canvas, at, radius, ink(style.palette.accent), units(style, 2.5f));
    draw_plate(canvas, name, {at.x + radius * 1.5f, at.y - radius * 4}, pin_name(i), frame.low,
               frame.high);
  }
  return any_seen ? draw_pin_plate(canvas, frame, pins, around) : std::nullopt;
}

}  // namespace nanscope
