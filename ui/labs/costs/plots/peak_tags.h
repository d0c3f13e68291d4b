#pragma once

#include "ui/charts/chart_frame.h"
#include "ui/labs/costs/plots/stacked_bars.h"

// What is said of columns beside the columns.
namespace nanscope {

/// Marks on the columns that are pointed out, those of what it is compared with as well, and what
/// they are, where that covers neither tops nor lines nor the other tag.
void draw_peaks(Canvas& canvas, const StackedBars& bars, const ChartFrame& frame, int first);

/// In the middle of a plot without anything to draw: why, and what can be done.
void draw_empty_plot(Canvas& canvas, const std::string& words, const PlotPlace& place);

}  // namespace nanscope
