#pragma once

#include "engine/experiment/experiment.h"

namespace nanscope {

/// A network of 4 layers of 24 x 24 that reads 10 samples.
inline Experiment small_network(Activation activation, Norm norm, bool residual, bool bias) {
  Experiment experiment;
  experiment.network.model = {.depth = 4,
                              .width = 24,
                              .activation = activation,
                              .norm = norm,
                              .residual = residual,
                              .bias = bias};
  experiment.data.batch = 10;
  return experiment;
}

}  // namespace nanscope
