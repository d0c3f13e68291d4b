#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "ui/canvas/silent_canvas.h"
#include "ui/charts/pins.h"
#include "ui/text/text.h"

// Where pins are, in the units of the axes and in an experiment's view, and what is read there.
namespace nanscope {
namespace {

/// A place on an axis in no more digits than its pixels tell apart: 12, not 12.000003.
double rounded_place(double place, const Limits& seen) {
  constexpr int kDigits = 5;  // of the span
  const int digits = kDigits - static_cast<int>(std::floor(std::log10(seen.span())));
  return std::strtod(fmt::format("{:.{}f}", place, std::clamp(digits, 0, 17)).c_str(), nullptr);
}

/// Whether a pin is in what the axes show unless somebody zooms.
bool is_in(const ChartFrame& frame, const PinnedReading& pin) {
  return frame.x.at_home(pin.x) && frame.y.at_home(pin.y);
}

/// Whether a plot that grows has not come to the place of a pin yet.
bool is_to_come(const Plot& plot, const ChartFrame& frame, const PinnedReading& pin,
                const std::optional<PlotReading>& reading) {
  return plot.grows && (!reading || reading->at.x + 1 < frame.at_units(pin.x, pin.y).x);
}

/// Whether two readings have the same numbers of the chart's own.
bool says_the_same(const PlotReading& a, const PlotReading& b) {
  const auto same = [](const ReadingValue& one, const ReadingValue& other) {
    const bool both_nan = std::isnan(one.value) && std::isnan(other.value);
    return one.name == other.name && (both_nan || one.value == other.value);
  };
  return std::ranges::equal(a.values, b.values, same);
}

/// What the chart itself says of what was pinned, in place of what it says of the pass before.
void put_now_for_before(PlotReading& reading, const PlotReading& pinned) {
  const auto named = [](std::string& name) {
    name = format_text("chart.now", fmt::arg("name", name));
  };
  const auto was_pinned = [&](const std::string& name) {
    return std::ranges::find(pinned.values, name, &ReadingValue::name) != pinned.values.end();
  };
  const std::size_t others = reading.values_beside.size() - reading.of_before;
  reading.rows_beside.resize(others);
  reading.values_beside.resize(others);
  const bool rows_of_values = reading.table.rows.size() == reading.values.size();
  for (std::size_t i = 0; i < reading.values.size(); ++i) {
    ReadingValue value = reading.values[i];
    if (!was_pinned(value.name)) continue;
    if (rows_of_values) {
      reading.rows_beside.push_back(reading.table.rows[i]);
      named(reading.rows_beside.back().front());
    }
    named(value.name);
    reading.values_beside.push_back(std::move(value));
  }
}

/// What the plot says at a place of its axes, also where nothing finite is drawn there; from beyond
/// their upper and lower ends at these.
std::optional<PlotReading> read_now(const Plot& plot, const Style& style, PlotPlace place, double x,
                                    double y) {
  if (!plot.frame || !plot.read) return std::nullopt;
  place.zoom = {};
  const ChartFrame frame = plot.frame(style, place);
  const ImVec2 at = frame.at_units(x, y);
  if (at.x < frame.low.x - 1 || at.x > frame.high.x + 1) return std::nullopt;
  return plot.read(
      style, place,
      {std::clamp(at.x, frame.low.x, frame.high.x), std::clamp(at.y, frame.low.y, frame.high.y)});
}

/// Notes where words, lines and filled fields of a plot are, within its plot area.
class Surroundings final : public SilentCanvas {
 public:
  Surroundings(const Style& style, const ChartFrame& frame)
      : SilentCanvas(style), area_{frame.low, frame.high} {}
  void text(ImVec2 at, std::string_view words, const TextLook& look) override {
    const ClipBox box = text_box(at, words, look);
    add(found.words, {box.low, box.high});
  }
  void fill(ImVec2 low, ImVec2 high, ImU32 color, float) override {
    if (is_seen(color)) add(found.fields, {low, high});
  }

