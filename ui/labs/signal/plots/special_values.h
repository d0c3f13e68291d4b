#pragma once

#include "ui/labs/signal/plots/signal_plots.h"

namespace nanscope {

/// The share of zeros, subnormals, infinities, NaNs and saturated units in each layer of the tensor
/// that the histogram shows, 0 to 100 %.
void draw_special_values(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                         PlotSelection& selection);

}  // namespace nanscope
