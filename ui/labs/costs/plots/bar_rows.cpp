#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/labs/costs/plots/bar_parts.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kThickest = 2.4f;  // heights of body text, of a bar
constexpr float kOfRow = 0.72f;    // of a row's height

struct RowsPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  ChartFrame frame;
};

/// What stands at the end of a bar.
std::string end_words(const StackedBars& bars, const Bar& bar) {
  const std::string total = bars.words(bar.total());
  if (bar.measured && bar.total() == 0) return bar.note;  // not yet
  return bar.note.empty() ? total : fmt::format("{}  {}", total, bar.note);
}

/// The share of the width that the words at the ends of the bars need at most.
double room_for_words(const StackedBars& bars, const Style& style, float width) {
  const double largest = largest_total(bars);
  double room = 1.02;
  if (!(largest > 0)) return room;
  for (const Bar& bar : bars.bars) {
    const float words =
        text_extent(style, Face::semibold, body(style) * text_size::legend, end_words(bars, bar))
            .x +
        2 * units(style, 6);
    const double left = std::max(1 - static_cast<double>(words / std::max(width, words + 1)), 0.2);
    room = std::max(room, bar.total() / largest / left);
  }
  return std::min(room, 5.0);
}

RowsPlace place_rows(const StackedBars& bars, const Style& style, const PlotPlace& place) {
  RowsPlace placed;
  placed.legend = bars_legend(bars, style);
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  const auto rows = static_cast<double>(std::max<std::size_t>(bars.bars.size(), 1));
  float names = 0;
  for (const Bar& bar : bars.bars)
    names = std::max(names,
                     text_extent(style, Face::regular, body(style) * text_size::small, bar.name).x);
  const double largest = std::max(largest_total(bars), bars.unit * 1e-9) / bars.unit;
  ScaledAxis y;
  y.limits = y.home = {0, rows};
  y.zooms = false;
  const auto chart_to = [&](double end) {
    return place_chart(style,
                       scaled_axis(std::array{0.0, end},
                                   {.most = std::max(3.0f, area.size.x / (body(style) * 5)),
                                    .zoom = place.zoom.x,
                                    .held = place.held.x},
                                   style.fonts.regular),
                       y, area.corner, area.size, names);
  };
  // How wide the chart is within its margins hangs on its words, not on where its axis ends.
  const ChartFrame bare = chart_to(largest);
  placed.frame = chart_to(largest * room_for_words(bars, style, bare.high.x - bare.low.x));
  return placed;
}

/// Upper and lower edge of a bar in pixels.
std::pair<float, float> edges_of_row(const RowsPlace& placed, const Style& style, std::size_t index,
                                     std::size_t count) {
  const float middle =
      placed.frame.y_at(static_cast<double>(count) - 0.5 - static_cast<double>(index));
  const float row = (placed.frame.high.y - placed.frame.low.y) / static_cast<float>(count);
  const float half = std::min(row * kOfRow, kThickest * body(style)) / 2;
  return {std::round(middle - half), std::round(middle + half)};
}

/// In the middle of a part that has room for it, beside the limit's line; on a plate where the part
/// is hatched.
void draw_part_words(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed,
                     std::size_t part, double value, ImVec2 low, ImVec2 high) {
  const Style& style = canvas.style();
  const float size = std::min(body(style) * text_size::legend, (high.y - low.y) * 0.9f);
  const std::string words = bars.words(value);
  const Plate plate{.face = Face::mono, .size = size, .color = style.palette.text};
  const ImVec2 extent = plate_size(style, plate, words);
  const float gap = units(style, 4);
  float middle = (low.x + high.x) / 2;
  if (bars.limit) {
    const float line = placed.frame.x_at(bars.limit->value / bars.unit);
    if (std::abs(line - middle) < extent.x / 2 + gap) middle = line + extent.x / 2 + gap;
  }
  if (middle - extent.x / 2 < low.x + gap || middle + extent.x / 2 > high.x - gap) return;
  if (bars.parts[part].hatched)
    draw_plate(canvas, plate, {middle - extent.x / 2, (low.y + high.y - extent.y) / 2}, words, low,
               high);
  else
    canvas.centered({middle, (low.y + high.y) / 2}, words,
                    {Face::mono, size, ink(style.palette.text)});
}

/// Behind a bar, from the middle of their left edge on; on a plate where the limit's line would
/// strike through them.
void draw_end_words(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed,
                    const std::string& words, ImVec2 left, float size) {
  const Style& style = canvas.style();
  const float wide = text_extent(style, Face::semibold, size, words).x;
  const float line = bars.limit ? placed.frame.x_at(bars.limit->value / bars.unit) : left.x - 1;
  if (left.x <= line && line <= left.x + wide) {
    const Plate plate{.face = Face::semibold, .size = size, .color = style.palette.text};
    const ImVec2 extent = plate_size(style, plate, words);
    return draw_plate(canvas, plate, {left.x, left.y - extent.y / 2}, words, placed.frame.low,
                      placed.frame.high);
  }
  canvas.text({left.x, left.y - size * 0.6f}, words,
              {Face::semibold, size, ink(style.palette.text), Anchor::left});
}

