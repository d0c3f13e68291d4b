#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "engine/numbers/format.h"
#include "ui/charts/plot.h"

// Where everything of the formats' ranges and resolutions lies: drawing and reading share this.
namespace nanscope {

/// A limit of a format: largest, smallest normal, smallest subnormal, epsilon, decimal digits.
struct FormatNumber {
  const char* key;              ///< of its name
  std::optional<double> value;  ///< nothing: the format has none
  bool is_count = false;        ///< digits, which are no place on the axis
};

/// One a column.
std::array<FormatNumber, 5> format_numbers(const NumberFormat& format);

/// What stands in a column: "65504", "3.3", "-".
std::string short_words(const FormatNumber& number);

struct FormatRangesLayout {
  ChartFrame frame;              ///< the bars: x in powers of two; y counts rows and is not zoomed
  float pitch;                   ///< pixels of a row
  std::array<float, 5> columns;  ///< right edges
  std::array<bool, 5> shown;     ///< which of them there is room for
  float text, name;              ///< sizes of the columns' and of the names' type

  float x(double log2) const { return frame.at_units(log2, 0).x; }
};

FormatRangesLayout layout_format_ranges(const Style& style, std::span<const NumberFormat> formats,
                                        const PlotPlace& place);

/// The axes of dynamic range (in powers of two) and resolution (in bits), both logarithmic: formats
/// of a few bits are most of them.
ChartFrame resolution_frame(const Style& style, const PlotPlace& place);
ImVec2 resolution_at(const ChartFrame& frame, const NumberFormat& format);

/// Powers of two from the smallest to the largest number.
double binades_of(const NumberFormat& format);
/// Of the significand, with the hidden one.
double significand_bits(const NumberFormat& format);

}  // namespace nanscope
