#pragma once

#include <string>

#include "ui/labs/costs/picture.h"

namespace nanscope {

// What the view shows as data: JSON as nanscope cost prints it.
std::string costs_to_csv(const CostsPicture& picture);
std::string costs_to_json(const CostsPicture& picture);

}  // namespace nanscope
