#include "ui/labs/signal/plots/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/probes/summary.h"
#include "ui/labs/signal/plots/histogram_data.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

const char* row_text(SpecialRow::Kind kind) {
  switch (kind) {
    case SpecialRow::Kind::zero:
      return "0";
    case SpecialRow::Kind::inf:
      return "inf";
    case SpecialRow::Kind::nan:
      break;
  }
  return "nan";
}

/// A rectangle of the plot, as far as it is in sight.
void draw_part(const DepthCanvas& canvas, ImVec2 from, ImVec2 to, ImU32 color) {
  const ImVec2 low = canvas.low(), high = canvas.high();
  from = {std::clamp(from.x, low.x, high.x), std::clamp(from.y, low.y, high.y)};
  to = {std::clamp(to.x, low.x, high.x), std::clamp(to.y, low.y, high.y)};
  if (to.x > from.x && to.y > from.y) canvas.canvas.fill(from, to, color, 0);
}

void draw_cell(const DepthCanvas& canvas, int layer, double low, double high, double share) {
  if (!(share > 0)) return;
  const ImVec2 a = canvas.at(layer - 0.5, high);
  const ImVec2 b = canvas.at(layer + 0.5, low);
  // Whole pixels: neighbours neither overlap nor leave hairlines. A lone binade in a wide range
  // stays visible.
  const float bottom = std::max(std::round(b.y), std::round(a.y) + 1);
  draw_part(canvas, {std::round(a.x), std::round(a.y)}, {std::round(b.x), bottom},
            ink(heat_color(canvas.style(), static_cast<float>(heat_position(share)))));
}

void draw_cells(const DepthCanvas& canvas, const HistogramAxis& axis) {
  const SignalTensor tensor = canvas.snapshot.histogram_tensor;
  for (const SpecialRow& row : axis.rows)
    draw_part(canvas, {canvas.low().x, canvas.at(0, row.high).y},
              {canvas.high().x, canvas.at(0, row.low).y}, ink(canvas.style().palette.raised, 0.7f));
  for (int i = 0; i < static_cast<int>(canvas.snapshot.layers.size()); ++i) {
    const LayerSignal& layer = canvas.snapshot.layers[i];
    const auto total = static_cast<double>(layer.of(tensor).count);
    if (total <= 0) continue;
    const Histogram& bins = layer.histogram;
    for (int bin = 0; bin < static_cast<int>(bins.positive.size()); ++bin) {
      const int exponent = bins.first_exponent + bin;
      draw_cell(canvas, i, exponent, exponent + 1,
                static_cast<double>(binade_count(bins, exponent)) / total);
    }
    for (const SpecialRow& row : axis.rows)
      draw_cell(canvas, i, row.low, row.high,
                static_cast<double>(special_count(layer.of(tensor), row.kind)) / total);
  }
}

/// Layers of one half of the plot that hold values within a few binades of 2^log2.
int cells_near(const DepthCanvas& canvas, double log2, bool right_half) {
  constexpr int kNear = 3;
  const int count = static_cast<int>(canvas.snapshot.layers.size());
  const int middle = static_cast<int>(std::floor(log2));
  int cells = 0;
  for (int i = right_half ? count / 2 : 0; i < (right_half ? count : count / 2); ++i)
    for (int exponent = middle - kNear; exponent <= middle + kNear; ++exponent)
      cells += binade_count(canvas.snapshot.layers[i].histogram, exponent) > 0;
  return cells;
}

void draw_limits(const DepthCanvas& canvas, const HistogramAxis& axis) {
  const Style& style = canvas.style();
  const ImVec2 low = canvas.low(), high = canvas.high();
  const std::string format = format_of(canvas.snapshot, canvas.snapshot.histogram_tensor);
  const NumberFormat* found = find_format(format);
  if (!found) return;
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.limit};
  for (const MagnitudeLimit& limit : magnitude_limits(*found)) {
    if (limit.log2 < axis.binades.limits.low || limit.log2 > axis.binades.limits.high) continue;
    const float y = canvas.at(0, limit.log2).y;
    if (!(y >= low.y && y <= high.y)) continue;
    const std::array<ImVec2, 2> line{ImVec2{low.x, y}, ImVec2{high.x, y}};
    // A pale line below keeps the dashes visible on dark cells.
    canvas.canvas.polyline(line, ink(style.palette.surface, 0.75f), units(style, 2.5f));
    canvas.canvas.dashes(line, ink(plate.color), units(style, 1.25f), {2, 3});
    const std::string label =
        format_text(limit.key, fmt::arg("format", format)) + " " + number_text(limit.value);
    // Names stand inside of the range that they bound, on the side with fewer cells below them.
    const bool below = limit.log2 > 0;
    const bool right =
        cells_near(canvas, limit.log2, true) <= cells_near(canvas, limit.log2, false);
    draw_plate(
        canvas.canvas, plate,
        {right ? high.x : low.x, y + (below ? units(style, 2) : -units(style, 2) - plate.size)},
        label, {low.x + px(style.spacing / 2), low.y}, {high.x - px(style.spacing / 2), high.y});
  }
}

