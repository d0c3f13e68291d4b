#pragma once

#include <span>
#include <string>

#include "engine/probes/statistics.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One tensor's magnitudes, and what is counted of all its values, zeros included.
struct BarsData {
  const Histogram& histogram;
  const Statistics& values;
};

/// Another tensor's, drawn as an outline behind the bars.
struct BarsOutline {
  BarsData data;
  std::string name;  ///< "B"
  ImVec4 color;
  float width = 1;  ///< of the style's line
};

/// One tensor's magnitudes as bars by binade, negative values below the middle line, with the ends
/// of the axis written as powers of two. A sketch beside numbers, shown whole: the chart of
/// magnitudes over all layers is the one to zoom. A right click offers what the bar under the
/// pointer holds, and all of them, Ctrl+C copies the first: into `copied`.
void histogram_bars(const BarsData& data, std::span<const BarsOutline> outlines, ImVec2 size,
                    const Style& style, std::string& copied);

}  // namespace nanscope
