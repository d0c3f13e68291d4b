#include "ui/labs/training/plots/run_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/charts/chart_signs.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// The place of the value of `x` that is nearest to `wanted`.
std::size_t nearest(std::span<const double> x, double wanted) {
  const auto after = std::ranges::lower_bound(x, wanted);
  if (after == x.begin()) return 0;
  const auto at = after == x.end() || wanted - *(after - 1) < *after - wanted ? after - 1 : after;
  return static_cast<std::size_t>(at - x.begin());
}

/// Whether a curve says its value at `at` of a place: what is measured seldom where it was
/// measured, else as far around as half of the way to the next one.
bool says(const DrawnCurve& one, std::size_t at, double x) {
  const double away = std::abs(one.x.values[at] - x);
  if (one.curve->seldom || one.x.size() < 2) return away == 0;
  const std::size_t next = at + 1 < one.x.size() ? at + 1 : at - 1;
  return away <= std::abs(one.x.values[next] - one.x.values[at]) / 2;
}

/// A line of the plate: a curve's look, its name, its value.
struct PlateRow {
  std::string name, value;
  const Stroke* stroke = nullptr;  ///< null: the plate's head
};

std::vector<PlateRow> plate_rows(const RunReading& reading, const RunQuantity& quantity,
                                 RunAxis axis, std::size_t most) {
  const RunReading::Value& first = reading.values.front();
  const std::string step = place_words(axis, reading.x, first.step);
  if (reading.values.size() == 1 || most < 3) {
    const std::string value = value_words(quantity, first);
    if (!first.curve->beside) return {{step, value}};
    if (most < 2) return {{fmt::format("{}, {}", step, first.curve->words), value}};
    return {{step, ""}, {first.curve->words, value, &first.curve->stroke}};
  }
  std::vector<PlateRow> rows{{step, ""}};
  for (const RunReading::Value& one : reading.values)
    rows.push_back({one.curve->words, value_words(quantity, one), &one.curve->stroke});
  if (rows.size() <= most) return rows;
  rows.resize(most - 1);
  rows.push_back(
      {count_text("run.more_read", static_cast<std::int64_t>(reading.values.size() + 2 - most)),
       ""});
  return rows;
}

struct ReadingPlate {
  std::vector<PlateRow> rows;
  float size = 13, line = 16, padding = 6, sample = 0;  ///< of the text; pixels
  ImVec2 extent;
};

/// `brief`: the run's own value alone.
ReadingPlate plate_of(const Style& style, const RunPlace& placed, const RunQuantity& quantity,
                      RunAxis axis, const RunReading& reading, bool brief) {
  ReadingPlate plate;
  plate.size = body(style) * text_size::small;
  plate.line = drawn_size(style, plate.size) * 1.25f;
  plate.padding = px(style.spacing * 0.5f);
  const LabelBox area = placed.area();
  const float fitting = (area.high.y - area.low.y - 3 * plate.padding) / plate.line;
  const float most = brief ? 1 : std::max(fitting, 1.0f);
  plate.rows = plate_rows(reading, quantity, axis, static_cast<std::size_t>(most));
  if (plate.rows.size() > 1) plate.sample = plate.size * 1.25f;
  const float width = area.high.x - area.low.x;
  float names = 0, values = 0, alone = 0;
  for (PlateRow& row : plate.rows) {
    const Face face = row.stroke ? Face::regular : Face::semibold;
    row.name = cut_text(style, face, plate.size, row.name, width * (row.stroke ? 0.45f : 0.9f));
    const float name = text_extent(style, face, plate.size, row.name).x;
    float& column = row.value.empty() ? alone : names;
    column = std::max(column, name + (row.stroke ? plate.sample : 0));
    values = std::max(values, text_extent(style, Face::mono, plate.size, row.value).x);
  }
  plate.extent = {std::max(alone, names + plate.size * 0.75f + values) + 2 * plate.padding,
                  static_cast<float>(plate.rows.size()) * plate.line + plate.padding};
  return plate;
}

void draw_plate(Canvas& canvas, const ReadingPlate& plate, ImVec2 low) {
  const Style& style = canvas.style();
  const ImVec2 high{low.x + plate.extent.x, low.y + plate.extent.y};
  const float rounding = px(style.spacing * 0.375f);
  canvas.fill(low, high, ink(style.palette.surface), rounding);
  canvas.outline(low, high, ink(style.palette.border), units(style, 1), rounding);
  ImVec2 at{low.x + plate.padding, low.y + plate.padding / 2};
  for (const PlateRow& row : plate.rows) {
    const ImU32 color = ink(style.palette.text);
    if (row.stroke) {
      const float y = at.y + plate.line / 2;
      draw_stroke(canvas, std::array{ImVec2{at.x, y}, ImVec2{at.x + plate.size, y}}, *row.stroke);
      canvas.text({at.x + plate.sample, at.y}, row.name, {Face::regular, plate.size, color});
    } else {
      canvas.text(at, row.name, {Face::semibold, plate.size, color});
    }
    canvas.text({high.x - plate.padding, at.y}, row.value,
                {Face::mono, plate.size, color, Anchor::right});
    at.y += plate.line;
  }
}

}  // namespace

