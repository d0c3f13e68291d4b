#include "ui/labs/signal/plots/depth_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "ui/canvas/power_text.h"
#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// How the pass' numbers came about: "measured, fp16 emulated".
std::string provenance(const SignalSnapshot& snapshot) {
  if (snapshot.layers.empty()) return "";
  return measured_words(snapshot.experiment.network.precision, snapshot.emulated());
}

/// Layers 1, 10, 20, ... on a deep net, 1, 3, 5, ... or every layer on a shallow one; "in" for an
/// input layer.
Ticks layer_ticks(const SignalSnapshot& snapshot, const Limits& limits) {
  const double step = snap(limits, 4, 8).step;
  const auto last = static_cast<int>(std::floor(limits.high));
  Ticks ticks;
  const auto add = [&](int layer, const std::string& label) {
    ticks.at.push_back(layer);
    ticks.labels.push_back(label);
  };
  // On a deep net "in" and "1" would stand on one another.
  const bool input_layer = first_layer_number(snapshot) == 0;
  if (input_layer) add(0, text("plot.input_layer"));
  if (!input_layer || step <= 2) add(1, "1");
  for (double layer = step > 2 ? step : 1 + step; layer <= last; layer += step)
    add(static_cast<int>(layer), std::to_string(static_cast<int>(layer)));
  return ticks;
}

int layer_count(const SignalSnapshot& snapshot) { return static_cast<int>(snapshot.layers.size()); }

ScaledAxis layer_axis(const SignalSnapshot& snapshot, int last_layer,
                      const std::optional<Limits>& zoom) {
  const int first = first_layer_number(snapshot);
  // Before the first pass the axis is that of the experiment to come.
  const int count =
      snapshot.layers.empty() ? snapshot.experiment.network.model.depth : layer_count(snapshot);
  ScaledAxis axis;
  axis.home = drawable({first - 0.5, std::max(first + count - 1, last_layer) + 0.5});
  axis.limits = zoom ? within_reach(*zoom, axis.home) : axis.home;
  axis.ticks = layer_ticks(snapshot, {axis.limits.low, std::min(axis.limits.high, axis.home.high)});
  return axis;
}

/// A plot's legend; in a small plot without what stands above the plots, too, so that the curves
/// have room. How long the settings are does not count: they change while they are dragged.
std::vector<LegendEntry> legend_within(const Style& style, const DepthPlot& plot, ImVec2 size) {
  constexpr float kNarrow = 45;      // heights of the body's text
  constexpr float kMost = 1 / 8.0f;  // of the plot's height
  const bool small =
      size.x < kNarrow * body(style) || legend_height(style, plot.legend, size.x) > kMost * size.y;
  return small ? brief_legend(plot.legend) : plot.legend;
}

float title_width(const Style& style, const std::string& title) {
  return text_extent(style, Face::semibold, body(style), title).x;
}

/// The room that a note beside the titles takes: of each plot over depth of this width, or of none.
float note_room(const Style& style, const std::string& note, float width) {
  constexpr std::array kTitles{"plot.forward_variance", "plot.backward_variance", "plot.histogram",
                               "plot.special_values"};
  const float taken = text_extent(style, Face::regular, body(style) * text_size::small, note).x +
                      px(style.spacing * 2);
  const bool fits = std::ranges::all_of(
      kTitles, [&](const char* key) { return title_width(style, text(key)) + taken <= width; });
  return fits ? taken : 0;
}

const std::string& title_within(const Style& style, const DepthPlot& plot, float width) {
  const bool fits = title_width(style, plot.title) <= width;
  return fits || plot.brief_title.empty() ? plot.title : plot.brief_title;
}

/// The height of title and legend.
float head_height(const Style& style, const DepthPlot& plot, ImVec2 size) {
  return title_height(style) + px(style.spacing * 0.25f) +
         legend_height(style, legend_within(style, plot, size), size.x);
}

/// Room for the labels of most plots, so that those under one another are equally wide and a
/// layer's guide line runs through all of them.
float label_room(const Style& style) {
  const float size = body(style) * text_size::small;
  return text_extent(style, Face::regular, size, power_text(10, -100, style.fonts.regular)).x;
}

