#include "ui/labs/tensors/plots/memory_timings_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "ui/labs/tensors/plots/tensor_words.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kTimingsRow = 1.7f;  // of the type's size

/// One bar of a list: what it stands for, how long it is, what it says.
struct Bar {
  std::string label;
  double length = 0;
  std::string words;
  ImVec4 color;
  bool hatched = false;  ///< tells the second of two kinds without colour
};

double per_element(double seconds, const TraversalTiming& timing) {
  return seconds / (static_cast<double>(timing.rows) * static_cast<double>(timing.columns));
}

std::vector<Bar> traversal_bars(const MemoryTimings& timings, const Palette& palette) {
  std::vector<Bar> bars;
  for (const TraversalTiming& one : timings.traversals) {
    const double along_rows = per_element(one.row_seconds, one);
    const double along_columns = per_element(one.column_seconds, one);
    const std::string matrix =
        format_text("timings.matrix", fmt::arg("rows", one.rows), fmt::arg("columns", one.columns),
                    fmt::arg("bytes", bytes_words(one.rows * one.columns * 4)));
    bars.push_back({matrix, along_rows,
                    format_text("timings.by_rows", fmt::arg("time", seconds_text(along_rows)),
                                fmt::arg("lines", number_text(double(one.row_lines)))),
                    palette.series[0]});
    bars.push_back({"", along_columns,
                    format_text("timings.by_columns", fmt::arg("time", seconds_text(along_columns)),
                                fmt::arg("ratio", number_text(along_columns / along_rows)),
                                fmt::arg("lines", number_text(double(one.column_lines)))),
                    palette.series[1], true});
  }
  return bars;
}

/// "12.3 GB/s: 64 MiB in 5.4 ms (median 5.6 ms), 16384 page faults".
std::string copy_words(const CopyTiming& one) {
  return format_text(
      one.to_device() ? "timings.rate_to_device" : "timings.rate",
      fmt::arg("rate", number_text(one.bytes_per_second() / 1e9)),
      fmt::arg("bytes", bytes_words(one.bytes)), fmt::arg("time", seconds_text(one.seconds)),
      fmt::arg("median", seconds_text(one.median_seconds)), fmt::arg("faults", one.page_faults));
}

std::vector<Bar> copy_bars(const MemoryTimings& timings, const Palette& palette) {
  std::vector<Bar> bars;
  for (const CopyTiming& one : timings.copies) {
    // The slower one of each pair.
    const bool second = one.kind == CopyKind::first_touch || one.kind == CopyKind::pageable;
    bars.push_back({text(fmt::format("timings.copy.{}", name_of(one.kind))), one.bytes_per_second(),
                    copy_words(one), palette.series[second ? 1 : 0], second});
  }
  return bars;
}

/// The GPU that was copied to, or in a line why none was.
std::string device_words(const MemoryTimings& timings) {
  if (!timings.device.empty())
    return format_text("timings.device", fmt::arg("device", timings.device));
  if (timings.device_missing.empty()) return "";  // it is not known yet
  // What is missing comes first, then what to do about it.
  return format_text(
      "timings.no_device",
      fmt::arg("reason", timings.device_missing.substr(0, timings.device_missing.find(';'))));
}

/// Slanted lines over a bar.
void hatch(Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color, float width) {
  const float height = high.y - low.y;
  for (float x = low.x; x + height <= high.x; x += height * 0.7f)
    canvas.line({x, high.y}, {x + height, low.y}, color, width);
}

/// Where bars are: labels, bars and words in three columns, as large as the rectangle allows, above
/// the axis of their lengths.
struct BarsLayout {
  ChartFrame frame;
  float em = 13;
};

BarsLayout place_bars(const Style& style, const std::vector<Bar>& bars, const PlotPlace& place,
                      std::string (*tick)(double)) {
  constexpr float kShortestRoom = 8;  // em for the longest bar
  constexpr float kAxisRoom = 1.2f;   // em
  const float body = px(style.font_size);
  float labels = 0, words = 0;  // in ems
  double largest = 0;
  for (const Bar& bar : bars) {
    const auto ems = [&](const std::string& text) {
      return text_extent(style, Face::mono, body * 0.875f, text).x / body + 1;
    };
    labels = std::max(labels, ems(bar.label));
    words = std::max(words, ems(bar.words));
    largest = std::max(largest, bar.length);
  }
  const auto rows = static_cast<float>(bars.size());
  BarsLayout layout;
  layout.em = std::min({body, place.size.y / (rows * kTimingsRow + kAxisRoom),
                        place.size.x / (labels + words + kShortestRoom)});
  // Text is as large as the style wants it at least, and its columns as wide.
  const float text_em = std::max(layout.em, style.least_text / 0.875f);
  ChartFrame& frame = layout.frame;
  frame.low = {place.corner.x + labels * text_em, place.corner.y};
  frame.high = {std::max(frame.low.x + layout.em, place.corner.x + place.size.x - words * text_em),
                place.corner.y + rows * kTimingsRow * layout.em};
  frame.x.home = {0, largest > 0 ? largest : 1};
  frame.x.lockable = {frame.x.home, frame.x.home};
  if (place.held.x) frame.x.home = drawable(*place.held.x);
  frame.x.limits = place.zoom.x ? within_reach(*place.zoom.x, frame.x.home) : frame.x.home;
  const double most = (frame.high.x - frame.low.x) / (layout.em * 6);
  frame.x.ticks =
      value_ticks(frame.x.limits, round_step(frame.x.limits.span(), std::max(1.0, most)), false);
  for (std::size_t i = 0; i < frame.x.ticks.at.size(); ++i)
    frame.x.ticks.labels[i] = tick(frame.x.ticks.at[i]);
  frame.y = {.limits = {0, double(rows)}, .home = {0, double(rows)}, .zooms = false};
  return layout;
}

