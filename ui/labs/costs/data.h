#pragma once

#include <string>

#include "ui/labs/costs/picture.h"

namespace nanscope {

// What the view shows as data: JSON as nanscope cost prints it.
std::string costs_to_csv(const CostsPicture& picture);
/// What is alive in each moment of a step, and what the allocator held, where that was measured.
std::string timeline_to_csv(const StepTimeline& timeline, const MeasuredCosts* measured);
std::string costs_to_json(const CostsPicture& picture);
/// Each operation of a step: FLOPs, bytes, and as far as it was measured seconds and what it
/// reached.
std::string operations_to_csv(const CostsPicture& picture);

}  // namespace nanscope
