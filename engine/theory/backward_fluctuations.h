#pragma once

#include <vector>

#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/layer_map.h"

namespace nanscope {

/// Variances of the logarithms of a layer's backward statistics in one network of finite width.
struct BackwardFluctuation {
  double gradient = 0;     ///< of the mean square of dL/dh'
  double weight_grad = 0;  ///< of the mean square of dL/dW
};

/// One entry a layer. Backwards from G = mean square of dL/dh, a layer multiplies G by
/// 1 + a, a = branch_gain, with relative deviations from three sources:
///  - act' at N sampled units: the mean of act'(z_i)^2 g_i^2, where g is Gaussian over the units;
///  - W' of N sampled columns: 2/N for one sample (0 for an orthogonal W);
///  - the forward state x, on which E[act'^2] and the norm's scale depend.
/// For relu and one sample this is 5/N a layer, as forward (Hanin & Nica 2019). The weights of the
/// backward pass count as independent of those forward, apart from act'^2 and act^2 at the same
/// units (Yang 2019).
std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward, int batch);

}  // namespace nanscope
