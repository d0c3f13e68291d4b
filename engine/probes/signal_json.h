#pragma once

#include <string>

#include "engine/probes/signal.h"

namespace nanscope {

/// The JSON of `nanscope signal --json`, schema "nanscope.signal/1". Values that are not finite are
/// the strings "inf", "-inf" and "nan".
std::string signal_to_json(const SignalSnapshot& snapshot, int indent = -1);

/// The same data as a table: one row a layer, columns like "activation.var".
std::string signal_to_csv(const SignalSnapshot& snapshot);

}  // namespace nanscope
