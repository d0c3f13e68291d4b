#pragma once

#include <string>
#include <vector>

#include "imgui.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// What a plot says of the place under the pointer.
struct PlotReading {
  ImVec2 at;  ///< the point that is read out, pixels
  std::vector<std::string> lines;
};

/// Rings the point and shows the lines in a tooltip beside the pointer.
void show_reading(const PlotReading& reading, const Style& style);

}  // namespace nanscope
