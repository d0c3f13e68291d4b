#pragma once

#include "ui/labs/signal/plots/depth_plot.h"

namespace nanscope {

/// How a tensor's magnitudes are spread, layer by layer: a column a layer, a row a binade, the
/// colour is the share of the layer's values. Zeros, infinities and NaNs have rows of their own, so
/// that every value is somewhere. Lines mark the number format's limits.
DepthPlot histogram_plot(const SignalView& view, const Style& style, float height);

}  // namespace nanscope