  PinSurroundings found;

 protected:
  void run(std::span<const ImVec2> points, ImU32 color, float) override {
    // Two points are of the grid or a contour, unless they mark a place on the x axis.
    const bool upright =
        points.size() == 2 && points[0].x == points[1].x && color != ink(style().palette.grid);
    if ((points.size() > 2 || upright) && is_seen(color)) add_line(points);
  }
  void dashed_run(std::span<const ImVec2> points, ImU32, float, Dash, double) override {
    add_line(points);
  }

 private:
  /// A tint is no field, and a faint line no curve.
  static bool is_seen(ImU32 color) {
    constexpr ImU32 kHalf = 0x80;
    return color >> IM_COL32_A_SHIFT >= kHalf;
  }
  void add(std::vector<LabelBox>& boxes, const LabelBox& box) const {
    if (box.touches(area_)) boxes.push_back(box);
  }
  void add_line(std::span<const ImVec2> points) {
    add_points_along(found.lines, points, body(style()) / 2, area_);
  }
  LabelBox area_;
};

}  // namespace

std::optional<PlotReading> read_place(const Plot& plot, const Style& style, PlotPlace place,
                                      double x, double y) {
  if (!plot.frame || !plot.read) return std::nullopt;
  const auto read = [&]() -> std::optional<PlotReading> {
    const ChartFrame frame = plot.frame(style, place);
    ImVec2 at = frame.at_units(x, y);
    // On its edges a place has been rounded out of the plot area.
    if (frame.contains(at, 1))
      at = {std::clamp(at.x, frame.low.x, frame.high.x),
            std::clamp(at.y, frame.low.y, frame.high.y)};
    std::optional<PlotReading> reading = plot.read(style, place, at);
    if (reading && !reading->on_drawn) reading.reset();
    return reading;
  };
  std::optional<PlotReading> reading = read();
  if (reading || place.zoom.at_home()) return reading;
  place.zoom = {};
  return read();
}

std::vector<ViewPin> pin_places(const ViewSpec& view, std::string_view plot) {
  std::vector<ViewPin> places = view.pins;
  std::erase_if(places, [&](const ViewPin& pin) { return pin.plot != plot; });
  return places;
}

void set_pin_places(ViewSpec& view, std::string_view plot, const std::vector<ViewPin>& places) {
  std::erase_if(view.pins, [&](const ViewPin& pin) { return pin.plot == plot; });
  view.pins.insert(view.pins.end(), places.begin(), places.end());
}

std::vector<ViewPin> places_of(const Pins& pins, std::string_view plot) {
  std::vector<ViewPin> places;
  for (const PinnedReading& pin : pins)
    if (pin.there) places.push_back({std::string(plot), pin.x, pin.y});
  return places;
}

Pins pins_at(const std::vector<ViewPin>& places, const Pins& former) {
  Pins pins;
  for (const ViewPin& place : places) {
    const auto there = std::ranges::find_if(
        former, [&](const PinnedReading& pin) { return pin.x == place.x && pin.y == place.y; });
    if (there != former.end())
      pins.push_back(*there);
    else
      pins.push_back({.x = place.x, .y = place.y, .reading = {}, .read = false});
  }
  for (std::size_t i = 0; i < former.size() && pins.size() < kMostPins; ++i)
    if (!former[i].there)
      pins.insert(pins.begin() + static_cast<std::ptrdiff_t>(std::min(i, pins.size())), former[i]);
  return pins;
}

void read_pins(Pins& pins, const Plot& plot, const Style& style, const PlotPlace& place) {
  for (PinnedReading& pin : pins) {
    std::optional<PlotReading> reading = read_place(plot, style, place, pin.x, pin.y);
    if (!pin.read && is_to_come(plot, plot.frame(style, place), pin, reading)) continue;
    pin.there = reading.has_value() && is_in(plot.frame(style, place), pin);
    pin.earlier = pin.read && !(reading && says_the_same(*reading, pin.reading));
    if (pin.read || !reading) continue;
    pin.reading = *std::move(reading);
    pin.read = true;
    // It stands on what was read, unless that is its place but for a rounding.
    const ChartFrame frame = plot.frame(style, place);
    const ImVec2 at = frame.at_units(pin.x, pin.y), stands = pin.reading.at;
    if (!frame.contains(at, 1) || std::hypot(at.x - stands.x, at.y - stands.y) < 1) continue;
    pin.x = rounded_place(frame.x_unit(stands.x), frame.x.limits);
    pin.y = rounded_place(frame.y_unit(stands.y), frame.y.limits);
  }
  std::erase_if(pins, [&](const PinnedReading& pin) { return !pin.read && !plot.grows; });
}

void follow_passes_beside(Pins& pins, const Plot& plot, const Style& style,
                          const PlotPlace& place) {
  for (PinnedReading& pin : pins) {
    if (!pin.read) continue;
    std::optional<PlotReading> now = read_now(plot, style, place, pin.x, pin.y);
    if (now && !says_the_same(*now, pin.reading)) put_now_for_before(*now, pin.reading);
    pin.reading.rows_beside = now ? std::move(now->rows_beside) : decltype(now->rows_beside){};
    pin.reading.values_beside = now ? std::move(now->values_beside) : std::vector<ReadingValue>();
  }
}

PinSigns pin_signs(const ChartFrame& frame, const Pins& pins, const Style& style) {
  PinSigns signs{static_cast<std::uint64_t>(style.theme)};
  const auto add = [&](double sign) { signs.push_back(std::bit_cast<std::uint64_t>(sign)); };
  for (const float pixel : {frame.low.x, frame.low.y, frame.high.x, frame.high.y, body(style)})
    add(pixel);
  for (const ScaledAxis* axis : {&frame.x, &frame.y})
    for (const Limits& limits : {axis->limits, axis->home}) {
      add(limits.low);
      add(limits.high);
    }
  for (const PinnedReading& pin : pins) {
    add(pin.x);
    add(pin.y);
    for (const ReadingValue& value : all_values(pin.reading)) {
      add(value.value);
      add(value.place);
    }
  }
  return signs;
}

PinSurroundings around_pins(const Plot& plot, const Style& style, const PlotPlace& place) {
  constexpr int kSteps = 24;  // across the plot area
  if (!plot.frame || !plot.read) return {.cells = plot.cells};
  const ChartFrame frame = plot.frame(style, place);
  Surroundings drawn(style, frame);
  plot.draw(drawn, place);
  PinSurroundings around = std::move(drawn.found);
  around.cells = plot.cells;
  const float middle = (frame.low.y + frame.high.y) / 2;
  for (int i = 0; i <= kSteps; ++i) {
    const float x = frame.low.x + (frame.high.x - frame.low.x) * static_cast<float>(i) / kSteps;
    const auto reading = plot.read(style, place, {x, middle});
    if (!reading) continue;
    for (const ReadingValue& value : all_values(*reading))
      if (std::isfinite(value.place))
        around.points.push_back({reading->at.x, frame.at_units(0, value.place).y});
  }
  return around;
}

bool toggle_pin(Pins& pins, const ChartFrame& frame, const PlotReading& reading) {
  if (const PinnedReading* pin = pin_at(pins, frame, reading.at)) {
    pins.erase(pins.begin() + (pin - pins.data()));
    return true;
  }
  if (!reading.on_drawn) return false;
  if (pins.size() == kMostPins) pins.erase(pins.begin());
  pins.push_back({rounded_place(frame.x_unit(reading.at.x), frame.x.limits),
                  rounded_place(frame.y_unit(reading.at.y), frame.y.limits), reading});
  return true;
}

}  // namespace nanscope
