#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/numbers/encoding.h"
#include "ui/labs/numbers/plots/format_ranges.h"
#include "ui/labs/numbers/plots/format_ranges_layout.h"
#include "ui/labs/numbers/plots/number_bits_data.h"
#include "ui/text/text.h"

// What the pointer reads out of the formats' ranges and resolutions.
namespace nanscope {
namespace {

constexpr float kPointReach = 24;  // pixels around a point of the resolution

/// "2^-24 = 0.000000059604644775390625", "65504", "3.3".
std::string exact_value(const FormatNumber& number) {
  if (!number.value || number.is_count) return short_words(number);
  const std::string value = exact_text(exact_decimal(*number.value), kExactDigits);
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
  const Limits& seen = layout.frame.x.limits;
  if (log2 < seen.low || log2 > seen.high) return std::nullopt;
  return layout.x(log2);
}

/// The number whose column x is in.
std::vector<FormatNumber> in_column(const FormatRangesLayout& layout,
                                    const std::array<FormatNumber, 5>& numbers, float x) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (layout.shown[i] && x <= layout.columns[i]) return {numbers[i]};
  return {};
}

/// The number that is marked on the bar nearest to x, and those at the same place.
std::vector<FormatNumber> on_bar(const FormatRangesLayout& layout,
                                 const std::array<FormatNumber, 5>& numbers, float x) {
  std::vector<FormatNumber> nearest;
  float least = std::numeric_limits<float>::infinity();
  for (const FormatNumber& number : numbers) {
    const std::optional<float> place = place_of(layout, number);
    if (!place || std::abs(*place - x) > least) continue;
    if (std::abs(*place - x) < least) nearest.clear();
    least = std::abs(*place - x);
    nearest.push_back(number);
  }
  return nearest;
}

}  // namespace

std::optional<PlotReading> read_format_ranges(std::span<const NumberFormat> formats,
                                              const Style& style, const PlotPlace& place,
                                              ImVec2 pointer) {
  const FormatRangesLayout layout = layout_format_ranges(style, formats, place);
  const float top = layout.frame.low.y;
  const auto row = static_cast<std::ptrdiff_t>(std::floor((pointer.y - top) / layout.pitch));
  if (row < 0 || row >= std::ssize(formats)) return std::nullopt;
  const NumberFormat& format = formats[static_cast<std::size_t>(row)];
  const bool column = pointer.x > layout.frame.high.x;
  const std::vector<FormatNumber> found = column
                                              ? in_column(layout, format_numbers(format), pointer.x)
                                              : on_bar(layout, format_numbers(format), pointer.x);
  if (found.empty()) return std::nullopt;
  const float x = column ? pointer.x : *place_of(layout, found.front());
  PlotReading reading{{x, top + (static_cast<float>(row) + 0.5f) * layout.pitch}, {format.name}};
  for (const FormatNumber& number : found) {
    reading.values.push_back({text(number.key), number.value.value_or(NAN)});
    reading.lines.push_back(format_text("ranges.value", fmt::arg("quantity", text(number.key)),
                                        fmt::arg("value", exact_value(number))));
  }
  return reading;
}

std::optional<PlotReading> read_format_resolution(std::span<const NumberFormat> formats,
                                                  const Style& style, const PlotPlace& place,
                                                  ImVec2 pointer) {
  const ChartFrame frame = resolution_frame(style, place);
  const auto away = [&](const NumberFormat& format) {
    const ImVec2 at = resolution_at(frame, format);
    return frame.contains(at, 1) ? std::hypot(at.x - pointer.x, at.y - pointer.y)
                                 : std::numeric_limits<float>::infinity();
  };
  const auto nearest = std::ranges::min_element(formats, {}, away);
  if (nearest == formats.end() || away(*nearest) > units(style, kPointReach)) return std::nullopt;
  const double binades = binades_of(*nearest), bits = significand_bits(*nearest);
  return PlotReading{
      resolution_at(frame, *nearest),
      {nearest->name,
       format_text("ranges.binades", fmt::arg("count", fmt::format("{:.4g}", binades))),
       format_text("ranges.significand", fmt::arg("count", bits))},
      {},
      {{text("ranges.axis.binades"), binades}, {text("ranges.axis.bits"), bits, std::log2(bits)}}};
}

}  // namespace nanscope
