#pragma once

#include <string>

#include "engine/recipe/autopsy.h"

// What an autopsy says in whole sentences.
namespace nanscope {

/// Which operation made which element what, and when.
std::string autopsy_sentence(const Autopsy& autopsy);

/// Why: what the element would be exactly, and where it leaves its format.
std::string autopsy_reason(const Autopsy& autopsy);

/// The element's right side in numbers, and what it gives: "2e+30 * 3e+20 + ... = inf"; "" of one
/// that no equation gives.
std::string autopsy_numbers(const Autopsy& autopsy);

}  // namespace nanscope
