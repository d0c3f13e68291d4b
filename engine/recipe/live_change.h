#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/file_bytes.h"
#include "engine/experiment/keys.h"

namespace nanscope {

/// A live key that takes another value while a run goes on, before a step.
struct LiveChange {
  std::int64_t step = 0;
  std::string key;
  std::string value;
  bool operator==(const LiveChange&) const = default;
};

/// Whether the change is one of the run's numbers: how often layers, or what is held out, are
/// looked at changes what is told of a run, and not one bit of it.
bool changes_numbers(const LiveChange& change);
/// Those that are.
std::vector<LiveChange> changes_of_numbers(const std::vector<LiveChange>& changes);

/// What a run is made of, and made again from.
struct Recipe {
  Experiment experiment;
  std::vector<LiveChange> changes = {};  ///< by step
  std::optional<FileBytes> data = {};    ///< of the file at data.path, where one is read
  std::int64_t until = 0;  ///< of a picture: it shows so many steps; 0: all that there are
};

/// What the run's file of data holds, where it reads one.
std::optional<FileBytes> data_of(const DataSpec& data);
/// Whether the file holds what the run that goes on began with; what is not known is no reason.
/// Errors: how they differ.
Result<void> check_data(const std::optional<FileBytes>& began, const std::optional<FileBytes>& now,
                        const std::string& path);

/// The experiment as it is before a step, with the changes up to it.
Experiment before_step(Experiment experiment, const std::vector<LiveChange>& changes,
                       std::int64_t step);

/// The keys of a run that may change while it goes on.
const std::vector<const Key*>& live_run_keys();

/// The steps after which the run is over, with its changes by step.
std::int64_t goal_of(const Experiment& experiment, const std::vector<LiveChange>& changes);

/// Whether the run has the step of each, its key is live and takes the value: `changes` by step.
/// Errors: why not; Error::where is the change.
Result<void> check_changes(const std::vector<LiveChange>& changes, const Experiment& experiment);

/// Reads "120:optimizer.lr=3e-4". Errors: what is not of this form, a key that is not live or that
/// such a run does not read, a value that the key refuses, fewer steps than the run has then done.
Result<LiveChange> parse_change(const std::string& text, const Experiment& experiment);

}  // namespace nanscope
