#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/recipe/run_record.h"
#include "engine/runs/kept_states.h"
#include "engine/runs/network_runs.h"
#include "engine/runs/postmortem.h"

namespace nanscope {

/// Notices when a run's networks stop being finite and finds where the first one did, from states
/// of before that it keeps. Writes what it finds into the run's summary.
class RunDeaths {
 public:
  /// All outlive it. `experiment`: as it was before its changes; `looks_back`: for an autopsy.
  RunDeaths(const Experiment& experiment, NetworkRuns& runs, RunSummary& summary, bool looks_back);

  /// Restores the runs from a checkpoint with what it knows of deaths. Errors: as
  /// NetworkRuns::restore().
  Result<void> go_on_from(const Checkpoint& checkpoint);
  /// Before a step, with the changes before it, of a run that `writes` checkpoints or not;
  /// `before_one`: StatesBefore::kSteps before one.
  void keep_states(bool writes, bool before_one);
  /// After a step: the count of the summary's steps has it.
  void take(const RunStep& step);
  /// Of a run that has no more steps.
  void notice_at_the_end();
  /// One that is made longer, now or from its checkpoint, notices when it would have without that
  /// end.
  void go_on_behind_the_end();
  /// While it is searched where a network stopped being finite, the runs take no steps.
  bool searches() const { return postmortem_.has_value(); }
  void search();
  /// Adds what a run that goes on from here would not find any more.
  void save(Checkpoint& checkpoint);

 private:
  bool is_one() const { return runs_.count() == 1; }
  NetworkFate& fate(int network) { return summary_.networks[static_cast<std::size_t>(network)]; }
  bool has_died(int network);
  std::optional<FirstNonfiniteStep> nonfinite_in(const RunStep& step, int network) const;
  std::optional<FirstNonfiniteStep> nonfinite_state(int network) const;
  void notice(const FirstNonfiniteStep& first);
  void take_autopsy();
  void look_into_what_is_kept();
  /// Takes back what was noticed at the end alone.
  void forget_the_end(std::optional<FirstNonfiniteStep>& first,
                      std::vector<NetworkFate>& networks) const;
  void forget_states();

  const Experiment& experiment_;
  NetworkRuns& runs_;
  RunSummary& summary_;
  std::vector<KeptStates> kept_states_;  ///< of each network
  StatesBefore states_before_;
  std::optional<Postmortem> postmortem_;  ///< while it is at work
  /// What that found, also of a run that has not noticed yet.
  std::shared_ptr<const Autopsy> autopsy_;
  double largest_target_ = 0;            ///< of the batch that it died of; 0: not known
  std::int64_t looked_at_the_end_ = -1;  ///< after so many steps
  std::vector<int> noticed_at_the_end_;  ///< networks
};

}  // namespace nanscope
