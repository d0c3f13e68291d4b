#pragma once

#include <vector>

#include "engine/experiment/experiment.h"

// A network drawn and run with plain loops, to compare theory with.
namespace nanscope {

struct SimulatedLayer {
  double preactivation_variance = 0;
  double activation_variance = 0;
  double activation_grad_variance = 0;
  double weight_grad_variance = 0;
};

/// One network of the experiment on N(0,1) data of `features` columns, in double. Drawn from
/// std::mt19937_64(seed).
std::vector<SimulatedLayer> simulate(const Experiment& experiment, int features,
                                     unsigned long long seed);

}  // namespace nanscope
