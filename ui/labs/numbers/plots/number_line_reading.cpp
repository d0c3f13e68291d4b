#include <fmt/format.h>

#include <cmath>

#include "engine/numbers/conversion.h"
#include "engine/numbers/exact.h"
#include "ui/labs/numbers/plots/number_bits_data.h"
#include "ui/labs/numbers/plots/number_lanes.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/text/text.h"

// What the pointer reads out of the number line.
namespace nanscope {
namespace {

std::string ulps_text(double ulps) { return fmt::format("{:.3g}", ulps); }

std::string neighbor_words(const std::optional<Neighbor>& neighbor, double step) {
  return neighbor ? digits_text(neighbor->value, step) : "-";
}

/// The gaps to the neighbours, in units and in the last place; one where they are the same.
std::string gap_words(const Encoding& encoding) {
  const auto gap = [&](const std::optional<Neighbor>& neighbor) {
    if (!neighbor || !std::isfinite(neighbor->value)) return std::string("-");
    const double size = std::abs(neighbor->value - encoding.value);
    return format_text("number_line.gap", fmt::arg("gap", number_text(size)),
                       fmt::arg("ulps", ulps_text(size / encoding.ulp)));
  };
  const std::string below = gap(encoding.below), above = gap(encoding.above);
  return below == above
             ? format_text("number_line.same_gap", fmt::arg("gap", below))
             : format_text("number_line.gaps", fmt::arg("below", below), fmt::arg("above", above));
}

std::string distance_words(const NumberBits& number, const Encoding& encoding) {
  const auto typed = parse_number(number.input);
  if (!typed || is_exactly(encoding.value, *typed))
    return format_text("number_line.exact",
                       fmt::arg("input", exact_text(encoding.decimal, kExactDigits)));
  const Errors errors = errors_of(encoding.value, *typed, encoding.ulp);
  // `origin` is the last double that is not above the number.
  const bool above = encoding.value > number.origin;
  return format_text(above ? "number_line.above" : "number_line.below",
                     fmt::arg("input", number.shown),
                     fmt::arg("distance", errors.absolute.text(number_text)),
                     fmt::arg("ulps", errors.in_ulps.text(ulps_text)));
}

}  // namespace

std::optional<PlotReading> read_number_line(const NumberBits& number, const Style& style,
                                            const PlotPlace& place, ImVec2 pointer) {
  if (!std::isfinite(number.origin)) return std::nullopt;
  const std::vector<NumberLane> lanes = number_lanes(number, style, place);
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const NumberLane& lane = lanes[i];
    const float middle = lane.y - lane.tick / 2;
    if (std::abs(pointer.y - middle) > lane.pitch / 2) continue;
    if (pointer.x < lane.left || pointer.x > lane.right) continue;
    const NumberFormat& format = number.rows[i].format;
    const double value = number.origin + (number.above_origin + lane.distance(pointer.x));
    const Encoding nearest =
        describe(format, encode(format, value, {.overflow = Overflow::saturate}));
    const double distance = number.distance(nearest.value);
    if (!lane.contains(distance)) return std::nullopt;
    const auto words = [&](const std::optional<Neighbor>& neighbor) {
      return neighbor_words(neighbor, nearest.ulp);
    };
    // The middle of the lane, where rows are counted from below.
    const double row = static_cast<double>(lanes.size() - i) - 0.5;
    return PlotReading{
        {lane.x(distance), middle},
        {format_text("number_line.value", fmt::arg("format", format.name),
                     fmt::arg("value", exact_text(nearest.decimal, kExactDigits)),
                     fmt::arg("bits", nearest.bits)),
         format_text("number_line.neighbors", fmt::arg("below", words(nearest.below)),
                     fmt::arg("above", words(nearest.above))),
         gap_words(nearest), distance_words(number, nearest)},
        {},
        {{format.name, nearest.value, row}}};
  }
  return std::nullopt;
}

}  // namespace nanscope
