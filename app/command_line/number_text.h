#pragma once

#include <span>
#include <string>

#include "engine/numbers/encoding.h"

namespace nanscope {

/// The numbers, each encoded in these formats, as tables for people.
std::string number_text(std::span<const EncodedNumber> numbers,
                        std::span<const NumberFormat> formats);

}  // namespace nanscope
