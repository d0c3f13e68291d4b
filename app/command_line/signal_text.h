#pragma once

#include <string>

#include "engine/probes/signal.h"

namespace nanscope {

struct SignalTextOptions {
  bool all_layers = false;  ///< otherwise a deep network is abridged
};

/// A pass for people at a terminal: the sentence, the settings, a table with a row a layer.
std::string signal_to_text(const SignalSnapshot& snapshot, const SignalTextOptions& options);

}  // namespace nanscope
