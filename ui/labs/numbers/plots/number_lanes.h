#pragma once

#include <vector>

#include "ui/charts/plot.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// Where the number line's lanes lie: drawing and reading share this.
namespace nanscope {

/// A lane: the axis from distances to pixels, and where it is drawn.
struct NumberLane {
  Limits seen;                ///< distances from the typed number
  float left = 0, right = 0;  ///< pixels
  float y = 0;
  float tick = 0, pitch = 0;
  bool dense = false;  ///< no room for values below the line

  float x(double distance) const {
    return left + static_cast<float>((distance - seen.low) / seen.span()) * (right - left);
  }
  double distance(float pixel) const {
    return seen.low + static_cast<double>((pixel - left) / (right - left)) * seen.span();
  }
  bool contains(double distance) const { return distance >= seen.low && distance <= seen.high; }
};

/// The number line's axis: distances from the typed number, in widths of what is seen at home.
ChartFrame number_line_frame(const NumberBits& number, const Style& style, const PlotPlace& place);

/// A lane for each row of the number.
std::vector<NumberLane> number_lanes(const NumberBits& number, const Style& style,
                                     const PlotPlace& place);

}  // namespace nanscope
