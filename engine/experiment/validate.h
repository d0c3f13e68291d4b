#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/keys.h"

namespace nanscope {

/// What is wrong with an experiment, one error a key; empty if it can be run. Checks ranges and
/// contradictions, not files or devices.
std::vector<Error> validate(const Experiment& experiment);

/// The allowed range of a numeric key ("model.depth"): what validate() enforces and sliders offer.
/// Null for a key that is not numeric.
const KeyRange* key_range(std::string_view key);

}  // namespace nanscope
