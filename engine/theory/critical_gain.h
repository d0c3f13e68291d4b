#pragma once

#include <optional>

#include "engine/experiment/network.h"

namespace nanscope {

/// The gain at which the signal neither grows nor vanishes with depth, where mean-field theory, at
/// infinite width, knows one: layers h' = act(W h) without norm, residual or biases.
///
/// Activations that scale with their input (identity, relu, leaky_relu): every layer multiplies the
/// mean square by E[act(t)^2] width Var(w), t ~ N(0,1), and the gradient's by E[act'(t)^2] width
/// Var(w), which is the same; the gain makes it 1 (He et al. 2015). tanh: act'(0)^2 width Var(w) =
/// 1, the edge between order and chaos, at which signals shrink slowest (Poole et al. 2016,
/// Schoenholz et al. 2017). Nothing for the others: without biases none keeps both.
std::optional<double> critical_gain(const NetworkSpec& network);

}  // namespace nanscope
