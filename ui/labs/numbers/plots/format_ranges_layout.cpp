#include "ui/labs/numbers/plots/format_ranges_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kLeastBars = 0.45f;  // of the width
// The resolution's axes: 2 to 2900 powers of two, and bits.
constexpr double kLeft = 1, kRight = 11.5, kMostBits = 56;

/// The right edges of the columns, from the last to the first; returns what is left of the width.
float place_columns(FormatRangesLayout& layout, const Style& style,
                    std::span<const NumberFormat> formats, float right) {
  for (std::size_t i = layout.columns.size(); i-- > 0;) {
    if (!layout.shown[i]) continue;
    float width = text_extent(style, Face::semibold, layout.text,
                              text(format_numbers(formats.front())[i].key))
                      .x;
    for (const NumberFormat& format : formats)
      width = std::max(
          width,
          text_extent(style, Face::mono, layout.text, short_words(format_numbers(format)[i])).x);
    layout.columns[i] = right;
    right -= width + body(style) * 0.8f;
  }
  return right;
}

}  // namespace

std::array<FormatNumber, 5> format_numbers(const NumberFormat& format) {
  const auto unless_integer = [&](double value) {
    return format.is_integer ? std::nullopt : std::optional(value);
  };
  const bool has_subnormal = format.has_subnormals || format.is_integer;
  return {{{"ranges.column.largest", format.largest},
           {"ranges.column.smallest_normal", unless_integer(format.smallest_normal)},
           {"ranges.column.smallest_subnormal",
            has_subnormal ? std::optional(format.smallest_subnormal) : std::nullopt},
           {"ranges.column.epsilon", unless_integer(format.epsilon)},
           {"ranges.column.digits", unless_integer(decimal_digits(format)), true}}};
}

std::string short_words(const FormatNumber& number) {
  if (!number.value) return "-";
  return number.is_count ? fmt::format("{:.1f}", *number.value) : number_text(*number.value);
}

FormatRangesLayout layout_format_ranges(const Style& style, std::span<const NumberFormat> formats,
                                        ImVec2 corner, ImVec2 size) {
  FormatRangesLayout layout{};
  const float em = body(style);
  layout.text = em * text_size::small;
  float names = 0;
  for (const NumberFormat& format : formats)
    names = std::max(names, text_extent(style, Face::semibold, em * 0.9f, format.name).x);
  layout.bars_left = corner.x + std::min(names, em * 8) + em * 0.8f;
  layout.shown.fill(true);
  float right = place_columns(layout, style, formats, corner.x + size.x);
  // Bars need room: the numbers that they show as well are left out first.
  for (const std::size_t drop : {1, 3, 2}) {
    if (right - layout.bars_left >= size.x * kLeastBars) break;
    layout.shown[drop] = false;
    right = place_columns(layout, style, formats, corner.x + size.x);
  }
  layout.bars_right = std::max(right, layout.bars_left + em);
  layout.top = corner.y + em * 1.5f;
  layout.bottom = corner.y + size.y - em * 2.3f;
  layout.pitch = (layout.bottom - layout.top) / static_cast<float>(formats.size());
  return layout;
}

FormatResolutionLayout::FormatResolutionLayout(const Style& style, ImVec2 corner, ImVec2 size)
    : low{corner.x + body(style) * 3, corner.y + body(style) * 1.5f},
      high{corner.x + size.x - body(style), corner.y + size.y - body(style) * 2.6f} {}

float FormatResolutionLayout::x(double log2_of_binades) const {
  return low.x +
         static_cast<float>((log2_of_binades - kLeft) / (kRight - kLeft)) * (high.x - low.x);
}

float FormatResolutionLayout::y(double bits) const {
  return high.y - static_cast<float>(std::log2(bits) / std::log2(kMostBits)) * (high.y - low.y);
}

ImVec2 FormatResolutionLayout::at(const NumberFormat& format) const {
  return {x(std::log2(binades_of(format))), y(significand_bits(format))};
}

double binades_of(const NumberFormat& format) {
  const bool has_subnormal = format.has_subnormals || format.is_integer;
  return std::log2(format.largest) -
         std::log2(has_subnormal ? format.smallest_subnormal : format.smallest_normal);
}

double significand_bits(const NumberFormat& format) {
  return format.is_integer ? format.bits() - 1.0 : format.mantissa_bits + 1.0;
}

}  // namespace nanscope
