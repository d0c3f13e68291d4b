#pragma once

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// What a run learns, from which samples.
struct TrainingTask {
  Table table;     ///< inputs and targets; without rows where samples are drawn for every step
  int target = 0;  ///< of a file: the target's column, counted from 0
  std::int64_t features = 0;
  std::int64_t outputs = 1;   ///< of the head: a number, or a score for each class
  Loss loss = Loss::mse;      ///< not automatic
  std::int64_t held_out = 0;  ///< rows of the table that are not trained on

  std::int64_t training_rows() const { return table.rows - held_out; }
};

/// Whether the format that weights and gradients have on the device holds each setting that PyTorch
/// converts to it, and refuses otherwise. Errors: the first that it does not hold.
Result<void> check_held_by_format(const Experiment& experiment);

/// Reads the data of a valid experiment. Errors: data that cannot be read, a target column that is
/// not there or is of no classes, a loss that does not suit the targets, a batch larger than the
/// data, a device that does not train, a setting that the format does not hold.
Result<TrainingTask> training_task(const Experiment& experiment);

}  // namespace nanscope
