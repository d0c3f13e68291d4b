#pragma once

#include <optional>
#include <string>

#include "engine/probes/signal.h"

namespace nanscope {

/// The layers that a trend is read from: the first of the pass, as far as the format leaves their
/// variances alone, positive and finite.
struct VarianceRun {
  int layers = 0;
  double first = 0, last = 0;      ///< variances, in the order of the pass
  double lowest = 0, highest = 0;  ///< of all of them
  /// The least and the most that a layer multiplies the variance by.
  double smallest_step = 1, largest_step = 1;
};

/// Why a layer's activations are all zero.
enum class DeadCause {
  input,      ///< so is the network's input
  relu,       ///< no pre-activation is positive
  weights,    ///< its weights underflow, all of them
  underflow,  ///< of the products, or of the activation
  unknown     ///< what a LayerNorm leaves of equal units, for example
};

/// What a pass shows, computed from its numbers; ui/text puts it into words.
struct SignalSummary {
  enum class Trend { grows, shrinks, steady };
  /// Of the activation variance, by a least-squares fit of ln(variance) over the run's layers.
  /// Steady is also what goes up and down.
  Trend forward = Trend::steady;
  double forward_factor = 1;  ///< variance of a layer over that of the one before, geometric mean
  VarianceRun forward_run;
  Trend backward = Trend::steady;
  double backward_factor = 1;  ///< the same for the activation gradient, towards the input
  VarianceRun backward_run;
  std::optional<FirstNonfinite> overflow;
  /// First layer whose activations are all zero, and why.
  std::optional<int> dead_layer;
  DeadCause dead_cause = DeadCause::unknown;
  /// Fraction of saturated units over the layers, if the activation can saturate.
  std::optional<double> saturated;
  /// Largest share of subnormals that a layer's activations or gradients hold.
  double subnormal_share = 0;
};

/// "fp16": the format that a tensor of the pass is stored in.
std::string format_of(const SignalSnapshot& snapshot, SignalTensor tensor);

SignalSummary summarize(const SignalSnapshot& snapshot);

}  // namespace nanscope
