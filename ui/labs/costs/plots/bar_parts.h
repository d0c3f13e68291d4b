#pragma once

#include "ui/charts/legend.h"
#include "ui/labs/costs/plots/stacked_bars.h"

// What rows and columns of bars share.
namespace nanscope {

/// The parts that any bar has some of.
std::vector<std::size_t> present_parts(const StackedBars& bars);
/// A line a part; none where there is one part only.
std::vector<LegendEntry> bars_legend(const StackedBars& bars, const Style& style);
/// One part of a bar; without an edge where bars touch one another.
void draw_bar_part(Canvas& canvas, const BarPart& part, ImVec2 low, ImVec2 high, bool edged = true);
/// A bar in words: its total, its parts with their shares.
PlotReading bar_reading(const StackedBars& bars, std::size_t index, ImVec2 at);
/// Of all bars, and of what they are compared with and of the limit.
double largest_total(const StackedBars& bars);

}  // namespace nanscope
