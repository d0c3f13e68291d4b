#pragma once

#include <cstdint>

#include "engine/probes/statistics.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One tensor's magnitudes as bars by binade, negative values below the middle line, with the ends
/// of the axis written as powers of two. `count` is the number of all values, zeros included. A
/// sketch beside numbers, shown whole: the chart of magnitudes over all layers is the one to zoom.
void histogram_bars(const Histogram& histogram, std::int64_t count, ImVec2 size,
                    const Style& style);

}  // namespace nanscope
