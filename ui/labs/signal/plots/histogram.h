#pragma once

#include "ui/labs/signal/plots/signal_plots.h"

namespace nanscope {

/// How a tensor's magnitudes are spread, layer by layer: a column a layer, a row a binade, the
/// colour is the share of the layer's values. Zeros, infinities and NaNs have rows of their own, so
/// that every value is somewhere. Lines mark the number format's limits.
void draw_histogram(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                    PlotSelection& selection);

}  // namespace nanscope
