#pragma once

#include <cstdint>
#include <vector>

#include "app/command_line/arguments.h"
#include "engine/recipe/live_change.h"

namespace nanscope {

/// --change STEP:KEY=VALUE, as often as it is given.
void add_change_option(Parser& parser, Words& changes);

/// Adds the changes that the words say to those that a run has, by step. `done`: the steps that lie
/// behind it. Errors: a word that is no change, one that comes too late, changes that the run does
/// not take.
Result<void> add_changes(const Words& words, const Experiment& experiment, std::int64_t done,
                         std::vector<LiveChange>& changes);

/// Where the experiment is no training run, --change has nothing to act on.
Result<void> check_has_run(const Words& changes, const Experiment& experiment);

}  // namespace nanscope
