#pragma once

#include <span>
#include <string>
#include <vector>

// How runs that stand beside one another are told apart by their names.
namespace nanscope {

/// Of each run the settings in which it differs from the one that is there: those first that the
/// fewest of the others have, too, so that what is cut at the end is what they share.
void put_what_differs_first(std::vector<std::vector<std::string>>& settings);

/// "... lr0.003.jsonl": what is left of a name behind the words with which another one of `names`
/// begins as well; the whole name where none does.
std::string behind_shared_words(const std::string& name, std::span<const std::string> names);

}  // namespace nanscope
