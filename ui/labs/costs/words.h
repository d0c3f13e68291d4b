#pragma once

#include <string>

#include "ui/labs/costs/picture.h"

namespace nanscope {

/// What the view shows, in one or two sentences.
std::string costs_sentence(const CostsPicture& picture);
/// What it is of: the run, the transformer, the question.
std::string describe_costs(const Experiment& experiment, const CostsPicture& picture);

}  // namespace nanscope
