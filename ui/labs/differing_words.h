#pragma once

#include <string>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// "gain 1, precision fp16": an experiment's values of the keys in which it differs from another,
/// whatever is looked at; "" where it differs in none.
std::string differing_words(const Experiment& experiment, const Experiment& other);

}  // namespace nanscope
