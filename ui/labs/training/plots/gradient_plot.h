#pragma once

#include <memory>

#include "ui/labs/training/plots/run_plot.h"

// How large a run's gradients are, beside the range of the format that they go through.
namespace nanscope {

inline constexpr std::string_view kGradientPlot = "gradient_magnitudes";

/// Whether the run has looked, and its gradients go through a format of so few exponents that they
/// may leave it.
bool has_narrow_gradients(const RunSummary& run);

/// Of all parameters or of the layer that the view chooses, at the step that is chosen or pointed
/// at or at the newest: the share of the elements in each binade as bars, and, where the loss is
/// scaled, as a dashed line where they would be without the scale; how many are 0, subnormal or not
/// finite. Of a run that has looked.
Plot gradient_plot(std::shared_ptr<const RunPicture> picture);

}  // namespace nanscope
