#pragma once

#include "engine/probes/signal.h"

namespace nanscope {

/// A snapshot as a pass would make it, from formulas instead of tensors: theory's variances, with a
/// fixed wiggle, histograms of normal values, overflow and underflow as the format has them. The
/// same experiment gives the same snapshot on every machine.
SignalSnapshot synthetic_snapshot(const Experiment& experiment,
                                  Tensor histogram = Tensor::activation);

}  // namespace nanscope
