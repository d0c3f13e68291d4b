#pragma once

#include <vector>

#include "engine/theory/layer_map.h"
#include "engine/theory/wide.h"

namespace nanscope {

/// Expected mean squares of a layer's gradients for an upstream gradient R ~ N(0,1).
struct GradientMoments {
  Wide gradient = 1;  ///< E[(dL/dh')^2]
  Wide delta = 1;     ///< E[(dL/dz)^2]
  Wide random = 1;    ///< the part of `gradient` that is there at infinite width
};

/// One entry a layer. At infinite width dL/dh is random in every direction, and a layer multiplies
/// its square by branch_gain [+ 1].
///
/// With residuals and without a norm that limit is left after a few layers: dL/dh has a part along
/// h, at first 1/N of its square, that grows faster. For relu, h' = h + relu(W h) is homogeneous,
/// so h.dL/dh = R.h_L on every layer (Euler), while |h|^2 shrinks towards the input faster than the
/// random part grows. So with residuals dL/dh = random + alpha h + beta 1 is followed to first
/// order in 1/N, from W = z u' / |u|^2 + (a part that is independent of u and z).
std::vector<GradientMoments> gradient_moments(const std::vector<LayerMap>& layers);

}  // namespace nanscope
