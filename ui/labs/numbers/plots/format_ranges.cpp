#include "ui/labs/numbers/plots/format_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "ui/charts/axis.h"
#include "ui/charts/format_look.h"
#include "ui/labs/numbers/plots/format_ranges_layout.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kPointSize = 1.35f;  // of the style's marker

/// A bar's part between two magnitudes, cut off at the axis' ends; an arrow says that it goes on.
void draw_part(Canvas& canvas, const FormatRangesLayout& layout, double from, double to, float y,
               float height, const ImVec4& color, bool subnormal) {
  const Style& style = canvas.style();
  const Limits& seen = layout.frame.x.limits;
  const double low = std::clamp(std::log2(from), seen.low, seen.high);
  const double high = std::clamp(std::log2(to), seen.low, seen.high);
  const float middle = y + height / 2, head = height * 0.7f;
  const ImVec2 a{layout.x(low), y}, b{layout.x(high), y + height};
  if (high > low) {
    canvas.fill(a, b, ink(color, subnormal ? 0.22f : 0.85f), 0);
    if (subnormal) canvas.outline(a, b, ink(color, 0.8f), units(style, 1), 0);
  }
  if (std::log2(to) > seen.high && std::log2(from) < seen.high)
    canvas.polygon(
        std::array<ImVec2, 3>{{{b.x, middle - head}, {b.x + head, middle}, {b.x, middle + head}}},
        ink(color));
  if (std::log2(from) < seen.low && std::log2(to) > seen.low)
    canvas.polygon(
        std::array<ImVec2, 3>{{{a.x, middle - head}, {a.x, middle + head}, {a.x - head, middle}}},
        ink(color));
}

void draw_bar(Canvas& canvas, const FormatRangesLayout& layout, const NumberFormat& format,
              float top, const Stroke& stroke) {
  const ImVec4& color = stroke.color;
  const Style& style = canvas.style();
  const float height = std::round(std::min(layout.pitch * 0.5f, body(style) * 0.9f));
  const float y = std::round(top + (layout.pitch - height) / 2);
  const float text_y = y + height / 2 - layout.text / 2;
  canvas.text({layout.frame.low.x - body(style) * 1.9f, text_y}, format.name,
              {Face::semibold, layout.name, ink(style.palette.text), Anchor::right});
  draw_mark(canvas, stroke.mark, {layout.frame.low.x - body(style) * 1.3f, y + height / 2},
            ink(color), kPointSize);
  if (format.has_subnormals && !format.is_integer)
    draw_part(canvas, layout, format.smallest_subnormal, format.smallest_normal, y, height, color,
              true);
  const double lowest = format.is_integer ? format.smallest_subnormal : format.smallest_normal;
  draw_part(canvas, layout, lowest, format.largest, y, height, color, false);
  const float x = layout.x(std::log2(format.epsilon));
  if (!format.is_integer && x > layout.frame.low.x && x < layout.frame.high.x) {
    canvas.line({x, y - units(style, 3)}, {x, y + height + units(style, 3)},
                ink(style.palette.text), units(style, 2));
  }
  const auto numbers = format_numbers(format);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (layout.shown[i])
      canvas.text({layout.columns[i], text_y}, short_words(numbers[i]),
                  {Face::mono, layout.text, ink(style.palette.text), Anchor::right});
}

std::vector<Stroke> strokes_of(const Style& style, std::span<const NumberFormat> formats) {
  std::vector<std::string> names;
  for (const NumberFormat& format : formats) names.push_back(format.name);
  return format_strokes(style, names);
}

/// Where a label can stand beside its point without touching those drawn before, if anywhere.
std::optional<ImVec2> label_place(const Style& style, const ChartFrame& frame, ImVec2 point,
                                  ImVec2 extent,
                                  const std::vector<std::pair<ImVec2, ImVec2>>& taken) {
  const float gap = units(style, 8);
  const float right = point.x + gap, left = point.x - gap - extent.x;
  const float middle = point.x - extent.x / 2, beside = point.y - extent.y / 2;
  const float above = point.y - gap - extent.y, below = point.y + gap;
  std::vector<ImVec2> places{{right, beside},          {left, beside},
                             {middle, above},          {middle, below},
                             {right, below - gap / 2}, {left, below - gap / 2},
                             {right, above + gap / 2}, {left, above + gap / 2}};
  // Where several lie on one place, their names lie below or above one another.
  for (const float lines : {1.0f, 2.0f, 3.0f})
    for (const float x : {middle, right, left}) {
      places.push_back({x, below + lines * extent.y});
      places.push_back({x, above - lines * extent.y});
    }
  for (const ImVec2& at : places) {
    const auto touches = [&](const auto& box) {
      return at.x < box.second.x && at.x + extent.x > box.first.x && at.y < box.second.y &&
             at.y + extent.y > box.first.y;
    };
    const bool inside = frame.contains(at) && frame.contains({at.x + extent.x, at.y + extent.y});
    if (inside && std::ranges::none_of(taken, touches)) return at;
  }
  return std::nullopt;
}

