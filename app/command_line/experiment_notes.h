#pragma once

#include "app/command_line/arguments.h"
#include "engine/data/file_bytes.h"
#include "engine/experiment/experiment.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Tells people on standard error which of the keys that the experiment sets only a training run
/// reads: a file may carry such keys.
void note_training_keys(const Experiment& experiment);

/// Says which lines of a run file were passed over, if any were.
void note_damaged_lines(const RunSummary& run);

/// Says that the changes of a run file among these words are left out, which nanscope train
/// repeats, and which of its lines were passed over.
void note_changes_left_out(const Words& words);

/// Says that a run's file of data does not hold what it held when the run was recorded, if so.
void note_other_data(const FileBytes& before, const FileBytes& now, const std::string& path);

/// Says that work will take long, if it will: so many seconds, predicted.
void note_long_work(double seconds);

}  // namespace nanscope
