#pragma once

#include <string>
#include <vector>

#include "engine/experiment/experiment.h"

namespace nanscope {

/// "gain 1, precision fp16": an experiment's values of the keys in which it differs from another,
/// whatever is looked at; "" where it differs in none.
std::string differing_words(const Experiment& experiment, const Experiment& other);
/// The same one by one, all of them.
std::vector<std::string> differing_settings(const Experiment& experiment, const Experiment& other);
/// One after the other, as many as a legend has room for, and how many more there are.
std::string joined_settings(const std::vector<std::string>& settings);

}  // namespace nanscope
