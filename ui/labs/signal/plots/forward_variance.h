#pragma once

#include "ui/labs/signal/plots/signal_plots.h"

namespace nanscope {

/// Variance of pre-activations and activations over depth, measured and predicted, with the squared
/// limits of the activations' number format.
void draw_forward_variance(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                           PlotSelection& selection);

}  // namespace nanscope
