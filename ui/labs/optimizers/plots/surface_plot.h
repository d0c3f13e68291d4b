#pragma once

#include "ui/charts/plot.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// The paths on the loss surface, with their start, the minima and the state of the optimizer that
/// is looked at: its mean gradient as an arrow down it, 1 / sqrt(v) as an ellipse.
Plot surface_plot(std::shared_ptr<const PathsPicture> picture);

}  // namespace nanscope
