#pragma once

#include <vector>

#include "engine/experiment/data.h"
#include "engine/experiment/network.h"
#include "engine/theory/backward_fluctuations.h"
#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/layer_map.h"

// Bands by random walks. Around 0 gelu and silu are z / 2, far from it they are relu: with weights
// between the two, a layer keeps a large signal and halves a small one. Chance then decides whether
// a deep network lives or fades, its variance has two peaks, and no expansion around one of them
// holds. Without norm and residual the signal of a sample is one number a layer, E[z^2], and the
// 1/N noise that a layer adds depends on it alone: a few hundred walks of that number, down and up
// again with the gradient, show the law.
namespace nanscope {

/// Natural logarithms.
struct Interval {
  double low = 0;
  double high = 0;
};

/// What holds 95 % of the walks.
struct PathBands {
  Interval preactivation_variance;
  Interval activation_variance;
  Interval activation_grad_variance;
  Interval weight_grad_variance;
};

/// gelu or silu without norm and residual.
bool lives_or_fades(const Model& model);

/// One entry a layer. Correlations between samples are those of the expected signal. The walks are
/// the same for every network, so that bands move smoothly with a slider.
std::vector<PathBands> path_bands(const NetworkSpec& network, const DataSpec& data,
                                  const std::vector<LayerMap>& layers,
                                  const std::vector<ForwardFluctuation>& forward,
                                  const std::vector<BackwardFluctuation>& backward);

}  // namespace nanscope
