#pragma once

#include <cmath>

#include "engine/probes/signal.h"

// Snapshots made by hand.
namespace nanscope::testing {

inline Statistics with_variance(double variance) {
  Statistics statistics;
  statistics.variance = variance;
  statistics.rms = std::sqrt(variance);
  statistics.absmax = 4 * statistics.rms;
  statistics.count = 64L * 256;
  return statistics;
}

/// `depth` layers whose activation variance grows by `forward` a layer from the input's 1, and
/// whose gradient variance grows by `backward` a layer from the output's 1.
inline SignalSnapshot geometric(int depth, double forward, double backward) {
  SignalSnapshot snapshot;
  snapshot.experiment.network.model.depth = depth;
  snapshot.experiment.network.model.width = 256;
  snapshot.activation_format = "fp32";
  for (int i = 0; i < depth; ++i) {
    LayerSignal layer;
    layer.name = "linear " + std::to_string(i + 1);
    layer.shape = {64, 256};
    for (Statistics& statistics : layer.statistics) statistics = with_variance(1);
    layer.statistics[int(SignalTensor::activation)] = with_variance(std::pow(forward, i + 1));
    layer.statistics[int(SignalTensor::activation_grad)] =
        with_variance(std::pow(backward, depth - 1 - i));
    snapshot.layers.push_back(layer);
  }
  return snapshot;
}

}  // namespace nanscope::testing
