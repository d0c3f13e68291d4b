#pragma once

#include <string>
#include <vector>

#include "engine/recipe/run_history.h"

// How runs that stand beside one another are told apart by their names.
namespace nanscope {

/// Of each run the settings in which it differs from the one that is there: those first that the
/// fewest of the others have, too, so that what a legend cuts at the end is what they share.
void put_what_differs_first(std::vector<std::vector<std::string>>& settings);

/// Of a run's settings, its changes among them: the value that a setting began with stands before
/// what it was changed to.
void put_beginnings_first(std::vector<std::string>& settings,
                          const std::vector<LiveChange>& changes);

}  // namespace nanscope