void draw_ranges(Canvas& canvas, std::span<const NumberFormat> formats, const PlotPlace& place) {
  const Style& style = canvas.style();
  const FormatRangesLayout layout = layout_format_ranges(style, formats, place);
  const ChartFrame& frame = layout.frame;
  const auto columns = format_numbers(formats.front());
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (layout.shown[i])
      canvas.text({layout.columns[i], place.corner.y}, text(columns[i].key),
                  {Face::semibold, layout.text, ink(style.palette.muted), Anchor::right});
  canvas.text({frame.low.x, place.corner.y},
              cut_text(style, Face::regular, layout.text, text("ranges.legend"),
                       frame.high.x - frame.low.x),
              {Face::regular, layout.text, ink(style.palette.muted)});
  draw_chart_frame(canvas, frame, text("ranges.axis.magnitude"), "");
  // One, between what is larger and what is smaller.
  if (const float x = layout.x(0); x > frame.low.x && x < frame.high.x)
    canvas.line({x, frame.low.y}, {x, frame.high.y}, ink(style.palette.muted), units(style, 1));
  const std::vector<Stroke> strokes = strokes_of(style, formats);
  for (std::size_t i = 0; i < formats.size(); ++i)
    draw_bar(canvas, layout, formats[i], frame.low.y + static_cast<float>(i) * layout.pitch,
             strokes[i]);
}

/// Draws a point, in a ring for each of the points before it that lie on the same place.
void draw_format_point(Canvas& canvas, const Stroke& stroke, ImVec2 at, std::size_t beneath) {
  const Style& style = canvas.style();
  if (beneath == 0) return draw_mark(canvas, stroke.mark, at, ink(stroke.color), kPointSize);
  const float r = units(style, 7 + 4 * static_cast<float>(beneath - 1));
  draw_ring(canvas, at, r, ink(stroke.color), units(style, 2));
}

void draw_points(Canvas& canvas, const ChartFrame& frame, std::span<const NumberFormat> formats) {
  const Style& style = canvas.style();
  const float size = body(style) * 0.9f, r = units(style, 5);
  const std::vector<Stroke> strokes = strokes_of(style, formats);
  std::vector<std::pair<ImVec2, ImVec2>> taken;
  for (const NumberFormat& format : formats) {
    const ImVec2 at = resolution_at(frame, format);
    taken.push_back({{at.x - r, at.y - r}, {at.x + r, at.y + r}});
  }
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const ImVec2 at = resolution_at(frame, formats[i]);
    if (!frame.contains(at, r)) continue;
    const auto is_here = [&](const NumberFormat& other) {
      const ImVec2 place = resolution_at(frame, other);
      return std::hypot(place.x - at.x, place.y - at.y) < 1.5f * r;
    };
    const auto beneath = std::ranges::count_if(formats.first(i), is_here);
    draw_format_point(canvas, strokes[i], at, static_cast<std::size_t>(beneath));
    const ImVec2 extent = text_extent(style, Face::semibold, size, formats[i].name);
    const auto words = label_place(style, frame, at, extent, taken);
    if (!words) continue;  // the pointer reads it
    taken.push_back({*words, {words->x + extent.x, words->y + extent.y}});
    canvas.text(*words, formats[i].name, {Face::semibold, size, ink(style.palette.text)});
  }
}

void draw_resolution(Canvas& canvas, std::span<const NumberFormat> formats,
                     const PlotPlace& place) {
  const ChartFrame frame = resolution_frame(canvas.style(), place);
  draw_chart_frame(canvas, frame, text("ranges.axis.binades"), text("ranges.axis.bits"));
  if (place.zoom.at_home()) return draw_points(canvas, frame, formats);
  // Names may stand beside the axes while everything is in sight.
  const Clip clip(canvas, frame.low, frame.high);
  draw_points(canvas, frame, formats);
}

}  // namespace

std::vector<NumberFormat> chosen_formats(const std::vector<std::string>& names) {
  std::vector<NumberFormat> formats;
  for (const std::string& name : names)
    if (auto format = parse_format(name)) formats.push_back(*std::move(format));
  return formats;
}

Plot format_ranges(SharedFormats formats) {
  return {.name = "number_ranges",
          .draw = [formats](Canvas& canvas,
                            const PlotPlace& place) { draw_ranges(canvas, *formats, place); },
          .frame =
              [formats](const Style& style, const PlotPlace& place) {
                return layout_format_ranges(style, *formats, place).frame;
              },
          .read =
              [formats](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                return read_format_ranges(*formats, style, place, pointer);
              }};
}

Plot format_resolution(SharedFormats formats) {
  return {.name = "number_resolution",
          .draw = [formats](Canvas& canvas,
                            const PlotPlace& place) { draw_resolution(canvas, *formats, place); },
          .frame = [](const Style& style,
                      const PlotPlace& place) { return resolution_frame(style, place); },
          .read =
              [formats](const Style& style, const PlotPlace& place, ImVec2 pointer) {
                return read_format_resolution(*formats, style, place, pointer);
              }};
}

}  // namespace nanscope
