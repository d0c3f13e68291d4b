#include "ui/labs/costs/plots/treemap.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

#include "ui/canvas/shapes.h"
#include "ui/labs/costs/plots/bar_parts.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// A bar's part, or the bar itself.
struct TreemapCell {
  std::size_t bar = 0, part = 0;
  LabelBox box;
};

struct TreemapPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  ChartFrame frame;  ///< without axes: shares of the width and of the height
  std::vector<TreemapCell> bars, parts;
};

float width_of(const LabelBox& box) { return box.high.x - box.low.x; }
float height_of(const LabelBox& box) { return box.high.y - box.low.y; }

/// The indices of what has a size, the largest first.
std::vector<std::size_t> by_size(std::span<const double> sizes) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return !(sizes[i] > 0); });
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t i) { return sizes[i]; });
  return order;
}

std::vector<double> picked(std::span<const double> sizes, const std::vector<std::size_t>& order) {
  std::vector<double> values;
  for (const std::size_t i : order) values.push_back(sizes[i]);
  return values;
}

/// How far from a square the worst is of some areas in a row along a side.
double worst_ratio(std::span<const double> areas, double side) {
  const double sum = std::accumulate(areas.begin(), areas.end(), 0.0);
  const auto [least, most] = std::ranges::minmax(areas);
  return std::max(side * side * most / (sum * sum), sum * sum / (side * side * least));
}

TreemapPlace place_treemap(const StackedBars& bars, const Style& style, const PlotPlace& place) {
  TreemapPlace placed;
  placed.legend = bars_legend(bars, style);
  std::erase_if(placed.legend, [](const LegendEntry& one) { return one.sample == Sample::line; });
  placed.title = title_height(style) + px(style.spacing * 0.25f);
  const float head = placed.title + legend_height(style, placed.legend, place.size.x);
  const LabelBox area{{place.corner.x, place.corner.y + head},
                      {place.corner.x + place.size.x,
                       std::max(place.corner.y + place.size.y, place.corner.y + head + 1)}};
  placed.frame.low = area.low;
  placed.frame.high = area.high;
  placed.frame.x.zooms = placed.frame.y.zooms = false;
  std::vector<double> totals;
  for (const Bar& bar : bars.bars) totals.push_back(bar.total());
  const std::vector<std::size_t> order = by_size(totals);
  const std::vector<LabelBox> boxes = squarified(picked(totals, order), area);
  for (std::size_t i = 0; i < order.size(); ++i) {
    placed.bars.push_back({order[i], 0, boxes[i]});
    const std::vector<double>& values = bars.bars[order[i]].values;
    const std::vector<std::size_t> parts = by_size(values);
    const std::vector<LabelBox> inner = squarified(picked(values, parts), boxes[i]);
    for (std::size_t j = 0; j < parts.size(); ++j)
      placed.parts.push_back({order[i], parts[j], inner[j]});
  }
  return placed;
}

/// In its middle, where it has room.
void draw_cell_words(Canvas& canvas, const StackedBars& bars, const TreemapCell& cell) {
  const Style& style = canvas.style();
  const std::string words = bars.words(bars.bars[cell.bar].values[cell.part]);
  const Plate plate{
      .face = Face::mono, .size = body(style) * text_size::small, .color = style.palette.text};
  const ImVec2 extent = plate_size(style, plate, words);
  const float gap = units(style, 4);
  // The bar's name has the upper line.
  if (extent.x + 2 * gap > width_of(cell.box) || 3.2f * extent.y > height_of(cell.box)) return;
  draw_plate(canvas, plate,
             {(cell.box.low.x + cell.box.high.x - extent.x) / 2,
              (cell.box.low.y + cell.box.high.y - extent.y) / 2},
             words, cell.box.low, cell.box.high);
}

