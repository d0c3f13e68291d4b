#include "ui/labs/signal/plots/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/probes/summary.h"
#include "ui/canvas/power_text.h"
#include "ui/labs/signal/plots/companions.h"
#include "ui/labs/signal/plots/heatmap_outline.h"
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

/// Adds points in all cells in which a pass has values of some magnitude.
void add_points_in_cells(std::vector<ImVec2>& points, const DepthCanvas& canvas,
                         const SignalSnapshot& pass) {
  const float apart = body(canvas.style()) * text_size::small;
  const int across = std::clamp(static_cast<int>(canvas.layer_width() / apart), 1, 100);
  const double first = first_layer_number(pass) - first_layer_number(canvas.snapshot);
  for (std::size_t i = 0; i < pass.layers.size(); ++i) {
    const Histogram& bins = pass.layers[i].histogram;
    for (int bin = 0; bin < static_cast<int>(bins.positive.size()); ++bin) {
      const int exponent = bins.first_exponent + bin;
      if (binade_count(bins, exponent) == 0) continue;
      for (int k = 0; k < across; ++k)
        points.push_back(
            canvas.at(first + static_cast<double>(i) + (k + 0.5) / across - 0.5, exponent + 0.5));
    }
  }
}

/// The limits of the tensor's format that are seen.
std::vector<MagnitudeLimit> limits_in_sight(const DepthCanvas& canvas, const HistogramAxis& axis,
                                            const NumberFormat& format) {
  std::vector<MagnitudeLimit> seen;
  for (const MagnitudeLimit& limit : magnitude_limits(format)) {
    const float y = canvas.at(0, limit.log2).y;
    const Limits& binades = axis.binades.limits;
    if (limit.log2 >= binades.low && limit.log2 <= binades.high && y >= canvas.low().y &&
        y <= canvas.high().y)
      seen.push_back(limit);
  }
  return seen;
}

/// Where a limit's name may stand along its line at a height: inside of the range that it bounds,
/// or else beside it.
std::vector<ImVec2> corners_beside(const Style& style, const MagnitudeLimit& limit, float y,
                                   const LabelBox& area, ImVec2 size) {
  const float below = y + units(style, 2), above = y - units(style, 2) - size.y;
  const bool first_below = limit.log2 > 0;
  const float left = area.low.x, right = area.high.x - size.x;
  std::vector<ImVec2> corners;
  for (const float top : {first_below ? below : above, first_below ? above : below})
    for (const float share : shares_along(/*from_end=*/true))
      corners.push_back({left + share * (right - left), top});
  return corners;
}

