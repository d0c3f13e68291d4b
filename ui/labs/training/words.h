#pragma once

#include <string>

#include "engine/recipe/run_history.h"

// What the Training lab says in whole sentences.
namespace nanscope {

/// The sentence above the plots: from which loss to which the run went, and in how many steps.
/// `over`: no step follows, whatever is missing.
std::string run_sentence(const RunSummary& run, bool over = false);

/// A run's experiment in words, on one line.
std::string describe_run(const Experiment& experiment);

}  // namespace nanscope
