#pragma once

#include <string>
#include <vector>

#include "ui/charts/pins.h"

// What a plate of pins says.
namespace nanscope {

using PinTable = std::vector<std::vector<std::string>>;

/// How much a plate says: all of it; the same with the places in the table's head; what the chart's
/// own numbers beside the pins leave to say; how many times as large the second reading is, or the
/// values of the only one, behind its place; of these the one that is pinned; of two their curve,
/// places and ratio, or without the places; of a heat map that number and its place, or alone.
enum class PlateWords { all, headed, table, ratios, pinned, places, named, cell, number };

/// "1", "2".
const char* pin_name(std::size_t index);
/// "1  linear 3".
std::string pin_title(const Pins& pins, std::size_t index);
/// What stands in the plate: the head first.
PinTable table_of(const Pins& pins);
/// "2 / 1: variance 3.4", "variance, linear 9 / linear 5: 3.4", "1  linear 5: variance 3.4".
std::string ratios_of(const Pins& pins, PlateWords how_much);
/// What has been read.
Pins read_ones(Pins pins);

}  // namespace nanscope
