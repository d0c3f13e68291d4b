#pragma once

#include <string>

#include "engine/recipe/run_history.h"

// What the Training lab says in whole sentences.
namespace nanscope {

/// What becomes of a run that has steps left.
enum class RunState { going, paused, stopped };

/// The sentence above the plots: from which loss to which the run went, and in how many steps.
std::string run_sentence(const RunSummary& run, RunState state = RunState::going);

/// How many lines of a run's file could not be read, and where the first is; "" of a whole file.
std::string damage_words(const RunSummary& run);

/// "learning rate 0.003": what a change before a step made of a setting.
std::string words_of(const LiveChange& change);

/// "seed 1"; of several networks "seeds 1 to 8".
std::string seed_words(const NetworkSpec& network);

/// Behind what a plot says of itself that shows one network, and of several the first: ", seed 1".
std::string first_network_words(const RunSummary& run);
/// How the numbers of such a plot came about.
std::string measured_in_one(const RunSummary& run);

/// A run's experiment in words, on one line.
std::string describe_run(const Experiment& experiment);

}  // namespace nanscope
