#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ui/canvas/shapes.h"
#include "ui/charts/chart_area.h"
#include "ui/labs/costs/plots/bar_parts.h"
#include "ui/labs/costs/plots/data_plots.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// A row of the timeline: one thread of one way.
struct Lane {
  const char* name = "";  ///< key
  bool computes = false;
  const DataTimeline* timeline = nullptr;
  double predicted = 0;
};

std::array<Lane, 4> lanes_of(const MovingData& data) {
  const double copy = data.copy_seconds, compute = data.compute_seconds;
  const double turns = seconds_in_turns(data.batches, copy, compute);
  const double beside = seconds_overlapped(data.batches, copy, compute);
  return {{{"costs.data.lane.turns_copy", false, &data.in_turns, turns},
           {"costs.data.lane.turns_compute", true, &data.in_turns, turns},
           {"costs.data.lane.beside_copy", false, &data.overlapped, beside},
           {"costs.data.lane.beside_compute", true, &data.overlapped, beside}}};
}

struct OverlapPlace {
  std::vector<LegendEntry> legend;
  float title = 0;
  double unit = 1e-3;  ///< seconds
  const char* axis = "";
  ChartFrame frame;
};

const BarPart kCopies{"", 0, true}, kComputes{"", 2};

OverlapPlace place_overlap(const MovingData& data, const Style& style, const PlotPlace& place) {
  OverlapPlace placed;
  placed.legend = {{Sample::hatch, text("costs.data.copy"),
                    Stroke{.color = style.palette.series[kCopies.color]}},
                   {Sample::band, text("costs.data.compute"),
                    Stroke{.color = style.palette.series[kComputes.color]}},
                   {Sample::line, text("costs.data.predicted"),
                    Stroke{.color = style.palette.predicted, .dash = {5, 3}}}};
  const auto lanes = lanes_of(data);
  double longest = 0;
  float names = 0;
  for (const Lane& lane : lanes) {
    longest = std::max({longest, lane.timeline->seconds, lane.predicted});
    names = std::max(
        names,
        text_extent(style, Face::regular, body(style) * text_size::small, text(lane.name)).x);
  }
  const bool seconds = longest >= 1;
  placed.unit = seconds ? 1 : 1e-3;
  placed.axis = text(seconds ? "costs.data.axis.seconds" : "costs.data.axis.milliseconds");
  const ChartArea area = area_below(style, placed.legend, place);
  placed.title = area.title;
  ScaledAxis y;
  y.limits = y.home = {0, static_cast<double>(lanes.size())};
  y.zooms = false;
  placed.frame = place_chart(style,
                             scaled_axis(std::array{0.0, 1.02 * longest / placed.unit},
                                         {.most = std::max(3.0f, area.size.x / (body(style) * 5)),
                                          .zoom = place.zoom.x,
                                          .held = place.held.x},
                                         style.fonts.regular),
                             y, area.corner, area.size, names);
  return placed;
}

/// Upper and lower edge of a lane's spans in pixels; lanes of one way lie closer.
std::pair<float, float> edges_of_lane(const ChartFrame& frame, std::size_t index) {
  const float row = (frame.high.y - frame.low.y) / 4;
  const float top = frame.low.y + row * static_cast<float>(index);
  const bool first = index % 2 == 0;
  return {std::round(top + row * (first ? 0.22f : 0.06f)),
          std::round(top + row * (first ? 0.94f : 0.78f))};
}

/// The number of a batch, in the middle of its span.
struct BatchNumber {
  int batch = 0;  ///< from 0
  std::string words;
  ImVec2 corner, extent;
};

/// Every batch's, or every second's, fifth's, ...: whose numbers all have room.
std::vector<BatchNumber> regular_numbers(std::vector<BatchNumber> numbers, float gap) {
  for (const int apart : {1, 2, 5, 10, 20, 50, 100}) {
    std::vector<BatchNumber> kept;
    for (const BatchNumber& one : numbers)
      if (one.batch % apart == 0) kept.push_back(one);
    const auto touch = [&](const BatchNumber& a, const BatchNumber& b) {
      return a.corner.x + a.extent.x + gap > b.corner.x;
    };
    if (std::ranges::adjacent_find(kept, touch) == kept.end()) return kept;
  }
  return {};
}

void draw_lane(Canvas& canvas, const Lane& lane, const OverlapPlace& placed, std::size_t index) {
  const Style& style = canvas.style();
  const ChartFrame& frame = placed.frame;
  const auto [top, bottom] = edges_of_lane(frame, index);
  const float size = std::min(body(style) * text_size::legend, (bottom - top) * 0.9f);
  const Plate plate{.face = Face::mono, .size = size, .color = style.palette.text};
  std::vector<BatchNumber> numbers;
  for (const DataSpan& span : lane.timeline->spans) {
    if (span.computes != lane.computes) continue;
    const ImVec2 low{frame.x_at(span.begin / placed.unit), top};
    const ImVec2 high{frame.x_at(span.end / placed.unit), bottom};
    draw_bar_part(canvas, span.computes ? kComputes : kCopies, low, high);
    const std::string number = std::to_string(span.batch + 1);
    const ImVec2 extent = plate_size(style, plate, number);
    const ImVec2 corner{(low.x + high.x - extent.x) / 2, (low.y + high.y - extent.y) / 2};
    if (corner.x < frame.low.x || corner.x + extent.x > frame.high.x) continue;
    numbers.push_back({span.batch, number, corner, extent});
  }
  for (const BatchNumber& one : regular_numbers(std::move(numbers), units(style, 2)))
    draw_plate(canvas, plate, one.corner, one.words, frame.low, frame.high);
}

