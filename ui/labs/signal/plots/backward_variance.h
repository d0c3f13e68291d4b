#pragma once

#include "ui/labs/signal/plots/signal_plots.h"

namespace nanscope {

/// Variance of activation gradients and weight gradients over depth, measured and predicted. The
/// pass runs from right to left.
void draw_backward_variance(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                            PlotSelection& selection);

}  // namespace nanscope
