#pragma once

#include <cstddef>
#include <vector>

#include "engine/experiment/network.h"
#include "engine/theory/gradient_moments.h"
#include "engine/theory/layer_map.h"

// How far the number format leaves the signal as exact arithmetic has it.
namespace nanscope {

/// Standard deviations of a layer's logarithms, forward and backward.
struct LayerSpread {
  double forward = 0;
  double backward = 0;
};

struct FormatReach {
  std::size_t forward = 0;   ///< layers before this one are within the format, forward
  std::size_t backward = 0;  ///< this one and those after it are, backward too
  /// By layer: relative variance that roundings have added until there.
  std::vector<double> forward_rounding, backward_rounding;
};

/// Values are within a format where nearly all lie between its coarse small numbers and its
/// largest, whichever network it is.
FormatReach format_reach(const NetworkSpec& network, const std::vector<LayerMap>& layers,
                         const std::vector<GradientMoments>& gradients,
                         const std::vector<LayerSpread>& spreads);

}  // namespace nanscope
