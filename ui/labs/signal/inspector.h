#pragma once

#include "engine/probes/signal.h"
#include "ui/labs/lab.h"
#include "ui/labs/signal/plots/signal_view.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// One layer in numbers: measured beside predicted, its equation, its histogram, what is not
/// finite. `layer`: its index in the view's pass; the passes beside it are outlines in the
/// histogram.
void draw_layer_inspector(const SignalView& view, int layer, const Style& style,
                          LabRequests& requests);

/// The same in a card: what one looks at first, the rest on demand. `brief`: the card lies over the
/// plots, and the equation is on demand, too.
void draw_layer_card(const SignalView& view, int layer, bool brief, const Style& style,
                     LabRequests& requests);

/// The whole pass in numbers, with a hint on how to choose a layer.
void draw_pass_inspector(const SignalSnapshot& snapshot, const Style& style, LabRequests& requests);

}  // namespace nanscope