void draw_row(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed, std::size_t index) {
  const Style& style = canvas.style();
  const Bar& bar = bars.bars[index];
  const auto [top, bottom] = edges_of_row(placed, style, index, bars.bars.size());
  const float size = std::min(body(style) * text_size::legend, (bottom - top) * 0.9f);
  double sum = 0;
  for (std::size_t part = 0; part < bars.parts.size(); ++part) {
    if (bar.values[part] <= 0) continue;
    const float left = placed.frame.x_at(sum / bars.unit);
    sum += bar.values[part];
    const float right = placed.frame.x_at(sum / bars.unit);
    draw_bar_part(canvas, bars.parts[part], {left, top}, {right, bottom});
    if (bars.parts.size() > 1)
      draw_part_words(canvas, bars, placed, part, bar.values[part], {left, top}, {right, bottom});
  }
  const float end = std::max(placed.frame.x_at(sum / bars.unit), placed.frame.low.x);
  if (bar.measured && sum > 0)
    canvas.outline({placed.frame.x_at(0), top}, {end, bottom}, ink(style.palette.text),
                   units(style, 2));
  draw_end_words(canvas, bars, placed, end_words(bars, bar),
                 {end + units(style, 6), (top + bottom) / 2}, size);
  if (index < bars.before.size()) {
    const float x = placed.frame.x_at(bars.before[index] / bars.unit);
    const std::array<ImVec2, 2> line{ImVec2{x, top - units(style, 3)},
                                     ImVec2{x, bottom + units(style, 3)}};
    canvas.dashes(line, ink(style.palette.predicted), units(style, 2), {5, 3});
  }
}

void draw_limit(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed) {
  if (!bars.limit) return;
  const Style& style = canvas.style();
  const float x = placed.frame.x_at(bars.limit->value / bars.unit);
  canvas.line({x, placed.frame.low.y}, {x, placed.frame.high.y}, ink(style.palette.limit),
              units(style, 2));
}

/// Over the line, within the plot.
void draw_limit_words(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed) {
  if (!bars.limit) return;
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  const float half = text_extent(style, Face::regular, size, bars.limit->words).x / 2;
  const float x = std::clamp(placed.frame.x_at(bars.limit->value / bars.unit),
                             placed.frame.low.x + half, placed.frame.high.x - half);
  canvas.text({x, placed.frame.low.y - size * 1.35f}, bars.limit->words,
              {Face::regular, size, ink(style.palette.limit), Anchor::middle});
}

/// Left of the bars: a grid line at a name would run through what stands behind its bar.
void draw_names(Canvas& canvas, const StackedBars& bars, const RowsPlace& placed) {
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  for (std::size_t i = 0; i < bars.bars.size(); ++i) {
    const auto [top, bottom] = edges_of_row(placed, style, i, bars.bars.size());
    canvas.text({placed.frame.low.x - units(style, 6), (top + bottom) / 2 - size * 0.6f},
                bars.bars[i].name, {Face::regular, size, ink(style.palette.muted), Anchor::right});
  }
}

void draw_rows(Canvas& canvas, const StackedBars& bars, const PlotPlace& place) {
  const Style& style = canvas.style();
  const RowsPlace placed = place_rows(bars, style, place);
  draw_title(canvas, bars.title, bars.note, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, placed.frame, bars.axis, "");
  draw_names(canvas, bars, placed);
  draw_limit_words(canvas, bars, placed);
  const FrameClip clip(canvas, placed.frame);
  draw_limit(canvas, bars, placed);
  for (std::size_t i = 0; i < bars.bars.size(); ++i) draw_row(canvas, bars, placed, i);
}

std::optional<PlotReading> read_rows(const StackedBars& bars, const Style& style,
                                     const PlotPlace& place, ImVec2 pointer) {
  const RowsPlace placed = place_rows(bars, style, place);
  if (!placed.frame.contains(pointer) || bars.bars.empty()) return std::nullopt;
  const float row =
      (placed.frame.high.y - placed.frame.low.y) / static_cast<float>(bars.bars.size());
  const auto index =
      std::min(static_cast<std::size_t>(std::max((pointer.y - placed.frame.low.y) / row, 0.0f)),
               bars.bars.size() - 1);
  PlotReading reading = bar_reading(bars, index, pointer);
  reading.on_drawn = false;
  return reading;
}

}  // namespace

float bar_rows_height(const StackedBars& bars) {
  const bool many = present_parts(bars).size() > 1;
  return (many ? 8.0f : 6.4f) + 1.9f * static_cast<float>(bars.bars.size());
}

Plot bar_rows(std::shared_ptr<const StackedBars> bars) {
  const std::string name = bars->plot;
  return {
      .name = name,
      .draw = [bars](Canvas& canvas, const PlotPlace& place) { draw_rows(canvas, *bars, place); },
      .frame = [bars](const Style& style,
                      const PlotPlace& place) { return place_rows(*bars, style, place).frame; },
      .read = [bars](const Style& style, const PlotPlace& place,
                     ImVec2 pointer) { return read_rows(*bars, style, place, pointer); },
      .cells = true};
}

}  // namespace nanscope
