#pragma once

#include "ui/labs/signal/plots/depth_plot.h"

namespace nanscope {

/// Variance of activation gradients and weight gradients over depth, measured and predicted. The
/// pass runs from right to left.
DepthPlot backward_variance(const SignalView& view, const Style& style, float height);

}  // namespace nanscope