void draw_limits(const DepthCanvas& canvas, const HistogramAxis& axis, LabelPlaces& places) {
  const Style& style = canvas.style();
  const std::string name = format_of(canvas.snapshot, canvas.snapshot.histogram_tensor);
  const NumberFormat* format = find_format(name);
  if (!format) return;
  const Plate plate{.size = body(style) * text_size::small, .color = style.palette.limit};
  const std::vector<MagnitudeLimit> limits = limits_in_sight(canvas, axis, *format);
  for (const MagnitudeLimit& limit : limits) {
    const float y = canvas.at(0, limit.log2).y;
    const std::array<ImVec2, 2> line{ImVec2{canvas.low().x, y}, ImVec2{canvas.high().x, y}};
    // A pale line below keeps the dashes visible on dark cells.
    canvas.canvas.polyline(line, ink(style.palette.surface, 0.75f), units(style, 2.5f));
    canvas.canvas.dashes(line, ink(plate.color), units(style, 1.25f), {2, 3});
  }
  for (const MagnitudeLimit& limit : limits) {
    const std::string brief = format_text(limit.key, fmt::arg("format", name));
    const std::string number = number_text(limit.value), whole = brief + " " + number;
    const float y = canvas.at(0, limit.log2).y;
    const auto label = [&](const std::string& words, std::ptrdiff_t most) {
      const ImVec2 size = plate_size(style, plate, words);
      const auto at = places.take(corners_beside(style, limit, y, places.area(), size), size, most);
      if (at) draw_plate(canvas.canvas, plate, *at, words, canvas.low(), canvas.high());
      return at.has_value();
    };
    // It says less before it hides a cell.
    if (!label(whole, 0) && !label(brief, 0) && !label(number, 0)) label(brief, LabelPlaces::kAny);
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

/// B and the pass before a drag: outlines, named at their upper edges.
void draw_outlines(const DepthCanvas& canvas, const HistogramAxis& axis, const SignalView& view,
                   LabelPlaces& places) {
  const Style& style = canvas.style();
  const auto draw = [&](const OtherPass& one, const Stroke& stroke, const char* words) {
    if (!one) return;
    draw_outline(canvas, *one.pass, axis, stroke);
    label_line(canvas, outline_top(canvas, *one.pass, axis), words, stroke.color, places);
  };
  Stroke ghost = ghost_stroke(style);
  ghost.color = style.palette.text;  // between cells of every colour
  draw(view.before, ghost, text("compare.ghost"));
  draw(view.other, outline_stroke_of_b(style), "B");
}

/// What another pass has in the pointer's row and among the values without a magnitude.
void read_beside(PlotReading& reading, const OtherPass& one, const HistogramAxis& axis, int number,
                 double y, const char* key, const ImFont* font) {
  const int layer = one ? number - first_layer_number(*one.pass) : -1;
  if (layer < 0 || layer >= static_cast<int>(one.pass->layers.size())) return;
  const auto index = static_cast<std::size_t>(layer);
  const Statistics& values = one.pass->layers[index].of(one.pass->histogram_tensor);
  for (const HeatRow& row : heat_rows(axis)) {
    const bool pointed = y >= row.low && y < row.high;
    const double share = share_in(*one.pass, index, row);
    if (!(row.kind ? share > 0 : pointed)) continue;
    const std::string name = row.kind ? row_text(*row.kind)
                                      : fmt::format("{} .. {}", power_text(2, row.exponent, font),
                                                    power_text(2, row.exponent + 1, font));
    const std::string words = format_text(key, fmt::arg("tensor", name));
    const double count = share * static_cast<double>(values.count);
    reading.rows_beside.push_back(
        {words, number_text(100 * share) + " %", fmt::format("{:.0f}", count)});
    reading.values_beside.push_back({words + " %", 100 * share, (row.low + row.high) / 2});
  }
}

/// Beside a B a row for each, so that no row moves while the settings are dragged.
std::vector<LegendEntry> legend_of_heat(const SignalView& view, const Style& style) {
  if (!view.other)
    return {{.sample = Sample::colors,
             .words = text("plot.heat_scale"),
             .narrow = text("plot.narrow.heat_scale")}};
  return {{.sample = Sample::colors,
           .words = format_text("compare.a", fmt::arg("tensor", text("plot.heat_scale"))),
           .tail = as_tail(view.words)},
          {.sample = Sample::line,
           .words = format_text("compare.b", fmt::arg("tensor", text("plot.outline"))),
           .stroke = outline_stroke_of_b(style),
           .new_row = true,
           .tail = as_tail(view.other.words)}};
}

}  // namespace

DepthPlot histogram_plot(const SignalView& full_view, const Style& style, float height) {
  const SignalView view = of_one_tensor(full_view);
  const SignalSnapshot& snapshot = *view.pass;
  const double row_height = body(style) * text_size::small;
  const HistogramAxis axis = histogram_axis(
      snapshot, row_height / area_height(style, height),
      std::array<const SignalSnapshot*, 2>{view.other.pass.get(), view.before.pass.get()},
      view.held);
  const bool counted = std::ranges::any_of(snapshot.layers, [](const LayerSignal& layer) {
    return !layer.histogram.positive.empty() || !layer.histogram.negative.empty();
  });
  const ImFont* font = style.fonts.regular;
  DepthPlot depth;
  depth.title = format_text(
      "plot.title_of", fmt::arg("title", text("plot.histogram")),
      fmt::arg("tensor", text("tensor." + std::string(name_of(snapshot.histogram_tensor)))));
  depth.brief_title = text("plot.histogram");
  depth.legend = legend_of_heat(view, style);
  if (view.before) depth.foot = ghost_entry(view.before, style);
  depth.y_name = text("plot.axis.magnitude");
  depth.y = axis.all;
  depth.last_layer = last_layer_beside(view);
  if (axis.taken) depth.lockable = {axis.binades.limits, *axis.taken};
  depth.y_ticks = [axis, font](const Limits& seen, double most) {
    return row_ticks(axis, font, seen, most);
  };
  depth.draw = [axis](const DepthCanvas& canvas) { draw_cells(canvas, axis); };
  depth.label = [axis, view](const DepthCanvas& canvas) {
    const float margin = px(canvas.style().spacing / 2);
    std::vector<ImVec2> drawn;
    for (const auto* pass : {&view.pass, &view.other.pass, &view.before.pass})
      if (*pass) add_points_in_cells(drawn, canvas, **pass);
    LabelPlaces places(
        {{canvas.low().x + margin, canvas.low().y}, {canvas.high().x - margin, canvas.high().y}},
        std::move(drawn), units(canvas.style(), 4));
    for (const SpecialRow& row : axis.rows)
      places.keep_free({canvas.frame.at_units(canvas.frame.x.limits.low, row.high),
                        canvas.frame.at_units(canvas.frame.x.limits.high, row.low)});
    draw_outlines(canvas, axis, view, places);
    draw_limits(canvas, axis, places);
  };
  depth.read = [axis, font, view](PlotReading& reading, int layer, double y) {
    read_rows(reading, *view.pass, axis, font, static_cast<std::size_t>(layer), y);
    const int number = layer + first_layer_number(*view.pass);
    read_beside(reading, view.other, axis, number, y, "compare.b", font);
    const std::size_t others = reading.values_beside.size();
    read_beside(reading, view.before, axis, number, y, "compare.of_before", font);
    reading.of_before = reading.values_beside.size() - others;
  };
  const bool all_special = std::ranges::all_of(snapshot.layers, [&](const LayerSignal& layer) {
    const Statistics& s = layer.of(snapshot.histogram_tensor);
    return s.zeros + s.infs() + s.nans == s.count;
  });
  if (!counted && !all_special) depth.note = text("plot.no_histogram");
  return depth;
}

}  // namespace nanscope
