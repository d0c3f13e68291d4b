#pragma once

#include <optional>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/theory/band.h"

namespace nanscope {

/// What theory predicts of the layers of a run in its first step: the Signal lab's prediction for
/// the same network and data. The head is no layer of it.
struct InitialTheory {
  std::vector<Band> activation;  ///< variance of what each layer passes on
  /// Expected variance of dL/d(what it passes on), as a multiple of the last layer's: what the loss
  /// sends back through the head is measured, and mean-field theory is linear in it. It has no
  /// band: all samples are sent back along as few directions as the head has outputs, so that
  /// networks differ by more than with the Signal lab's independent gradients.
  std::vector<double> gradient;
};

/// Nothing where there is none: of a table, whose law is not known, and with dropout, which theory
/// leaves out.
std::optional<InitialTheory> initial_theory(const Experiment& experiment);

}  // namespace nanscope