void draw_bars(Canvas& canvas, const std::vector<Bar>& bars, const BarsLayout& layout,
               float labels_left) {
  const Palette& palette = canvas.style().palette;
  const auto& [frame, em] = layout;
  const TextLook tick{Face::regular, em * 0.75f, ink(palette.muted), Anchor::middle};
  for (std::size_t i = 0; i < frame.x.ticks.at.size(); ++i) {
    const float x = frame.at_units(frame.x.ticks.at[i], 0).x;
    canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(palette.grid), std::max(1.0f, em / 14));
    canvas.text({x, frame.high.y + em * 0.1f}, frame.x.ticks.labels[i], tick);
  }
  float y = frame.low.y;
  for (const Bar& bar : bars) {
    const TextLook look{Face::mono, em * 0.875f, ink(palette.text)};
    canvas.text({labels_left, y}, bar.label, look);
    const float bar_end = frame.at_units(bar.length, 0).x, bar_begin = frame.at_units(0, 0).x;
    const float end = std::clamp(bar_end, frame.low.x, frame.high.x);
    const float begin = std::clamp(bar_begin, frame.low.x, frame.high.x);
    const ImVec2 low{begin, y + em * 0.05f};
    // What takes no time to speak of is still there, unless it is left of what is seen.
    const bool seen = bar_end >= frame.low.x && bar_begin <= frame.high.x;
    const ImVec2 high{seen ? std::max(end, std::min(begin + 2, frame.high.x)) : begin,
                      y + em * 1.05f};
    if (high.x > low.x) {
      canvas.fill(low, high, ink(bar.color), em / 8);
      if (bar.hatched) hatch(canvas, low, high, ink(palette.surface), std::max(1.0f, em / 10));
    }
    canvas.text({high.x + em * 0.5f, y}, bar.words, look);
    y += kTimingsRow * em;
  }
}

std::string rate_text(double bytes_per_second) {
  return format_text("timings.rate_tick", fmt::arg("rate", number_text(bytes_per_second / 1e9)));
}

/// The bar of the pointer's row.
std::optional<PlotReading> read_bars(const std::vector<Bar>& bars, const BarsLayout& layout,
                                     ImVec2 pointer, std::string (*words)(double)) {
  const ChartFrame& frame = layout.frame;
  const float row = (pointer.y - frame.low.y) / (kTimingsRow * layout.em);
  if (!(row >= 0) || row >= static_cast<float>(bars.size()) || pointer.x < frame.low.x)
    return std::nullopt;
  const auto index = static_cast<std::size_t>(row);
  // The second of a pair has the label of the first.
  std::size_t named = index;
  while (named > 0 && bars[named].label.empty()) --named;
  const Bar& bar = bars[index];
  const float end = std::clamp(frame.at_units(bar.length, 0).x, frame.low.x, frame.high.x);
  return PlotReading{
      {end, frame.low.y + (static_cast<float>(index) + 0.3f) * kTimingsRow * layout.em},
      {bars[named].label, bar.words},
      {},
      {{bars[named].label, bar.length, NAN, words}}};
}

/// A matrix of which each row is one cache line, and the loop's first steps through it.
void draw_walk(Canvas& canvas, ImVec2 corner, float cell, bool along_rows) {
  constexpr int kRows = 6, kColumns = 16;  // 16 floats of 4 bytes are a line of 64
  const Palette& palette = canvas.style().palette;
  const float em = cell;
  canvas.text(corner, text(along_rows ? "timings.walk.rows" : "timings.walk.columns"),
              {Face::semibold, em, ink(palette.text)});
  const float top = corner.y + 1.6f * em;
  const auto at = [&](float row, float column) {
    return ImVec2{corner.x + column * cell, top + row * cell * 1.15f};
  };
  for (int row = 0; row < kRows; ++row) {
    const auto r = static_cast<float>(row);
    for (int column = 0; column < kColumns; ++column) {
      const bool touched = along_rows ? row == 0 : column == 0;
      const ImVec2 low = at(r, static_cast<float>(column));
      canvas.fill({low.x + 1, low.y + 1}, {low.x + cell - 1, low.y + cell - 1},
                  ink(touched ? palette.series[along_rows ? 0 : 1] : palette.raised), 1);
    }
    const ImVec2 low = at(r, 0), high = at(r, kColumns);
    canvas.outline({low.x, low.y}, {high.x, low.y + cell}, ink(palette.muted),
                   std::max(1.0f, em / 14));
  }
  const ImVec2 first = at(0, 0), middle{first.x + cell / 2, first.y + cell / 2};
  const ImVec2 last = along_rows ? at(0, kColumns - 1) : at(kRows - 1, 0);
  canvas.arrow(middle, {last.x + cell / 2, last.y + cell / 2}, ink(palette.text),
               std::max(1.0f, em / 8), em * 0.6f);
}