void point_at_nearest(PlotReading& reading, const ChartFrame& frame, ImVec2 pointer) {
  float closest = INFINITY;
  for (const ReadingValue& one : reading.values) {
    const float y = frame.y_at(one.value);
    if (!std::isfinite(one.place) || std::abs(y - pointer.y) >= closest) continue;
    closest = std::abs(y - pointer.y);
    reading.at.y = y;
  }
  reading.on_drawn = std::isfinite(closest);
}

std::string value_words(const RunQuantity& quantity, double value) {
  return quantity.percent ? fmt::format("{} %", number_text(100 * value)) : number_text(value);
}

std::string value_words(const RunQuantity& quantity, const RunReading::Value& value) {
  const std::string words = value_words(quantity, value.value);
  if (!value.networks || std::isnan(value.networks->low)) return words;
  return format_text("run.band", fmt::arg("median", words),
                     fmt::arg("low", value_words(quantity, value.networks->low)),
                     fmt::arg("high", value_words(quantity, value.networks->high)));
}

std::optional<RunReading> read_curves(std::span<const DrawnCurve> curves, double wanted) {
  std::optional<RunReading> reading;
  for (const DrawnCurve& one : curves) {
    const double x = one.x.values[nearest(one.x.values, wanted)];
    if (!reading || std::abs(x - wanted) < std::abs(reading->x - wanted)) reading = {.x = x};
  }
  if (!reading) return reading;
  for (const DrawnCurve& one : curves)
    if (const std::size_t at = nearest(one.x.values, reading->x); says(one, at, reading->x)) {
      RunReading::Value& said =
          reading->values.emplace_back(RunReading::Value{&one, one.y.values[at], one.steps[at]});
      if (at < one.low.size())
        said.networks = OfNetworks{.low = one.low.values[at], .high = one.high.values[at]};
    }
  return reading;
}

std::string draw_reading(Canvas& canvas, const RunPlace& placed, const RunQuantity& quantity,
                         RunAxis axis, double x, LabelPlaces& places) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const float line = frame.x_at(x);
  canvas.line({line, frame.low.y}, {line, frame.high.y}, ink(style.palette.accent, 0.5f),
              units(style, 1));
  const auto reading = read_curves(placed.curves, x);
  if (!reading) return "";
  const float read = frame.x_at(reading->x);
  if (!(read >= frame.low.x && read <= frame.high.x)) return "";
  for (const RunReading::Value& one : reading->values)
    if (const float y = frame.y_at(one.value); std::isfinite(y) && frame.contains({read, y}, 1))
      draw_ring(canvas, {read, y}, units(style, 4), ink(style.palette.text), units(style, 1.5f));
  // Beside the line, else anywhere where it hides no curve and lies on no words and on nothing that
  // is pinned; what is whole before what is brief.
  for (const bool brief : {false, true}) {
    const ReadingPlate plate = plate_of(style, placed, quantity, axis, *reading, brief);
    const std::vector<ImVec2> beside = corners_beside(style, frame, read, plate.extent, 8);
    std::optional<ImVec2> at = places.take(beside, plate.extent, 0);
    if (!at) at = places.take(corners_all_over(placed.area(), plate.extent), plate.extent, 0);
    if (!at) continue;
    draw_plate(canvas, plate, *at);
    return "";
  }
  // Of a zoomed plot that row says so.
  if (frame.x.limits != frame.x.home || frame.y.limits != frame.y.home) {
    const ReadingPlate plate = plate_of(style, placed, quantity, axis, *reading, /*brief=*/true);
    const std::vector<ImVec2> all_over = corners_all_over(placed.area(), plate.extent);
    draw_plate(canvas, plate, places.take(all_over, plate.extent).value_or(frame.low));
    return "";
  }
  const RunReading::Value& first = reading->values.front();
  return format_text(first.curve->beside ? "run.read_above_of" : "run.read_above",
                     fmt::arg("place", place_words(axis, reading->x, first.step)),
                     fmt::arg("run", first.curve->words),
                     fmt::arg("value", value_words(quantity, first)));
}

namespace {

/// Right of it the lock of the axes has its place.
float room_above(const Style& style, const ChartFrame& frame) {
  return frame.high.x - lock_width(style) - frame.low.x;
}

}  // namespace

bool have_room_above(const Style& style, const ChartFrame& frame, const std::string& axis_name,
                     const std::string& words) {
  const float size = body(style) * text_size::small;
  return text_extent(style, Face::regular, size, axis_name).x + px(style.spacing) +
             text_extent(style, Face::semibold, size, words).x <=
         room_above(style, frame);
}

void draw_row_above(Canvas& canvas, const ChartFrame& frame, const std::string& axis_name,
                    const std::string& read) {
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small, y = frame.low.y - size * 1.35f;
  if (read.empty() || have_room_above(style, frame, axis_name, read))
    canvas.text({frame.low.x, y}, axis_name, {Face::regular, size, ink(style.palette.text)});
  if (read.empty()) return;
  const float room = room_above(style, frame);
  canvas.text({frame.low.x + room, y}, cut_text(style, Face::semibold, size, read, room),
              {Face::semibold, size, ink(style.palette.text), Anchor::right});
}

}  // namespace nanscope
