#pragma once

#include "engine/experiment/network.h"

// The activations as plain functions of a double, with what theory has to know of their ends.
namespace nanscope {

struct ValueAndSlope {
  double value = 0;  ///< act(x) - act(0)
  double slope = 0;  ///< act'(x); at the kink of relu and leaky_relu that of the negative side
};

/// act(x) - act(0), so that nothing is lost where act is flat around a constant, and act'(x).
/// gelu is the exact erf form, leaky_relu has slope 0.01.
ValueAndSlope evaluate(Activation activation, double x);

/// act(0): 0.5 for sigmoid, 0 for all others.
double value_at_zero(Activation activation);

/// Whether act stays finite for x -> +-inf: tanh and sigmoid.
bool is_bounded(Activation activation);

/// Whether act(a x) = a act(x) for a > 0: identity, relu, leaky_relu.
bool is_homogeneous(Activation activation);

}  // namespace nanscope
