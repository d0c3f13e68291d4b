#pragma once

#include "ui/charts/plot.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// The loss of every path by step, in powers of ten.
Plot descent_plot(std::shared_ptr<const PathsPicture> picture);

}  // namespace nanscope
