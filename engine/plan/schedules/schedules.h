#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/experiment/training.h"

namespace nanscope {

/// The learning rate of a step, counted from 0: optimizer.lr times the schedule's share.
double learning_rate(const TrainingSpec& training, std::int64_t step);

/// The same as Python: def learning_rate(step), "" for a constant rate. With a suffix a function of
/// any rate, of that name: "_40" makes learning_rate_40(step).
std::string learning_rate_text(const TrainingSpec& training, std::string_view suffix = "");

}  // namespace nanscope