/// The layer under the pointer, if it is over the plot area.
std::optional<int> pointed_layer(const SignalSnapshot& snapshot, const ChartFrame& frame,
                                 ImVec2 pointer) {
  if (snapshot.layers.empty() || !frame.contains(pointer)) return std::nullopt;
  const auto number = static_cast<int>(std::lround(frame.x_unit(pointer.x)));
  return std::clamp(number - first_layer_number(snapshot), 0, layer_count(snapshot) - 1);
}

void draw_guide(const DepthCanvas& canvas, std::optional<int> layer, float alpha, float width) {
  if (!layer || *layer < 0 || *layer >= layer_count(canvas.snapshot)) return;
  const float x = canvas.at(*layer, 0).x;
  canvas.canvas.line({x, canvas.low().y}, {x, canvas.high().y},
                     ink(canvas.style().palette.accent, alpha), units(canvas.style(), width));
}

float layer_name_width(const Style& style) {
  return text_extent(style, Face::regular, body(style) * text_size::small, text("plot.axis.layer"))
      .x;
}

/// Whether the foot has room in the row of the x axis' name, which stands in the middle.
bool fits_beside_name(const Style& style, const ChartFrame& frame, const LegendEntry& foot) {
  const float room = (frame.high.x - frame.low.x - layer_name_width(style)) / 2 - px(style.spacing);
  return legend_width(style, foot) < room;
}

/// At the right end of the row of the x axis' name; where it takes the whole row the name gives
/// way to the left.
void draw_foot(Canvas& canvas, const ChartFrame& frame, LegendEntry foot, bool whole_row) {
  const Style& style = canvas.style();
  const float small = body(style) * text_size::small;
  float room = frame.high.x - frame.low.x;
  if (whole_row) {
    room -= layer_name_width(style) + px(style.spacing);
    canvas.text({frame.low.x, frame.high.y + small * 1.45f}, text("plot.axis.layer"),
                {Face::regular, small, ink(style.palette.text)});
    if (legend_width(style, foot) >= room) foot = brief_legend({std::move(foot)}).front();
  }
  const float width = std::min(room, legend_width(style, foot) + 1);
  draw_legend(canvas, std::array{foot}, {frame.high.x - width, frame.high.y + small * 1.4f}, width);
}

void draw_note(const DepthCanvas& canvas, const std::string& note) {
  if (note.empty()) return;
  const ImVec2 low = canvas.low(), high = canvas.high();
  const Plate plate{.size = body(canvas.style()) * text_size::small,
                    .color = canvas.style().palette.muted};
  const ImVec2 size = plate_size(canvas.style(), plate, note);
  draw_plate(canvas.canvas, plate, {(low.x + high.x - size.x) / 2, (low.y + high.y - size.y) / 2},
             note, low, high);
}

}  // namespace

float DepthCanvas::layer_width() const {
  return static_cast<float>((frame.high.x - frame.low.x) / frame.x.limits.span());
}

ImVec2 DepthCanvas::at(double layer, double y) const {
  return frame.at_units(layer + first_layer_number(snapshot), y);
}

int mark_stride(const DepthCanvas& canvas) {
  const float needed = px(canvas.style().marker_size) * 4.5f;
  for (int stride : {1, 2, 5, 10, 20, 50})
    if (canvas.layer_width() * static_cast<float>(stride) >= needed) return stride;
  return 100;
}

Stroke depth_stroke(const ImVec4& color, Mark mark, Dash dash) {
  return {.color = color, .mark = mark, .marked = true, .dash = dash};
}

Stroke ghost_stroke(const Style& style) {
  ImVec4 color = style.palette.muted;
  color.w *= 0.8f;
  return {.color = color, .width = 0.5f};
}

LegendEntry ghost_entry(const OtherPass& ghost, const Style& style) {
  return {.sample = Sample::line,
          .words = format_text("compare.before", fmt::arg("settings", ghost.words)),
          .stroke = ghost_stroke(style),
          .brief = ghost.words};
}

float area_height(const Style& style, float height) {
  const float head = title_height(style) + body(style) * text_size::legend * 1.25f;
  return std::max(body(style), height - head - frame_height(style));
}

int first_layer_number(const SignalSnapshot& snapshot) {
  return !snapshot.layers.empty() && snapshot.layers.front().name == "input" ? 0 : 1;
}

