#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/live_change.h"
#include "engine/recipe/run_control.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Who hears of every step of a run, and of every change before it, in order, on the thread that
/// runs it.
class StepSink {
 public:
  virtual ~StepSink() = default;
  /// Whether the run goes on.
  virtual bool take(const RunStep& step) = 0;
  virtual void take(const LiveChange& change) = 0;
};

/// A training run from its first step to its last, or to where it is asked to stop: then its
/// summary says so.
struct TrainingRequest {
  using Answer = RunSummary;
  static constexpr std::string_view kSlot = "training";

  Experiment experiment;
  std::vector<LiveChange> changes = {};  ///< by step
  std::optional<FileBytes> data = {};  ///< what the file at data.path has to hold, if that is known
  bool data_is_read = false;           ///< `data` was just read of it
  /// May be null. Else the run, where its job may rest, does so at its end and where it is wished
  /// to, and stops there where it may not; it is another one than that of another control.
  std::shared_ptr<RunControl> control = {};
  std::shared_ptr<StepSink> sink = {};          ///< may be null
  std::shared_ptr<const Checkpoint> from = {};  ///< what it goes on from; null: the first step
  /// Where checkpoints are written (checkpoint_path()), after every so many steps (0: never) and
  /// after the last one; "": nowhere.
  std::string checkpoint = {};
  std::int64_t every = 0;
  bool autopsy = true;  ///< whether a run that stops being finite says where, down to the number
  bool operator==(const TrainingRequest&) const = default;
};

}  // namespace nanscope
