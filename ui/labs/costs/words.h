#pragma once

#include <string>

#include "ui/labs/costs/picture.h"

namespace nanscope {

/// What the view shows, in one or two sentences.
std::string costs_sentence(const CostsPicture& picture);
/// "fp16", "fp16 / bf16": precisions of the runs whose numbers are kept in fp32; or nothing.
std::string emulated_precisions(const CostsPicture& picture);
/// A note in which settings are called as their controls are, not as options of the command line.
std::string lab_words(const std::string& note);
/// What it is of: the run, the transformer, the question.
std::string describe_costs(const Experiment& experiment, const CostsPicture& picture);

}  // namespace nanscope
