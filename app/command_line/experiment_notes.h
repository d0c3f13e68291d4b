#pragma once

#include "engine/experiment/experiment.h"

namespace nanscope {

/// Tells people on standard error which of the keys that they set only a training run reads.
void note_training_keys(const Experiment& experiment);

/// Says that work will take long, if it will: so many seconds, predicted.
void note_long_work(double seconds);

}  // namespace nanscope
