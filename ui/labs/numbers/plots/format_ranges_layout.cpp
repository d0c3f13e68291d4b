#include "ui/labs/numbers/plots/format_ranges_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/text/text.h"

namespace nanscope {
namespace {

constexpr float kLeastBars = 0.45f;  // of the width
// Powers of two that the ranges show: all formats but fp64, whose bar runs out of the picture.
constexpr Limits kRanges{-160, 144};
constexpr double kPowerStep = 32;  // between ticks
// The resolution's axes: 2 to 2900 powers of two, and bits; logarithms of both.
const Limits kBinades{1, 11.5}, kBits{0, std::log2(56.0)};

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
                                        const PlotPlace& place) {
  const ImVec2 corner = place.corner, size = place.size;
  const PlotZoom& zoom = place.zoom;
  FormatRangesLayout layout{};
  const float em = body(style);
  // Between the columns' heads and the axis; type is no higher than a row.
  const float top = corner.y + em * 1.5f, bottom = corner.y + size.y - em * 2.3f;
  layout.pitch = std::max(1.0f, bottom - top) / static_cast<float>(formats.size());
  layout.text = std::min(em * text_size::small, layout.pitch);
  layout.name = std::min(em * 0.9f, layout.pitch * 1.1f);
  float names = 0;
  for (const NumberFormat& format : formats)
    names = std::max(names, text_extent(style, Face::semibold, layout.name, format.name).x);
  ChartFrame& frame = layout.frame;
  frame.low = {corner.x + std::min(names, em * 8) + em * 1.9f, top};
  layout.shown.fill(true);
  float right = place_columns(layout, style, formats, corner.x + size.x);
  // Bars need room: the numbers that they show as well are left out first.
  for (const std::size_t drop : {1, 3, 2}) {
    if (right - frame.low.x >= size.x * kLeastBars) break;
    layout.shown[drop] = false;
    right = place_columns(layout, style, formats, corner.x + size.x);
  }
  frame.high = {std::max(right, frame.low.x + em), std::max(bottom, top + 1)};
  const auto rows = static_cast<double>(formats.size());
  frame.y = {.limits = {0, rows}, .home = {0, rows}, .zooms = false};
  frame.x = {.limits = zoom.x ? within_reach(*zoom.x, kRanges) : kRanges, .home = kRanges};
  const double most = (frame.high.x - frame.low.x) / (em * 2.8f);
  frame.x.ticks = zoom.x ? round_ticks(frame.x.limits, 2, most, style.fonts.regular, false)
                         : power_ticks({kRanges, kPowerStep}, 2, style.fonts.regular, most);
  return layout;
}

ChartFrame resolution_frame(const Style& style, const PlotPlace& place) {
  const float em = body(style);
  const auto axis = [&](const Limits& home, const std::optional<Limits>& zoom, float room) {
    ScaledAxis scaled{.limits = zoom ? within_reach(*zoom, home) : home, .home = home};
    // Powers of two as numbers, and values between them where those are too far apart.
    const Limits values{std::exp2(scaled.limits.low), std::exp2(scaled.limits.high)};
    if (scaled.limits.span() >= 2) {
      for (double at = std::ceil(scaled.limits.low); at <= scaled.limits.high; ++at) {
        scaled.ticks.at.push_back(at);
        scaled.ticks.labels.push_back(fmt::format("{:.6g}", std::exp2(at)));
      }
    } else {
      scaled.ticks = value_ticks(values, round_step(values.span(), std::max(2.0f, room)), false);
      for (double& at : scaled.ticks.at) at = std::log2(at);
    }
    return scaled;
  };
  return place_chart(style, axis(kBinades, place.zoom.x, place.size.x / (em * 4)),
                     axis(kBits, place.zoom.y, place.size.y / (em * 2)), place.corner, place.size);
}

ImVec2 resolution_at(const ChartFrame& frame, const NumberFormat& format) {
  return frame.at_units(std::log2(binades_of(format)), std::log2(significand_bits(format)));
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
