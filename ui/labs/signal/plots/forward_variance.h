#pragma once

#include "ui/labs/signal/plots/depth_plot.h"

namespace nanscope {

/// Variance of pre-activations and activations over depth, measured and predicted, with the squared
/// limits of the activations' number format.
DepthPlot forward_variance(const SignalView& view, const Style& style, float height);

}  // namespace nanscope
