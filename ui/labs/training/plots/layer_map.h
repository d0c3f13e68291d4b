#pragma once

#include <memory>

#include "ui/labs/training/plots/run_plot.h"

// What a run's layers measured, as a heat map: the steps from left to right, the layers from below
// to above.
namespace nanscope {

inline constexpr std::string_view kLayerMap = "layers";

/// Whether the run has looked at its layers.
bool has_layers(const RunSummary& run);

/// The quantity of the picture's look as its logarithm. What is 0 stays empty, what is infinite or
/// NaN is hatched.
Plot layer_map(std::shared_ptr<const RunPicture> picture);

}  // namespace nanscope
