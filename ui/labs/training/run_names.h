#pragma once

#include <string>
#include <vector>

// How runs that stand beside one another are told apart by their names.
namespace nanscope {

/// Of each run the settings in which it differs from the one that is there: those first that the
/// fewest of the others have, too, so that what a legend cuts at the end is what they share.
void put_what_differs_first(std::vector<std::vector<std::string>>& settings);

}  // namespace nanscope
