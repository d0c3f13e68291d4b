#pragma once

#include <memory>

#include "engine/probes/signal.h"
#include "ui/export/figure.h"

namespace nanscope {

/// The Signal lab's plots of one pass.
Figure signal_figure(const std::shared_ptr<const SignalSnapshot>& snapshot);

}  // namespace nanscope
