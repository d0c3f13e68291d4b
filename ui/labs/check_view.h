#pragma once

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/session/session.h"

namespace nanscope {

/// Why something that the experiment's view names is not there: a plot of no lab or of another one,
/// a layer beyond the network, a step beyond the chain; what only results tell is checked where
/// `results` have it. For words of a command line: the window passes over what has gone.
Result<void> check_view(const Experiment& experiment, const JobResults& results = {});

/// Why the window does not show an experiment: it is a training run, which has no lab there yet.
Result<void> check_has_lab(const Experiment& experiment);

/// The experiment without what its view names and is not there, for what is written down: in the
/// window a layer may have gone, or a plot be shown alone that is another lab's.
Experiment with_view_of_what_is_there(Experiment experiment);

}  // namespace nanscope
