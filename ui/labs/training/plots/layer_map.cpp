#include "ui/labs/training/plots/layer_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "ui/canvas/power_text.h"
#include "ui/charts/cells.h"
#include "ui/charts/chart_area.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/plots/run_axis.h"
#include "ui/labs/training/plots/run_place.h"
#include "ui/labs/training/plots/step_layers.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

std::string quantity_words(LayerQuantity quantity) {
  return text(fmt::format("run.layers.{}", name_of(quantity)));
}

struct MapPlace {
  const LayerHistory& layers;
  LayerQuantity quantity;
  std::vector<double> places;  ///< where on the x axis each look begins, and where the last ends
  SnappedAxis scale;           ///< powers of ten from the first colour to the last
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;

  /// What of the looks that a column stands for stands out.
  double value(std::size_t look, std::size_t layer) const {
    return layers.extreme(quantity, look, layer);
  }
  /// The colour of a value as a share of the scale.
  float shade(double value) const {
    return static_cast<float>((std::log10(value) - scale.limits.low) / scale.limits.span());
  }
};

/// The y axis: a row a layer, with its name in the middle.
ScaledAxis layer_axis(const LayerHistory& layers) {
  ScaledAxis axis;
  axis.limits = axis.home = {-0.5, static_cast<double>(layers.layers().size()) - 0.5};
  axis.zooms = false;
  for (std::size_t i = 0; i < layers.layers().size(); ++i) {
    axis.ticks.at.push_back(static_cast<double>(i));
    axis.ticks.labels.push_back(layers.layers()[i]);
  }
  return axis;
}

/// Each look is a column as wide as up to the next one.
std::vector<double> columns_of(const RunPicture& picture) {
  const std::vector<double>& steps = layers_in_view(*picture.run, picture.view).steps();
  std::vector<double> ends = steps;
  const double last = steps.back();
  ends.push_back(last + (steps.size() > 1 ? last - steps[steps.size() - 2] : 1));
  return places_along(*picture.run, axis_of(picture), ends);
}

MapPlace place_map(const RunPicture& picture, const Style& style, const PlotPlace& place) {
  const LayerHistory& layers = layers_in_view(*picture.run, picture.view);
  MapPlace map{.layers = layers,
               .quantity = picture.view.map,
               .places = columns_of(picture),
               .scale = {},
               .legend = {},
               .frame = {}};
  Extent extent;
  bool wild = false;
  for (std::size_t look = 0; look < layers.steps().size(); ++look)
    for (std::size_t layer = 0; layer < layers.layers().size(); ++layer) {
      const double value = map.value(look, layer);
      wild = wild || !std::isfinite(value);
      if (value > 0) extent.add(std::log10(value));
    }
  map.scale = snap(extent.empty() ? Limits{-1, 0} : extent.limits(), 1);
  const auto power = [&](double at) {
    return power_text(10, static_cast<int>(std::lround(at)), style.fonts.regular);
  };
  map.legend.push_back(
      {.sample = Sample::colors,
       .words = format_text("run.map_scale", fmt::arg("low", power(map.scale.limits.low)),
                            fmt::arg("high", power(map.scale.limits.high)))});
  if (wild)
    map.legend.push_back({.sample = Sample::hatch,
                          .words = text("run.map_wild"),
                          .stroke = {.color = style.palette.bad}});
  const ChartArea area = area_below(style, map.legend, place);
  map.title = area.title;
  map.frame = place_chart(style, axis_along(picture, style, place, area.size.x), layer_axis(layers),
                          area.corner, area.size);
  return map;
}

constexpr int kShades = 48;
constexpr int kEmpty = -1, kWild = -2;

int shade_of(const MapPlace& map, double value) {
  if (!std::isfinite(value)) return kWild;
  if (!(value > 0)) return kEmpty;
  return std::clamp(static_cast<int>(std::lround(map.shade(value) * (kShades - 1))), 0,
                    kShades - 1);
}

/// What is not finite is hatched, rows that begin and end alike together.
class HatchedCells {
 public:
  explicit HatchedCells(Canvas& canvas) : canvas_(canvas) {}
  void add(ImVec2 low, ImVec2 high) {
    if (low.x == low_.x && high.x == high_.x && high.y == low_.y) {
      low_.y = low.y;
      return;
    }
    draw();
    low_ = low;
    high_ = high;
  }
  void draw() {
    const ImVec4& color = canvas_.style().palette.bad;
    if (!(high_.x > low_.x)) return;
    canvas_.fill(low_, high_, ink(color, 0.16f));
    draw_hatch(canvas_, low_, high_, ink(color));
    high_ = low_ = {};
  }

 private:
  Canvas& canvas_;
  ImVec2 low_{}, high_{};
};

/// Looks that share a column of pixels are drawn as one: where each of these begins, and the end of
/// the last.
std::vector<std::size_t> pixel_columns(const MapPlace& map) {
  const std::size_t looks = map.layers.steps().size();
  std::vector<std::size_t> begins;
  float last = -INFINITY;
  for (std::size_t look = 0; look < looks; ++look) {
    const float x = std::round(map.frame.x_at(map.places[look]));
    if (x <= last) continue;
    begins.push_back(look);
    last = x;
  }
  // The last one has a width, too.
  if (begins.size() > 1 && std::round(map.frame.x_at(map.places.back())) <= last) begins.pop_back();
  begins.push_back(looks);
  return begins;
}

