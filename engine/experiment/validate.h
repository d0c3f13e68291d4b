#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// What is wrong with an experiment, one error a key; empty if it can be run. Checks ranges and
/// contradictions, not files or devices.
std::vector<Error> validate(const Experiment& experiment);

/// The allowed range of a numeric key ("model.depth"): what validate() enforces and sliders offer.
struct KeyRange {
  double low = 0;
  double high = 0;
  bool integer = false;
};
/// Null for a key that is not numeric.
const KeyRange* key_range(std::string_view key);

/// The valid name nearest to `wanted` by edit distance, or "" if none is close.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& valid);

}  // namespace nanscope
