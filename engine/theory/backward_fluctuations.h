#pragma once

#include <vector>

#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/layer_map.h"

namespace nanscope {

/// A logarithm's deviation from that of the infinite-width value: E of one sample's, and variances.
struct LogDeviation {
  double mean = 0;
  SamplePair<double> variance;
};

struct BackwardFluctuation {
  LogDeviation gradient;     ///< of the mean square of dL/dh' over the units
  LogDeviation weight_grad;  ///< of (dL/dz)^2 u^2
  /// Relative variance of the mean square of dL/dW from products of different samples.
  double weight_grad_cross = 0;
};

/// One entry a layer. Downwards from G = mean square of dL/dh' over the units, a layer multiplies G
/// by 1 + a, a = branch_gain, with relative deviations from three sources:
///  - act' at N sampled units: the mean of act'(z_i)^2 g_i^2, where g is Gaussian over the units;
///  - W' of N sampled columns: 2/N for one sample (0 for an orthogonal W);
///  - the forward state x, on which E[act'^2] and the norm's scale depend.
/// For relu and one sample this is 5/N a layer, as forward (Hanin & Nica 2019). The weights of the
/// backward pass count as independent of those forward (Yang 2019), apart from act'^2 and act^2 at
/// the same units, and from W in the norm's projection.
std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward);

}  // namespace nanscope
