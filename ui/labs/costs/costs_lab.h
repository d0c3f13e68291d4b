#pragma once

#include <memory>

#include "ui/labs/lab.h"
#include "ui/text/text_table.h"

namespace nanscope {

/// Where bytes and FLOPs go: of a run by its plan, of a transformer by formula.
std::unique_ptr<Lab> make_costs_lab();
TextTable english_costs_texts();
/// Those of what is measured.
TextTable english_measured_costs_texts();
/// Of what builds a transformer.
TextTable english_builder_texts();
/// Of moving data.
TextTable english_moving_data_texts();

}  // namespace nanscope
