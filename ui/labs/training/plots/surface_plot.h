#pragma once

#include <memory>

#include "ui/labs/training/plots/run_plot.h"

// What a run makes of the plane that its samples lie in.
namespace nanscope {

inline constexpr std::string_view kSurfacePlot = "decision_surface";

/// The class with the largest score as a tint, the deeper the surer the network is, and the samples
/// over it. Of a run that has a surface.
Plot surface_plot(std::shared_ptr<const RunPicture> picture);

}  // namespace nanscope
