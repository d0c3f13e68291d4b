#pragma once

#include <cstdint>
#include <string>

#include "engine/experiment/training.h"

namespace nanscope {

/// The learning rate of a step, counted from 0: optimizer.lr times the schedule's share.
double learning_rate(const TrainingSpec& training, std::int64_t step);

/// The same as Python: def learning_rate(step), "" for a constant rate.
std::string learning_rate_text(const TrainingSpec& training);

}  // namespace nanscope