void draw_treemap(Canvas& canvas, const StackedBars& bars, const PlotPlace& place) {
  const Style& style = canvas.style();
  const TreemapPlace placed = place_treemap(bars, style, place);
  draw_title(canvas, text("plot.memory_treemap"), bars.note, place.corner, place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  for (const TreemapCell& cell : placed.parts) {
    draw_bar_part(canvas, bars.parts[cell.part], cell.box.low, cell.box.high);
    draw_cell_words(canvas, bars, cell);
  }
  const Plate plate{
      .face = Face::semibold, .size = body(style) * text_size::small, .color = style.palette.text};
  for (const TreemapCell& cell : placed.bars) {
    canvas.outline(cell.box.low, cell.box.high, ink(style.palette.surface), units(style, 3));
    const std::string& name = bars.bars[cell.bar].name;
    const ImVec2 extent = plate_size(style, plate, name);
    const float gap = units(style, 3);
    if (extent.x + 2 * gap <= width_of(cell.box) && extent.y + 2 * gap <= height_of(cell.box))
      draw_plate(canvas, plate, {cell.box.low.x + gap, cell.box.low.y + gap}, name, cell.box.low,
                 cell.box.high);
  }
  for (const TreemapCell& cell : placed.bars)
    if (bars.chosen == cell.bar)
      canvas.outline(cell.box.low, cell.box.high, ink(style.palette.accent), units(style, 3));
}

std::optional<PlotReading> read_treemap(const StackedBars& bars, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const TreemapPlace placed = place_treemap(bars, style, place);
  const auto found = std::ranges::find_if(
      placed.parts, [&](const TreemapCell& cell) { return cell.box.holds(pointer); });
  if (found == placed.parts.end()) return std::nullopt;
  double all = 0;
  for (const Bar& bar : bars.bars) all += bar.total();
  PlotReading reading = bar_reading(bars, found->bar, pointer);
  reading.on_drawn = false;
  const double bytes = bars.bars[found->bar].values[found->part];
  reading.lines.push_back(format_text(
      "costs.reading.cell", fmt::arg("name", bars.parts[found->part].name),
      fmt::arg("bytes", bars.words(bytes)), fmt::arg("share", number_text(100 * bytes / all))));
  return reading;
}

}  // namespace

std::vector<LabelBox> squarified(std::span<const double> sizes, LabelBox area) {
  std::vector<LabelBox> boxes;
  double left = std::accumulate(sizes.begin(), sizes.end(), 0.0);
  if (!(left > 0)) return std::vector<LabelBox>(sizes.size(), {area.low, area.low});
  const double scale = double(width_of(area)) * double(height_of(area)) / left;
  std::vector<double> areas;
  for (const double size : sizes) areas.push_back(size * scale);
  std::size_t first = 0;
  while (first < areas.size()) {
    // A row lies along the shorter side; it takes one more while that makes its worst squarer.
    const bool upright = width_of(area) >= height_of(area);
    const double side = std::max(double(upright ? height_of(area) : width_of(area)), 1e-6);
    const std::span<const double> rest = std::span<const double>(areas).subspan(first);
    std::size_t count = 1;
    while (count < rest.size() &&
           worst_ratio(rest.first(count + 1), side) <= worst_ratio(rest.first(count), side))
      ++count;
    const std::span<const double> row = rest.first(count);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    const auto thick = static_cast<float>(sum / side);
    float at = upright ? area.low.y : area.low.x;
    for (const double one : row) {
      const auto along = static_cast<float>(sum > 0 ? side * one / sum : 0);
      boxes.push_back(upright ? LabelBox{{area.low.x, at}, {area.low.x + thick, at + along}}
                              : LabelBox{{at, area.low.y}, {at + along, area.low.y + thick}});
      at += along;
    }
    (upright ? area.low.x : area.low.y) += thick;
    first += count;
  }
  return boxes;
}

Plot treemap_plot(std::shared_ptr<const StackedBars> bars) {
  return {
      .name = "memory_treemap",
      .draw = [bars](Canvas& canvas,
                     const PlotPlace& place) { draw_treemap(canvas, *bars, place); },
      .frame = [bars](const Style& style,
                      const PlotPlace& place) { return place_treemap(*bars, style, place).frame; },
      .read = [bars](const Style& style, const PlotPlace& place,
                     ImVec2 pointer) { return read_treemap(*bars, style, place, pointer); },
      .cells = true};
}

}  // namespace nanscope
