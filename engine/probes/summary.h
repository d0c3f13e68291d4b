#pragma once

#include <optional>
#include <string>

#include "engine/probes/signal.h"

namespace nanscope {

/// What a pass shows, computed from its numbers; ui/text puts it into words.
struct SignalSummary {
  enum class Trend { grows, shrinks, steady };
  /// Of the activation variance, by a least-squares fit of log2(variance) over the finite layers.
  Trend forward = Trend::steady;
  double forward_factor = 1;  ///< variance of a layer over that of the one before, geometric mean
  Trend backward = Trend::steady;
  double backward_factor = 1;  ///< the same for the activation gradient, towards the input
  std::optional<FirstNonfinite> overflow;
  /// First layer whose activations are all zero: the signal underflowed.
  std::optional<int> dead_layer;
  /// Fraction of saturated units over the layers, if the activation can saturate.
  std::optional<double> saturated;
  /// Largest share of subnormals that a layer's activations or gradients hold.
  double subnormal_share = 0;
};

/// "fp16": the format that a tensor of the pass is stored in.
std::string format_of(const SignalSnapshot& snapshot, SignalTensor tensor);

SignalSummary summarize(const SignalSnapshot& snapshot);

}  // namespace nanscope
