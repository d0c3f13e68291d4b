#pragma once

#include "ui/export/figure.h"
#include "ui/labs/training/plots/run_plot.h"

namespace nanscope {

/// A run's plots.
Figure training_figure(RunPicture picture);

}  // namespace nanscope
