#include "ui/labs/numbers/plots/format_ranges.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ui/charts/axis.h"
#include "ui/labs/numbers/plots/format_ranges_layout.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr int kPowerStep = 32;

void draw_axis(Canvas& canvas, const FormatRangesLayout& layout) {
  const Style& style = canvas.style();
  canvas.text({(layout.bars_left + layout.bars_right) / 2, layout.bottom + layout.text * 1.4f},
              text("ranges.axis.magnitude"),
              {Face::regular, layout.text, ink(style.palette.text), Anchor::middle});
  const bool narrow = layout.x(kPowerStep) - layout.x(0) < body(style) * 2.8f;
  for (int power = -160; power <= 128; power += kPowerStep) {
    const float x = layout.x(power);
    if (narrow && power % (2 * kPowerStep) != 0) continue;
    canvas.line({x, layout.top}, {x, layout.bottom},
                ink(power == 0 ? style.palette.muted : style.palette.grid), units(style, 1));
    canvas.text({x, layout.bottom + units(style, 3)}, power_text(2, power, style.fonts.regular),
                {Face::regular, layout.text, ink(style.palette.muted), Anchor::middle});
  }
}

/// A bar's part between two magnitudes, cut off at the axis' ends; an arrow says that it goes on.
void draw_part(Canvas& canvas, const FormatRangesLayout& layout, double from, double to, float y,
               float height, const ImVec4& color, bool subnormal) {
  const Style& style = canvas.style();
  const double low =
      std::clamp(std::log2(from), FormatRangesLayout::kLowest, FormatRangesLayout::kHighest);
  const double high =
      std::clamp(std::log2(to), FormatRangesLayout::kLowest, FormatRangesLayout::kHighest);
  if (!(high > low)) return;
  const ImVec2 a{layout.x(low), y}, b{layout.x(high), y + height};
  canvas.fill(a, b, ink(color, subnormal ? 0.22f : 0.85f));
  if (subnormal) canvas.outline(a, b, ink(color, 0.8f), units(style, 1));
  const float middle = y + height / 2, head = height * 0.7f;
  if (std::log2(to) > FormatRangesLayout::kHighest)
    canvas.polygon(
        std::array<ImVec2, 3>{{{b.x, middle - head}, {b.x + head, middle}, {b.x, middle + head}}},
        ink(color));
  if (std::log2(from) < FormatRangesLayout::kLowest)
    canvas.polygon(
        std::array<ImVec2, 3>{{{a.x, middle - head}, {a.x, middle + head}, {a.x - head, middle}}},
        ink(color));
}

void draw_bar(Canvas& canvas, const FormatRangesLayout& layout, const NumberFormat& format,
              float top, const ImVec4& color) {
  const Style& style = canvas.style();
  const float height = std::round(std::min(layout.pitch * 0.5f, body(style) * 0.9f));
  const float y = std::round(top + (layout.pitch - height) / 2);
  const float text_y = y + height / 2 - layout.text / 2;
  canvas.text({layout.bars_left - body(style) * 0.8f, text_y}, format.name,
              {Face::semibold, body(style) * 0.9f, ink(style.palette.text), Anchor::right});
  if (format.has_subnormals && !format.is_integer)
    draw_part(canvas, layout, format.smallest_subnormal, format.smallest_normal, y, height, color,
              true);
  const double lowest = format.is_integer ? format.smallest_subnormal : format.smallest_normal;
  draw_part(canvas, layout, lowest, format.largest, y, height, color, false);
  if (!format.is_integer && std::log2(format.epsilon) > FormatRangesLayout::kLowest) {
    const float x = layout.x(std::log2(format.epsilon));
    canvas.line({x, y - units(style, 3)}, {x, y + height + units(style, 3)},
                ink(style.palette.text), units(style, 2));
  }
  const auto numbers = format_numbers(format);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (layout.shown[i])
      canvas.text({layout.columns[i], text_y}, short_words(numbers[i]),
                  {Face::mono, layout.text, ink(style.palette.text), Anchor::right});
}

ImVec4 color_at(const Style& style, std::size_t index) {
  return style.palette.series[index % style.palette.series.size()];
}