/// Of a layer's looks from one to before another the shade that stands out: what is not finite,
/// else what is the farthest from the first.
int standing_out(const MapPlace& map, std::size_t begin, std::size_t end, std::size_t layer) {
  const int first = shade_of(map, map.value(begin, layer));
  int seen = first;
  for (std::size_t look = begin + 1; look < end && seen != kWild; ++look) {
    const int shade = shade_of(map, map.value(look, layer));
    const bool farther = shade >= 0 && std::abs(shade - first) > std::abs(seen - first);
    if (shade == kWild || farther) seen = shade;
  }
  return seen;
}

void draw_map_cells(Canvas& canvas, const MapPlace& map) {
  CellField field;
  const std::vector<std::size_t> columns = pixel_columns(map);
  for (const std::size_t look : columns) field.x.push_back(map.frame.x_at(map.places[look]));
  for (std::size_t edge = 0; edge <= map.layers.layers().size(); ++edge)
    field.y.push_back(map.frame.at_units(0, static_cast<double>(edge) - 0.5).y);
  field.look = [&](std::size_t column, std::size_t layer) {
    return standing_out(map, columns[column], columns[column + 1], layer);
  };
  HatchedCells hatched(canvas);
  draw_cells(map.frame, field, [&](ImVec2 low, ImVec2 high, int shade) {
    if (shade == kWild) hatched.add(low, high);
    if (shade < 0) return;
    const float share = static_cast<float>(shade) / (kShades - 1);
    canvas.fill(low, high, ink(heat_color(canvas.style(), share)));
  });
  hatched.draw();
}

/// The middle of the column in which a place of the x axis is; the place itself beside them.
double middle_of_look(const MapPlace& map, double x) {
  const auto next = std::ranges::upper_bound(map.places, x);
  if (next == map.places.begin() || next == map.places.end()) return x;
  return (*(next - 1) + *next) / 2;
}

void draw_map(Canvas& canvas, const RunPicture& picture, const PlotPlace& place) {
  const RunSummary& run = *picture.run;
  const MapPlace map = place_map(picture, canvas.style(), place);
  const RunAxis axis = axis_of(picture);
  draw_title(canvas, quantity_words(map.quantity),
             note_within(picture, canvas.style(), place.size.x), place.corner, place.size.x,
             network_name(run, seen_network(run, picture.view)));
  draw_legend(canvas, map.legend, {place.corner.x, place.corner.y + map.title}, place.size.x);
  draw_chart_frame(canvas, map.frame, axis_words(axis), text("plot.axis.layers"));
  const FrameClip clip(canvas, map.frame);
  draw_map_cells(canvas, map);
  if (const auto look = chosen_look(run, picture.view))
    canvas.outline({map.frame.x_at(map.places[*look]), map.frame.low.y},
                   {map.frame.x_at(map.places[*look + 1]), map.frame.high.y},
                   ink(canvas.style().palette.text), units(canvas.style(), 1.5f));
  if (!picture.guide) return;
  const float x = map.frame.x_at(middle_of_look(map, *picture.guide));
  canvas.line({x, map.frame.low.y}, {x, map.frame.high.y}, ink(canvas.style().palette.accent),
              units(canvas.style(), 1.5f));
}

std::optional<PlotReading> read_map(const RunPicture& picture, const Style& style,
                                    const PlotPlace& place, ImVec2 pointer) {
  const MapPlace map = place_map(picture, style, place);
  if (!map.frame.contains(pointer)) return std::nullopt;
  const double x = map.frame.x_unit(pointer.x);
  const auto next = std::ranges::upper_bound(map.places, x);
  if (next == map.places.begin() || next == map.places.end()) return std::nullopt;
  const auto look = static_cast<std::size_t>(next - map.places.begin() - 1);
  const auto layer =
      static_cast<std::size_t>(std::clamp(std::lround(map.frame.y_unit(pointer.y)), 0L,
                                          static_cast<long>(map.layers.layers().size()) - 1));
  const double value = map.value(look, layer), step = map.layers.steps()[look];
  const std::string words = quantity_words(map.quantity);
  const auto row = static_cast<double>(layer);
  PlotReading reading{
      map.frame.at_units((map.places[look] + map.places[look + 1]) / 2, row),
      {place_words(axis_of(picture), map.places[look], step), map.layers.layers()[layer]}};
  reading.index = static_cast<int>(step);
  reading.x = map.places[look];
  const bool none = value == LayerHistory::kNone;
  reading.lines.push_back(fmt::format("{}: {}", words, none ? "-" : number_text(value)));
  const double low = map.layers.lowest(map.quantity, look, layer);
  const double high = map.layers.highest(map.quantity, look, layer);
  // Not a number is no larger than itself.
  if (!none && !(low == high))
    reading.lines.push_back(format_text("run.map_between", fmt::arg("low", number_text(low)),
                                        fmt::arg("high", number_text(high))));
  if (!none) reading.values.push_back({words, value, row});
  reading.on_drawn = !none;
  return reading;
}

}  // namespace

bool has_layers(const RunSummary& run) { return run.history && !run.history->layers.empty(); }

Plot layer_map(std::shared_ptr<const RunPicture> picture) {
  return {.name = std::string(kLayerMap),
          .draw = [picture](Canvas& canvas,
                            const PlotPlace& place) { draw_map(canvas, *picture, place); },
          .frame = [picture](
                       const Style& style,
                       const PlotPlace& place) { return place_map(*picture, style, place).frame; },
          .read = [picture](const Style& style, const PlotPlace& place,
                            ImVec2 pointer) { return read_map(*picture, style, place, pointer); },
          .cells = true,
          .grows = !picture->run->is_over()};
}

}  // namespace nanscope
