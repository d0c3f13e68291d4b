#pragma once

#include "engine/session/session.h"
#include "ui/labs/signal/plots/signal_view.h"

namespace nanscope {

/// The slot that B's passes go to.
inline constexpr std::string_view kOtherSlot = "signal.b";

/// What a pass is asked of an experiment: nothing of what other labs show, or how it is looked at.
Experiment asked_of_pass(const Experiment& experiment);

/// The latest pass, and B's where the experiment is compared with one that has been computed; no
/// pass before the first result.
SignalView view_of_results(const Experiment& experiment, const JobResults& results);

}  // namespace nanscope
