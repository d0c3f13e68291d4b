#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// {"step":0,"loss":1.5,"lr":0.001,"grad_norm":0.25}, without a newline.
std::string step_to_json(const RunStep& step);

/// The first line of a run file: schema "nanscope.run/1", the experiment and its changes.
std::string header_to_json(const Experiment& experiment, const std::vector<LiveChange>& changes);

/// {"change":"optimizer.lr","value":"3e-4","before_step":120}
std::string change_to_json(const LiveChange& change);

/// What a checkpoint's metadata says: a run's header, with "steps" and "first_nonfinite".
std::string recipe_to_json(const Checkpoint& checkpoint);
/// A checkpoint without its tensors. Error::where may stay empty.
Result<Checkpoint> recipe_from_json(std::string_view text);

/// The last line of a run, with its experiment: schema "nanscope.run/1".
std::string summary_to_json(const RunSummary& summary);

}  // namespace nanscope
