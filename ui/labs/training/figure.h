#pragma once

#include <string_view>
#include <vector>

#include "ui/export/figure.h"
#include "ui/labs/training/plots/run_plot.h"

namespace nanscope {

/// The names of a run's plots, in reading order.
std::vector<std::string_view> run_plot_names();

/// A run's plots.
Figure training_figure(RunPicture picture);

}  // namespace nanscope
