#pragma once

#include <string>

#include "ui/labs/costs/picture.h"

namespace nanscope {

// What the view shows as data: JSON as nanscope cost prints it.
std::string costs_to_csv(const CostsPicture& picture);
/// What is alive in each moment of a step.
std::string timeline_to_csv(const StepTimeline& timeline);
std::string costs_to_json(const CostsPicture& picture);

}  // namespace nanscope
