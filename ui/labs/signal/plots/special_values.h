#pragma once

#include "ui/labs/signal/plots/depth_plot.h"

namespace nanscope {

/// The share of zeros, subnormals, infinities, NaNs and saturated units in each layer of the tensor
/// that the histogram shows, 0 to 100 %.
DepthPlot special_values(const SignalView& view, const Style& style, float height);

}  // namespace nanscope
