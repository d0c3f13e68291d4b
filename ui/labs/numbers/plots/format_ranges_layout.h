#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>

#include "engine/numbers/format.h"
#include "ui/canvas/canvas.h"

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
  // Powers of two that the axis shows: all formats but fp64, whose bar runs out of the picture.
  static constexpr double kLowest = -160, kHighest = 144;

  float bars_left, bars_right, top, bottom, pitch;
  std::array<float, 5> columns;  ///< right edges
  std::array<bool, 5> shown;     ///< which of them there is room for
  float text;

  float x(double log2) const {
    const double share = (log2 - kLowest) / (kHighest - kLowest);
    return bars_left + static_cast<float>(share) * (bars_right - bars_left);
  }
};

FormatRangesLayout layout_format_ranges(const Style& style, std::span<const NumberFormat> formats,
                                        ImVec2 corner, ImVec2 size);

/// Each format's place by its dynamic range and its resolution.
struct FormatResolutionLayout {
  ImVec2 low, high;  ///< corners of the axes

  FormatResolutionLayout(const Style& style, ImVec2 corner, ImVec2 size);
  float x(double log2_of_binades) const;
  float y(double bits) const;  ///< logarithmic, too: formats of a few bits are most of them
  ImVec2 at(const NumberFormat& format) const;
};

/// Powers of two from the smallest to the largest number.
double binades_of(const NumberFormat& format);
/// Of the significand, with the hidden one.
double significand_bits(const NumberFormat& format);

}  // namespace nanscope