int last_layer_beside(const SignalView& view) {
  int last = 0;
  for (const OtherPass* one : {&view.other, &view.before})
    if (*one) last = std::max(last, first_layer_number(*one->pass) + layer_count(*one->pass) - 1);
  return last;
}

ChartFrame depth_frame(const SignalSnapshot& snapshot, const Style& style, const DepthPlot& plot,
                       const PlotPlace& place) {
  const float head = head_height(style, plot, place.size);
  const ImVec2 rest{place.size.x, std::max(place.size.y - head, units(style, 48))};
  const float height = std::max(units(style, 16), rest.y - frame_height(style));
  const float line = body(style) * text_size::small;
  ScaledAxis y;
  y.home = drawable(plot.y);
  y.lockable = plot.lockable;
  y.limits = place.zoom.y ? within_reach(*place.zoom.y, y.home) : y.home;
  y.ticks = without_crowding(plot.y_ticks(y.limits, height / (line * 1.3)),
                             1.05 * line * y.limits.span() / height);
  return place_chart(style, layer_axis(snapshot, plot.last_layer, place.zoom.x), std::move(y),
                     {place.corner.x, place.corner.y + head}, rest, label_room(style));
}

void draw_depth_plot(Canvas& canvas, const SignalSnapshot& snapshot, const DepthPlot& plot,
                     const PlotSelection& selection, const PlotPlace& place) {
  const Style& style = canvas.style();
  const float title = title_height(style) + px(style.spacing * 0.25f);
  const std::string note = provenance(snapshot);
  const float beside = note_room(style, note, place.size.x);
  const bool said = draw_title(canvas, title_within(style, plot, place.size.x - beside),
                               beside > 0 ? note : "", place.corner, place.size.x) &&
                    beside > 0;
  draw_legend(canvas, legend_within(style, plot, place.size),
              {place.corner.x, place.corner.y + title}, place.size.x);
  const ChartFrame frame = depth_frame(snapshot, style, plot, place);
  const bool whole_row = plot.foot && !fits_beside_name(style, frame, *plot.foot);
  draw_chart_frame(canvas, frame, whole_row ? "" : text("plot.axis.layer"), plot.y_name);
  if (plot.foot) draw_foot(canvas, frame, *plot.foot, whole_row);
  if (!said && !snapshot.layers.empty())
    draw_beside_y_name(canvas, frame, plot.y_name, note,
                       text(snapshot.emulated() ? "plot.emulated" : "plot.measured"),
                       snapshot.emulated());
  const DepthCanvas depth{snapshot, canvas, frame};
  const Clip clip(canvas, frame.low, frame.high);
  if (snapshot.layers.empty()) return draw_note(depth, text("plot.empty"));
  plot.draw(depth);
  draw_guide(depth, selection.chosen_layer, 0.9f, 1.5f);
  draw_guide(depth, selection.guide_layer, 0.5f, 1);
  if (plot.label) plot.label(depth);
  draw_note(depth, plot.note);
}

std::optional<PlotReading> read_depth_plot(const SignalSnapshot& snapshot, const Style& style,
                                           const DepthPlot& plot, const PlotPlace& place,
                                           ImVec2 pointer) {
  const ChartFrame frame = depth_frame(snapshot, style, plot, place);
  const std::optional<int> layer = pointed_layer(snapshot, frame, pointer);
  if (!layer) return std::nullopt;
  const float x = frame.at_units(*layer + first_layer_number(snapshot), 0).x;
  PlotReading reading{{x, pointer.y}, {snapshot.layers[static_cast<std::size_t>(*layer)].name}};
  reading.index = layer;
  plot.read(reading, *layer, frame.y_unit(pointer.y));
  // The point of the layer that is nearest to the pointer.
  float least = std::numeric_limits<float>::infinity();
  for (const ReadingValue& value : all_values(reading)) {
    const ImVec2 at{x, frame.at_units(0, value.place).y};
    if (!std::isfinite(value.place) || !frame.contains(at, 1)) continue;
    if (const float away = std::abs(at.y - pointer.y); away < least) {
      least = away;
      reading.at = at;
    }
  }
  reading.on_drawn = std::isfinite(least);
  return reading;
}

}  // namespace nanscope
