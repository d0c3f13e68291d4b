#pragma once

#include "engine/probes/signal.h"
#include "ui/labs/lab.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One layer in numbers: measured beside predicted, its equation, its histogram, what is not
/// finite.
void draw_layer_inspector(const SignalSnapshot& snapshot, int layer, const Style& style,
                          LabRequests& requests);

/// The whole pass in numbers, with a hint on how to choose a layer.
void draw_pass_inspector(const SignalSnapshot& snapshot, const Style& style, LabRequests& requests);

}  // namespace nanscope
