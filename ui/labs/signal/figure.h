#pragma once

#include "ui/export/figure.h"
#include "ui/labs/signal/plots/signal_plots.h"

namespace nanscope {

/// The Signal lab's plots of one pass, and of those beside it. What is chosen is marked.
Figure signal_figure(const SignalView& view, const PlotSelection& selection = {});

}  // namespace nanscope