/// Of the traversal: how large a cell of its matrices is, and the bars below them.
struct TraversalLayout {
  float cell = 10;
  std::vector<Bar> bars;
  BarsLayout below;
};

TraversalLayout place_traversal(const Style& style, const MemoryTimings& timings,
                                const PlotPlace& place) {
  TraversalLayout layout;
  layout.cell = std::min({px(style.font_size), place.size.x / 40, place.size.y / 22});
  layout.bars = traversal_bars(timings, style.palette);
  const float above = 10.5f * layout.cell;
  layout.below = place_bars(style, layout.bars,
                            {{place.corner.x, place.corner.y + above},
                             {place.size.x, place.size.y - above},
                             place.zoom,
                             place.held},
                            seconds_text);
  return layout;
}

void draw_traversal(Canvas& canvas, const MemoryTimings& timings, const PlotPlace& place) {
  const ImVec2 corner = place.corner;
  const TraversalLayout layout = place_traversal(canvas.style(), timings, place);
  const float cell = layout.cell;
  draw_walk(canvas, corner, cell, true);
  draw_walk(canvas, {corner.x + 20 * cell, corner.y}, cell, false);
  canvas.text({corner.x, corner.y + 9 * cell},
              format_text("timings.line", fmt::arg("bytes", timings.cache_line_bytes)),
              {Face::regular, cell * 0.875f, ink(canvas.style().palette.muted)});
  draw_bars(canvas, layout.bars, layout.below, corner.x);
}

float notes_em(const Style& style, const PlotPlace& place) {
  return std::min(px(style.font_size), place.size.y / 7);
}

/// The bars above two lines of notes.
BarsLayout place_copies(const Style& style, const std::vector<Bar>& bars, const PlotPlace& place) {
  return place_bars(style, bars,
                    {place.corner,
                     {place.size.x, place.size.y - 2.8f * notes_em(style, place)},
                     place.zoom,
                     place.held},
                    rate_text);
}

void draw_copies(Canvas& canvas, const MemoryTimings& timings, const PlotPlace& place) {
  const Style& style = canvas.style();
  const ImVec2 corner = place.corner, size = place.size;
  const std::vector<Bar> bars = copy_bars(timings, style.palette);
  draw_bars(canvas, bars, place_copies(style, bars, place), corner.x);
  std::string caches;
  for (const std::int64_t bytes : timings.cache_bytes)
    caches += (caches.empty() ? "" : ", ") + bytes_words(bytes);
  const float em = notes_em(style, place);
  const TextLook look{Face::regular, em * 0.8125f, ink(style.palette.muted)};
  canvas.text({corner.x, corner.y + size.y - 2.6f * em},
              cut_text(style, look.face, look.size, device_words(timings), size.x), look);
  canvas.text({corner.x, corner.y + size.y - 1.3f * em},
              format_text("timings.caches", fmt::arg("caches", caches),
                          fmt::arg("page", bytes_words(timings.page_bytes))),
              look);
}

}  // namespace

std::string memory_timings_sentence(const MemoryTimings& timings) {
  if (timings.traversals.empty()) return "";
  const TraversalTiming& largest = timings.traversals.back();
  return format_text("timings.sentence", fmt::arg("rows", largest.rows),
                     fmt::arg("columns", largest.columns),
                     fmt::arg("ratio", number_text(largest.column_seconds / largest.row_seconds)));
}

Plot memory_traversal(SharedTimings timings) {
  return {.name = "memory_traversal",
          .draw = [timings](Canvas& canvas,
                            const PlotPlace& place) { draw_traversal(canvas, *timings, place); },
          .frame =
              [timings](const Style& style, const PlotPlace& place) {
                return place_traversal(style, *timings, place).below.frame;
              },
          .read =
              [timings](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                const TraversalLayout layout = place_traversal(style, *timings, place);
                return read_bars(layout.bars, layout.below, pointer, seconds_text);
              }};
}

Plot memory_copies(SharedTimings timings) {
  return {.name = "memory_copies",
          .draw = [timings](Canvas& canvas,
                            const PlotPlace& place) { draw_copies(canvas, *timings, place); },
          .frame =
              [timings](const Style& style, const PlotPlace& place) {
                return place_copies(style, copy_bars(*timings, style.palette), place).frame;
              },
          .read =
              [timings](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                const std::vector<Bar> bars = copy_bars(*timings, style.palette);
                return read_bars(bars, place_copies(style, bars, place), pointer, rate_text);
              }};
}

}  // namespace nanscope
