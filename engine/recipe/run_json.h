#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// {"step":0,"loss":1.5,"lr":0.001,"grad_norm":0.25}, without a newline. Where they were counted:
/// "gradients":{"format":"fp16","layers":[{"layer":"linear 1","zeros":3,"nonfinite":0,
/// "first_exponent":-20,"counts":[5,7]}]}, of which counts[i] elements have
/// 2^(first_exponent + i) <= |loss scale x gradient| < twice that. Of weights that were looked at:
/// "condition_number":{"largest":12,"median":4} of the layers.
std::string step_to_json(const RunStep& step);

/// The first line of a run file: schema "nanscope.run/1", the recipe.
std::string header_to_json(const Recipe& recipe);

/// {"change":"optimizer.lr","value":"3e-4","before_step":120}
std::string change_to_json(const LiveChange& change);

/// What a checkpoint's metadata says: a run's header, with "steps", "first_nonfinite" and, of the
/// state before, its steps as "before".
std::string checkpoint_to_json(const Checkpoint& checkpoint);
/// A checkpoint without its tensors, and without those before. Error::where may stay empty.
Result<Checkpoint> checkpoint_from_json(std::string_view text);

/// A whole run file: header, steps with the changes before them, summary. Of a run with a history.
std::string run_to_lines(const RunSummary& run);
/// The run of such a file, with its history; lines that it does not know, and a half last line, say
/// nothing. Error::where may stay empty. Errors: a first line that is no run's header, a step
/// without its loss.
Result<RunSummary> run_from_lines(std::string_view text);
/// The same of a file.
Result<RunSummary> read_run(const std::string& path);

/// The recipe of the run that a file holds, or carries as a picture of a run does; of other files
/// their experiment. Errors: a file that cannot be read, changes that its run does not take.
Result<Recipe> recipe_in_file(const std::string& path);
/// Its changes.
Result<std::vector<LiveChange>> changes_in_file(const std::string& path);
/// The same of an experiment as text. Error::where may stay empty.
Result<std::vector<LiveChange>> changes_in_text(const std::string& text);

/// The last line of a run, with its experiment: schema "nanscope.run/1".
std::string summary_to_json(const RunSummary& summary);

}  // namespace nanscope
