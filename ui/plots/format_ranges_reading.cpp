#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/numbers/encoding.h"
#include "ui/plots/format_ranges.h"
#include "ui/plots/format_ranges_layout.h"
#include "ui/plots/number_bits_data.h"
#include "ui/text/text.h"

// What the pointer reads out of the formats' ranges and resolutions.
namespace nanscope {
namespace {

constexpr float kReach = 24;         // pixels around a point of the resolution
constexpr std::size_t kDigits = 40;  // of an exact value

/// "2^-24 = 0.000000059604644775390625", "65504", "3.3".
std::string exact_value(const FormatNumber& number) {
  if (!number.value || number.is_count) return short_words(number);
  const std::string value = exact_text(exact_decimal(*number.value), kDigits);
  int exponent = 0;
  const bool power = std::frexp(*number.value, &exponent) == 0.5;
  return power ? format_text("ranges.power", fmt::arg("power", exponent - 1),
                             fmt::arg("value", value))
               : value;
}

/// Where a number is marked on a format's bar, if the axis goes so far.
std::optional<float> place_of(const FormatRangesLayout& layout, const FormatNumber& number) {
  if (!number.value || number.is_count) return std::nullopt;
  const double log2 = std::log2(*number.value);
  if (log2 < FormatRangesLayout::kLowest || log2 > FormatRangesLayout::kHighest)
    return std::nullopt;
  return layout.x(log2);
}

/// The column that the pointer is in, or the mark on the bar that is nearest to it.
std::optional<std::size_t> number_at(const FormatRangesLayout& layout,
                                     const std::array<FormatNumber, 5>& numbers, float x) {
  if (x > layout.bars_right) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
      if (layout.shown[i] && x <= layout.columns[i]) return i;
    return std::nullopt;
  }
  std::optional<std::size_t> nearest;
  const auto away = [&](std::size_t i) { return std::abs(*place_of(layout, numbers[i]) - x); };
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (place_of(layout, numbers[i]) && (!nearest || away(i) < away(*nearest))) nearest = i;
  return nearest;
}

}  // namespace

std::optional<PlotReading> read_format_ranges(std::span<const NumberFormat> formats,
                                              const Style& style, ImVec2 corner, ImVec2 size,
                                              ImVec2 pointer) {
  const FormatRangesLayout layout = layout_format_ranges(style, formats, corner, size);
  const auto row = static_cast<std::ptrdiff_t>(std::floor((pointer.y - layout.top) / layout.pitch));
  if (row < 0 || row >= std::ssize(formats)) return std::nullopt;
  const NumberFormat& format = formats[static_cast<std::size_t>(row)];
  const std::array<FormatNumber, 5> numbers = format_numbers(format);
  const std::optional<std::size_t> found = number_at(layout, numbers, pointer.x);
  if (!found) return std::nullopt;
  const FormatNumber& number = numbers[*found];
  const float x = pointer.x > layout.bars_right ? pointer.x : *place_of(layout, number);
  return PlotReading{
      {x, layout.top + (static_cast<float>(row) + 0.5f) * layout.pitch},
      {format.name, format_text("ranges.value", fmt::arg("quantity", text(number.key)),
                                fmt::arg("value", exact_value(number)))}};
}

std::optional<PlotReading> read_format_resolution(std::span<const NumberFormat> formats,
                                                  const Style& style, ImVec2 corner, ImVec2 size,
                                                  ImVec2 pointer) {
  const FormatResolutionLayout layout(style, corner, size);
  const auto away = [&](const NumberFormat& format) {
    const ImVec2 at = layout.at(format);
    return std::hypot(at.x - pointer.x, at.y - pointer.y);
  };
  const auto nearest = std::ranges::min_element(formats, {}, away);
  if (nearest == formats.end() || away(*nearest) > units(style, kReach)) return std::nullopt;
  return PlotReading{
      layout.at(*nearest),
      {nearest->name,
       format_text("ranges.binades",
                   fmt::arg("count", fmt::format("{:.4g}", binades_of(*nearest)))),
       format_text("ranges.significand", fmt::arg("count", significand_bits(*nearest)))}};
}

}  // namespace nanscope
