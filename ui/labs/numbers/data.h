#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// The Numbers lab's views as data.
namespace nanscope {

/// A format a row: its bits, fields, value and error.
std::string bits_to_csv(const NumberBits& number);
/// What can be copied of a row: its value, its bits and, unless it is exact, its errors.
std::vector<std::string> copied_words(const NumberRow& row);
/// The JSON of `nanscope number`.
std::string bits_to_json(const NumberBits& number);

/// A format a row: its limits.
std::string ranges_to_csv(std::span<const NumberFormat> formats);
/// {"schema":"nanscope.ranges/1","formats":[...]}
std::string ranges_to_json(std::span<const NumberFormat> formats);

}  // namespace nanscope
