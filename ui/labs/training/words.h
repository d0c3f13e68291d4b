#pragma once

#include <string>
#include <string_view>

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
/// "learning rate 0.003 from step 7"
std::string changed_words(const LiveChange& change);

/// "seed 1"; of several networks "seeds 1 to 8".
std::string seed_words(const NetworkSpec& network);

/// Of several networks the one that the view shows where plots show one, from 0: the first where
/// the others were not looked at, as in a run file.
int seen_network(const RunSummary& run, const ViewSpec& view);
/// The same of condition numbers, which all have only where that does not take too long.
int network_of_conditions(const RunSummary& run, const ViewSpec& view);
/// "seed 1" where there are several networks, of which the view shows one; else nothing.
std::string network_name(const RunSummary& run, int network);
/// Behind what a plot says of itself that shows one of several networks: ", seed 1".
std::string network_words(const RunSummary& run, int network);
/// How the numbers of such a plot came about.
std::string measured_in_one(const RunSummary& run, int network = 0);

/// A run's experiment in words, on one line: as it is now.
std::string describe_run(const RunSummary& run);

/// The last change on the way of the run so far of the key; null where none was.
const LiveChange* last_change(const RunSummary& run, std::string_view key);

}  // namespace nanscope
