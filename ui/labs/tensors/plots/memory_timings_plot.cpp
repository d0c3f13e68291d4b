#include "ui/labs/tensors/plots/memory_timings_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// Labels, bars and words in three columns, as large as the rectangle allows.
void draw_bars(Canvas& canvas, const std::vector<Bar>& bars, ImVec2 corner, ImVec2 size) {
  if (bars.empty()) return;
  constexpr float kShortestRoom = 8;  // em for the longest bar
  const Style& style = canvas.style();
  const Palette& palette = style.palette;
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
  const float room = size.y / static_cast<float>(bars.size());
  const float em = std::min({body, room / kTimingsRow, size.x / (labels + words + kShortestRoom)});
  const float longest = std::max(em, size.x - (labels + words) * em);
  float y = corner.y;
  for (const Bar& bar : bars) {
    const TextLook look{Face::mono, em * 0.875f, ink(palette.text)};
    canvas.text({corner.x, y}, bar.label, look);
    const float length = largest > 0 ? longest * static_cast<float>(bar.length / largest) : 0;
    const ImVec2 low{corner.x + labels * em, y + em * 0.05f};
    const ImVec2 high{low.x + std::max(2.0f, length), y + em * 1.05f};
    canvas.fill(low, high, ink(bar.color), em / 8);
    if (bar.hatched) hatch(canvas, low, high, ink(palette.surface), std::max(1.0f, em / 10));
    canvas.text({high.x + em * 0.5f, y}, bar.words, look);
    y += kTimingsRow * em;
  }
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

}  // namespace

std::string memory_timings_sentence(const MemoryTimings& timings) {
  if (timings.traversals.empty()) return "";
  const TraversalTiming& largest = timings.traversals.back();
  return format_text("timings.sentence", fmt::arg("rows", largest.rows),
                     fmt::arg("columns", largest.columns),
                     fmt::arg("ratio", number_text(largest.column_seconds / largest.row_seconds)));
}

void draw_memory_traversal(Canvas& canvas, const MemoryTimings& timings, ImVec2 corner,
                           ImVec2 size) {
  const float cell = std::min({px(canvas.style().font_size), size.x / 40, size.y / 22});
  draw_walk(canvas, corner, cell, true);
  draw_walk(canvas, {corner.x + 20 * cell, corner.y}, cell, false);
  const float below = 10.5f * cell;
  canvas.text({corner.x, corner.y + 9 * cell},
              format_text("timings.line", fmt::arg("bytes", timings.cache_line_bytes)),
              {Face::regular, cell * 0.875f, ink(canvas.style().palette.muted)});
  draw_bars(canvas, traversal_bars(timings, canvas.style().palette), {corner.x, corner.y + below},
            {size.x, size.y - below});
}

void draw_memory_copies(Canvas& canvas, const MemoryTimings& timings, ImVec2 corner, ImVec2 size) {
  const Palette& palette = canvas.style().palette;
  const float em = std::min(px(canvas.style().font_size), size.y / 7);
  draw_bars(canvas, copy_bars(timings, palette), corner, {size.x, size.y - 2.8f * em});
  std::string caches;
  for (const std::int64_t bytes : timings.cache_bytes)
    caches += (caches.empty() ? "" : ", ") + bytes_words(bytes);
  const TextLook look{Face::regular, em * 0.8125f, ink(palette.muted)};
  canvas.text({corner.x, corner.y + size.y - 2.6f * em},
              cut_text(canvas.style(), look.face, look.size, device_words(timings), size.x), look);
  canvas.text({corner.x, corner.y + size.y - 1.3f * em},
              format_text("timings.caches", fmt::arg("caches", caches),
                          fmt::arg("page", bytes_words(timings.page_bytes))),
              look);
}

}  // namespace nanscope
