#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/keys.h"

namespace nanscope {

/// A live key that takes another value while a run goes on, before a step.
struct LiveChange {
  std::int64_t step = 0;
  std::string key;
  std::string value;
  bool operator==(const LiveChange&) const = default;
};

/// The experiment as it is before a step, with the changes up to it.
Experiment before_step(Experiment experiment, const std::vector<LiveChange>& changes,
                       std::int64_t step);

/// The keys of a run that may change while it goes on.
const std::vector<const Key*>& live_run_keys();

/// Whether its key is live and takes the value. Errors: why not.
Result<void> check_change(const LiveChange& change, const Experiment& experiment);

/// Reads "120:optimizer.lr=3e-4". Errors: what is not of this form, a step that the run, with the
/// changes `before`, does not have, a key that is not live, a value that the key refuses.
Result<LiveChange> parse_change(const std::string& text, const Experiment& experiment,
                                const std::vector<LiveChange>& before = {});

}  // namespace nanscope
