#pragma once

#include "engine/experiment/experiment.h"
#include "engine/theory/gaussian.h"
#include "engine/theory/wide.h"

namespace nanscope {

/// Averages over z ~ N(0, sigma^2) of an activation, exact for a layer of infinite width.
struct LayerMoments {
  Wide mean = 0;            ///< E[act(z)]
  Wide variance = 0;        ///< Var[act(z)]
  double slope_square = 1;  ///< E[act'(z)^2]
  double slope_radial = 1;  ///< E[act'(z)^2 z^2] / (sigma^2 E[act'(z)^2])
  Wide second() const { return variance + mean * mean; }
};

/// The moments at any sigma >= 0, up to 1e1500: closed forms for identity, relu and leaky_relu;
/// otherwise quadrature for 1e-8 <= sigma <= 1e6 and the activation's own power laws beyond: act is
/// linear around 0; towards the ends it is a step (tanh, sigmoid) or relu (gelu, silu), each with a
/// relative error of about 1/sigma. `nodes` is scratch space.
LayerMoments layer_moments(Activation activation, Wide sigma, const GaussianQuadrature& quadrature,
                           GaussianNodes& nodes);

}  // namespace nanscope
