#pragma once

#include "engine/tensor_language/chain.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What was done with them.
struct TensorsControls {
  bool step_chosen = false;
  bool slider_held = false;  ///< by the mouse: what it may reach should stand still
};

/// The left panel: how the chain is shown, its steps, a slider for every whole number in it, and
/// examples. `sliders` is the latest chain whose numbers were tried, `chain` may be newer; both may
/// be null. `chosen_step` changes when one of the steps is clicked.
TensorsControls draw_tensors_controls(const LabView& view, const TensorChain* chain,
                                      const TensorChain* sliders, Experiment& draft,
                                      LabRequests& requests, int& chosen_step);

/// The first number of the chain that can be changed, for a lecture hall. True while its slider is
/// held.
bool draw_tensors_main_control(const LabView& view, const TensorChain* sliders, Experiment& draft,
                               LabRequests& requests);

}  // namespace nanscope
