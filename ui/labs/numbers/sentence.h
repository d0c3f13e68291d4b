#pragma once

#include <string>

#include "ui/labs/numbers/plots/number_bits_data.h"

namespace nanscope {

/// What the formats make of the number: the first one that has no place for it, else how far off
/// they are. "0.1 is exact in none of 6 formats; bf16 is off most, by 0.39 %." All that it says
/// holds for every number, format, rounding and overflow; a test checks each claim.
std::string bits_sentence(const NumberBits& number);

}  // namespace nanscope
