#pragma once

#include "engine/experiment/experiment.h"
#include "engine/roundoff/chart.h"
#include "ui/labs/lab.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

namespace nanscope {

/// One format's code of the number: its fields, the whole decimal expansion, neighbours, limits.
void draw_number_inspector(const NumberRow& row, const Style& style, LabRequests& requests);

/// What the ranges mean.
void draw_ranges_inspector(const Experiment& experiment, const Style& style);

/// What was computed, what with, and the formulas of what is predicted.
void draw_roundoff_inspector(const RoundoffChart& chart, const Style& style, LabRequests& requests);

}  // namespace nanscope
