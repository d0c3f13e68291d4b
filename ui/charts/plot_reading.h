#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "ui/canvas/canvas.h"

namespace nanscope {

/// Names in the first column, right-aligned numbers in the others.
struct ReadingTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// A number that a plot says: what two readings are compared by.
struct ReadingValue {
  std::string name;
  double value = NAN;
  double place = NAN;  ///< where it is drawn, in the units of the y axis; NaN: nowhere
};

/// What a plot says of the place under the pointer.
struct PlotReading {
  ImVec2 at;  ///< the point that is read out, pixels
  std::vector<std::string> lines;
  ReadingTable table = {};
  std::vector<ReadingValue> values = {};
  std::optional<int> index = {};  ///< which of the things along the x axis it is: a layer
};

/// Rings the point and shows the lines in a tooltip beside the pointer.
void show_reading(const PlotReading& reading, const Style& style);

}  // namespace nanscope
