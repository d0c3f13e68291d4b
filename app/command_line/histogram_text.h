#pragma once

#include <functional>
#include <string>

#include "engine/probes/signal.h"

namespace nanscope {

/// The magnitudes of the probed tensor for a terminal: a line for each layer that `is_shown`, a
/// character for some binades, denser characters for larger shares of the layer's values.
std::string histogram_to_text(const SignalSnapshot& snapshot,
                              const std::function<bool(int layer)>& is_shown);

}  // namespace nanscope