/// Where a label can stand beside its point without touching those drawn before.
ImVec2 label_place(const Style& style, ImVec2 point, ImVec2 extent,
                   const std::vector<std::pair<ImVec2, ImVec2>>& taken) {
  const float gap = units(style, 8);
  const ImVec2 places[] = {{point.x + gap, point.y - extent.y / 2},
                           {point.x - gap - extent.x, point.y - extent.y / 2},
                           {point.x - extent.x / 2, point.y - gap - extent.y},
                           {point.x - extent.x / 2, point.y + gap},
                           {point.x + gap, point.y + gap / 2},
                           {point.x - gap - extent.x, point.y + gap / 2}};
  for (const ImVec2& at : places) {
    const auto touches = [&](const auto& box) {
      return at.x < box.second.x && at.x + extent.x > box.first.x && at.y < box.second.y &&
             at.y + extent.y > box.first.y;
    };
    if (std::ranges::none_of(taken, touches)) return at;
  }
  return places[0];
}

}  // namespace

std::vector<NumberFormat> shown_formats(const std::vector<std::string>& more) {
  std::vector<NumberFormat> formats(number_formats().begin(), number_formats().end());
  for (const std::string& name : more)
    if (!find_format(name))
      if (auto own = parse_format(name)) formats.push_back(*std::move(own));
  return formats;
}

void draw_format_ranges(Canvas& canvas, std::span<const NumberFormat> formats, ImVec2 corner,
                        ImVec2 size) {
  const Style& style = canvas.style();
  const FormatRangesLayout layout = layout_format_ranges(style, formats, corner, size);
  const auto columns = format_numbers(formats.front());
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (layout.shown[i])
      canvas.text({layout.columns[i], corner.y}, text(columns[i].key),
                  {Face::semibold, layout.text, ink(style.palette.muted), Anchor::right});
  canvas.text({layout.bars_left, corner.y},
              cut_text(style, Face::regular, layout.text, text("ranges.legend"),
                       layout.bars_right - layout.bars_left),
              {Face::regular, layout.text, ink(style.palette.muted)});
  draw_axis(canvas, layout);
  for (std::size_t i = 0; i < formats.size(); ++i)
    draw_bar(canvas, layout, formats[i], layout.top + static_cast<float>(i) * layout.pitch,
             color_at(style, i));
}

void draw_format_resolution(Canvas& canvas, std::span<const NumberFormat> formats, ImVec2 corner,
                            ImVec2 size) {
  const Style& style = canvas.style();
  const float em = body(style), small = em * text_size::small;
  const FormatResolutionLayout layout(style, corner, size);
  const ImVec2 low = layout.low, high = layout.high;
  for (int power = 1; power <= 11; ++power) {
    const float x = layout.x(power);
    canvas.line({x, low.y}, {x, high.y}, ink(style.palette.grid), units(style, 1));
    canvas.text({x, high.y + units(style, 3)}, std::to_string(1 << power),
                {Face::regular, small, ink(style.palette.muted), Anchor::middle});
  }
  for (const int bits : {1, 2, 4, 8, 16, 32}) {
    const float y = layout.y(bits);
    canvas.line({low.x, y}, {high.x, y}, ink(style.palette.grid), units(style, 1));
    canvas.text({low.x - em * 0.4f, y - small / 2}, std::to_string(bits),
                {Face::regular, small, ink(style.palette.muted), Anchor::right});
  }
  canvas.text({(low.x + high.x) / 2, high.y + small * 1.4f}, text("ranges.axis.binades"),
              {Face::regular, small, ink(style.palette.text), Anchor::middle});
  canvas.text({corner.x, corner.y}, text("ranges.axis.bits"),
              {Face::regular, small, ink(style.palette.text)});
  std::vector<std::pair<ImVec2, ImVec2>> taken;
  const float r = units(style, 5);
  for (const NumberFormat& format : formats) {
    const ImVec2 at = layout.at(format);
    taken.push_back({{at.x - r, at.y - r}, {at.x + r, at.y + r}});
  }
  for (std::size_t i = 0; i < formats.size(); ++i) {
    const ImVec2 at = layout.at(formats[i]);
    canvas.fill({at.x - r, at.y - r}, {at.x + r, at.y + r}, ink(color_at(style, i)), r);
    const ImVec2 extent = text_extent(style, Face::semibold, em * 0.9f, formats[i].name);
    const ImVec2 words = label_place(style, at, extent, taken);
    taken.push_back({words, {words.x + extent.x, words.y + extent.y}});
    canvas.text(words, formats[i].name, {Face::semibold, em * 0.9f, ink(style.palette.text)});
  }
}

}  // namespace nanscope
