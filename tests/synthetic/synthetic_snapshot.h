#pragma once

#include "engine/probes/signal.h"

namespace nanscope {

/// A snapshot as a pass would make it, from a few formulas instead of tensors: variances that grow
/// as in the simplest theory, with a fixed wiggle, histograms of normal values, overflow and
/// underflow as the format has them. The same experiment gives the same snapshot on every machine.
SignalSnapshot synthetic_snapshot(const Experiment& experiment,
                                  SignalTensor histogram = SignalTensor::activation);

}  // namespace nanscope