Ticks row_ticks(const HistogramAxis& axis, const ImFont* font, const Limits& seen, double most) {
  // Below the steps of a binade there is nothing to tell apart.
  Ticks powers;
  if (seen == drawable(axis.all))
    powers =
        power_ticks(axis.binades, 2, font, most * axis.binades.limits.span() / axis.all.span());
  else
    powers = power_ticks({{std::max(seen.low, axis.binades.limits.low),
                           std::min(seen.high, axis.binades.limits.high)},
                          1},
                         2, font, most);
  Ticks ticks;
  // The special rows first: where labels are crowded the first ones stay.
  for (const SpecialRow& row : axis.rows) {
    ticks.at.push_back((row.low + row.high) / 2);
    ticks.labels.emplace_back(row_text(row.kind));
  }
  // Powers on the edge would touch the names of the special rows.
  for (std::size_t i = 0; i < powers.at.size(); ++i) {
    if (powers.at[i] == axis.binades.limits.low || powers.at[i] == axis.binades.limits.high)
      continue;
    ticks.at.push_back(powers.at[i]);
    ticks.labels.push_back(powers.labels[i]);
  }
  return ticks;
}

void read_rows(PlotReading& reading, const SignalSnapshot& snapshot, const HistogramAxis& axis,
               const ImFont* font, std::size_t layer, double y) {
  const LayerSignal& signal = snapshot.layers[layer];
  const Statistics& statistics = signal.of(snapshot.histogram_tensor);
  const double total = static_cast<double>(std::max<std::int64_t>(1, statistics.count));
  reading.table.head = {text("tensor." + std::string(name_of(snapshot.histogram_tensor))),
                        text("plot.axis.share"), text("plot.count")};
  const auto add = [&](const std::string& name, std::int64_t count, double place) {
    const double percent = 100 * static_cast<double>(count) / total;
    reading.table.rows.push_back({name, number_text(percent) + " %", std::to_string(count)});
    reading.values.push_back({name + " %", percent, place});
  };
  if (y >= axis.binades.limits.low && y < axis.binades.limits.high) {
    const int exponent = static_cast<int>(std::floor(y));
    add(format_text("plot.bin", fmt::arg("low", power_text(2, exponent, font)),
                    fmt::arg("high", power_text(2, exponent + 1, font)),
                    fmt::arg("from", number_text(std::ldexp(1, exponent))),
                    fmt::arg("to", number_text(std::ldexp(1, exponent + 1)))),
        binade_count(signal.histogram, exponent), exponent + 0.5);
  }
  for (const SpecialRow& row : axis.rows)
    add(row_text(row.kind), special_count(statistics, row.kind), (row.low + row.high) / 2);
}

}  // namespace

DepthPlot histogram_plot(const SignalView& view, const Style& style, float height) {
  const SignalSnapshot& snapshot = *view.pass;
  const double row_height = body(style) * text_size::small;
  const HistogramAxis axis = histogram_axis(snapshot, row_height / area_height(style, height));
  const bool counted = std::ranges::any_of(snapshot.layers, [](const LayerSignal& layer) {
    return !layer.histogram.positive.empty() || !layer.histogram.negative.empty();
  });
  const ImFont* font = style.fonts.regular;
  DepthPlot depth;
  depth.title = format_text(
      "plot.title_of", fmt::arg("title", text("plot.histogram")),
      fmt::arg("tensor", text("tensor." + std::string(name_of(snapshot.histogram_tensor)))));
  depth.legend = {{Sample::colors, text("plot.heat_scale")}};
  depth.y_name = text("plot.axis.magnitude");
  depth.y = axis.all;
  depth.y_ticks = [axis, font](const Limits& seen, double most) {
    return row_ticks(axis, font, seen, most);
  };
  depth.draw = [axis](const DepthCanvas& canvas) {
    draw_cells(canvas, axis);
    draw_limits(canvas, axis);
  };
  depth.read = [axis, font, &snapshot](PlotReading& reading, int layer, double y) {
    read_rows(reading, snapshot, axis, font, static_cast<std::size_t>(layer), y);
  };
  const bool all_special = std::ranges::all_of(snapshot.layers, [&](const LayerSignal& layer) {
    const Statistics& s = layer.of(snapshot.histogram_tensor);
    return s.zeros + s.infs() + s.nans == s.count;
  });
  if (!counted && !all_special) depth.note = text("plot.no_histogram");
  return depth;
}

}  // namespace nanscope