/// Where a way was to end, and in words when it did.
void draw_end(Canvas& canvas, const Lane& lane, const OverlapPlace& placed, std::size_t index) {
  const Style& style = canvas.style();
  const float x = placed.frame.x_at(lane.predicted / placed.unit);
  const float top = edges_of_lane(placed.frame, index).first;
  const float bottom = edges_of_lane(placed.frame, index + 1).second;
  const std::array<ImVec2, 2> line{ImVec2{x, top}, ImVec2{x, bottom}};
  canvas.dashes(line, ink(style.palette.predicted), units(style, 2), {5, 3});
}

std::string end_words_of(const Lane& lane) {
  return format_text("costs.data.end", fmt::arg("seconds", seconds_text(lane.timeline->seconds)),
                     fmt::arg("predicted", seconds_text(lane.predicted)));
}

void draw_overlap(Canvas& canvas, const MovingData& data, const PlotPlace& place) {
  const Style& style = canvas.style();
  const OverlapPlace placed = place_overlap(data, style, place);
  const ChartFrame& frame = placed.frame;
  draw_title(canvas, text("plot.data_overlap"), text("costs.data.two_threads"), place.corner,
             place.size.x);
  draw_legend(canvas, placed.legend, {place.corner.x, place.corner.y + placed.title}, place.size.x);
  draw_chart_frame(canvas, frame, placed.axis, "");
  const auto lanes = lanes_of(data);
  const float size = body(style) * text_size::small;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto [top, bottom] = edges_of_lane(frame, i);
    canvas.text({frame.low.x - units(style, 6), (top + bottom) / 2 - size * 0.6f},
                text(lanes[i].name),
                {Face::regular, size, ink(style.palette.muted), Anchor::right});
  }
  const FrameClip clip(canvas, frame);
  for (std::size_t i = 0; i < lanes.size(); ++i) draw_lane(canvas, lanes[i], placed, i);
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}})
    draw_end(canvas, lanes[i], placed, i);
  // Behind the shorter of the two there is room for what both came to.
  const Lane& shorter = lanes[2];
  const float left =
      frame.x_at(std::max(shorter.timeline->seconds, shorter.predicted) / placed.unit) +
      units(style, 10);
  const auto [top, bottom] = edges_of_lane(frame, 3);
  const std::string words = end_words_of(shorter);
  const float letters = body(style) * text_size::legend;
  if (left + text_extent(style, Face::semibold, letters, words).x < frame.high.x)
    canvas.text({left, (top + bottom) / 2 - letters * 0.6f}, words,
                {Face::semibold, letters, ink(style.palette.text), Anchor::left});
}

std::optional<PlotReading> read_overlap(const MovingData& data, const Style& style,
                                        const PlotPlace& place, ImVec2 pointer) {
  const OverlapPlace placed = place_overlap(data, style, place);
  if (!placed.frame.contains(pointer)) return std::nullopt;
  const auto lanes = lanes_of(data);
  const auto index = static_cast<std::size_t>(
      std::clamp((pointer.y - placed.frame.low.y) /
                     std::max(placed.frame.high.y - placed.frame.low.y, 1.0f) * 4,
                 0.0f, 3.0f));
  const double at = placed.frame.x_unit(pointer.x) * placed.unit;
  PlotReading reading{pointer, {text(lanes[index].name), end_words_of(lanes[index])}};
  for (const DataSpan& span : lanes[index].timeline->spans)
    if (span.computes == lanes[index].computes && span.begin <= at && at < span.end) {
      reading.lines.insert(reading.lines.begin() + 1,
                           format_text("costs.data.span", fmt::arg("batch", span.batch + 1),
                                       fmt::arg("seconds", seconds_text(span.end - span.begin))));
      reading.values.push_back({text(lanes[index].name), span.end - span.begin});
    }
  return reading;
}

}  // namespace

StackedBars data_ways_bars(const MovingData& data) {
  StackedBars bars{.plot = "data_ways",
                   .title = text("plot.data_ways"),
                   .note = text("costs.data.measured"),
                   .axis = {},
                   .words = seconds_text,
                   .parts = {{text("costs.data.open"), 0}, {text("costs.data.first"), 3, true}},
                   .bars = {}};
  const auto add = [&](const char* name, const DataWay& way) {
    bars.bars.push_back(
        {text(name),
         {way.open_seconds, way.batch_seconds},
         format_text("costs.data.resident",
                     fmt::arg("bytes", bytes_text(static_cast<double>(way.resident))))});
  };
  add("costs.data.mapped", data.mapped);
  if (data.loaded) add("costs.data.loaded", *data.loaded);
  const bool seconds = largest_total(bars) >= 1;
  bars.unit = seconds ? 1 : 1e-3;
  bars.axis = text(seconds ? "costs.data.axis.seconds" : "costs.data.axis.milliseconds");
  return bars;
}

Plot overlap_plot(std::shared_ptr<const MovingData> data) {
  return {
      .name = "data_overlap",
      .draw = [data](Canvas& canvas,
                     const PlotPlace& place) { draw_overlap(canvas, *data, place); },
      .frame = [data](const Style& style,
                      const PlotPlace& place) { return place_overlap(*data, style, place).frame; },
      .read = [data](const Style& style, const PlotPlace& place,
                     ImVec2 pointer) { return read_overlap(*data, style, place, pointer); },
      .cells = true};
}

}  // namespace nanscope
