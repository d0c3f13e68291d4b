#pragma once

#include <string>
#include <vector>

#include "engine/probes/signal.h"

namespace nanscope {

struct EquationLine {
  std::string words;
  bool muted = false;  ///< the explanation rather than the formula
};

/// What a layer computes and what that does to the variance, with this layer's measured numbers
/// filled in: Var(z) = fan_in Var(W) E[x^2], which holds for independent weights of mean zero.
std::vector<EquationLine> layer_equation(const SignalSnapshot& snapshot, int layer);

}  // namespace nanscope
