#pragma once

#include <span>

#include "ui/charts/legend.h"
#include "ui/charts/plot.h"

namespace nanscope {

/// Where a chart lies in its plot, below title and legend.
struct ChartArea {
  float title = 0;               ///< the title's height with the space below it
  ImVec2 corner, size;           ///< pixels; of the chart with what stands around its axes
  double columns = 0, rows = 0;  ///< ticks along x and y for whose labels there is room
};
ChartArea area_below(const Style& style, std::span<const LegendEntry> legend,
                     const PlotPlace& place);

}  // namespace nanscope
