#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/safetensors.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// A run's recipe and its state after so many steps: all that the next steps depend on. As a file:
/// safetensors, with the recipe as JSON in its metadata and a hash of both; the names of an earlier
/// state's tensors begin with "before/".
struct Checkpoint {
  Experiment experiment = {};
  std::vector<LiveChange> changes = {};
  std::optional<FileBytes> data = {};  ///< of the file at data.path, where one is read
  std::int64_t steps = 0;              ///< that were done
  std::optional<FirstNonfiniteStep> first_nonfinite = {};
  std::vector<NetworkFate> networks = {};  ///< RunSummary::networks: where they stopped
  /// Where it stopped being finite, also of a run that has not noticed yet.
  std::shared_ptr<const Autopsy> autopsy = {};
  /// Of a run that is finite: a state of some steps before, from which an autopsy
  /// can measure the layers of the steps before a death that is still to come. Its recipe is not
  /// filled.
  std::shared_ptr<const Checkpoint> before = {};
  /// Parameters and what the optimizer keeps under their names in the plan, "generator", and
  /// "rows": what is left of the epoch's order.
  std::vector<SafetensorsBytes> tensors = {};
};

/// Where the checkpoint after so many steps is written: to `place` itself where that ends in
/// .safetensors, else into the folder `place`, a file a step.
std::string checkpoint_path(const std::string& place, std::int64_t steps);

/// The one with the most steps in a folder. Errors: there is none.
Result<std::string> last_checkpoint(const std::string& folder);

/// Reads a file, or the one with the most steps in a folder. Errors: a file that is not there, cut
/// short, edited or no checkpoint, a folder without one.
Result<Checkpoint> read_checkpoint(const std::string& place);

/// Whether the file begins as a checkpoint does.
bool is_checkpoint(const std::string& path);

/// Writes it beside `path` and renames it there.
Result<void> write_checkpoint(const std::string& path, const Checkpoint& checkpoint);

}  // namespace nanscope
