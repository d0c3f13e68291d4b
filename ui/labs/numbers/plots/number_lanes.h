#pragma once

#include <cmath>
#include <vector>

#include "ui/canvas/canvas.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// Where the number line's lanes lie: drawing and reading share this.
namespace nanscope {

/// A lane: the axis from distances to pixels, and where it is drawn.
struct NumberLane {
  double width = 1;           ///< of the line that is seen
  float left = 0, right = 0;  ///< pixels
  float y = 0;
  float tick = 0, pitch = 0;
  bool dense = false;  ///< no room for values below the line

  float x(double distance) const {
    return (left + right) / 2 + static_cast<float>(distance / width) * (right - left);
  }
  double distance(float pixel) const {
    return static_cast<double>((pixel - (left + right) / 2) / (right - left)) * width;
  }
  bool contains(double distance) const { return std::abs(distance) <= width / 2; }
};

/// One a row of the number, on `width` of the number line in a rectangle.
std::vector<NumberLane> number_lanes(const NumberBits& number, double width, const Style& style,
                                     ImVec2 corner, ImVec2 size);

}  // namespace nanscope
