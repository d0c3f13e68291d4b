#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/job/job_request.h"

namespace nanscope {

enum class SlotState {
  idle,     ///< the newest request was answered, failed or was cancelled
  waiting,  ///< it has not begun
  running,  ///< a job is under way: the newest request's, or one before it
  resting,  ///< the newest request's job is there, and waits for somebody's word
};

/// One moment of a slot: a place for one kind of answer, in which a newer request replaces an older
/// one.
struct SlotView {
  std::string name;
  SlotState state = SlotState::idle;
  std::optional<JobRequest> wanted;    ///< the newest request
  std::optional<JobRequest> answered;  ///< the one that `result` answers, or begins to
  JobResult result;                    ///< the latest that succeeded, or what one has so far
  std::optional<Error> error;          ///< of the newest request that ended; none once one succeeds
  bool cancelled = false;              ///< somebody stopped the newest request
  Message progress;                    ///< what a long step does: "drawing weights, ..."
  double progress_fraction = 0;        ///< 0 where nobody knows
  /// Seconds that the newest request will take, predicted: it waits for the person's word.
  std::optional<double> asks;
  /// The slot whose job has had the worker for longer than a turn, while this one's waits for it.
  std::string waits_for;
  /// When the slot began to owe an answer, or gave the latest of those that it owes.
  std::chrono::steady_clock::time_point owing_since;
  double work_seconds = 0;  ///< of the job under way, or of the latest, without the turns of others

  /// Whether an answer is owed.
  bool at_work() const { return state == SlotState::waiting || state == SlotState::running; }
  /// Whether the result is the newest request's.
  bool up_to_date() const { return wanted && answered == wanted; }
};

}  // namespace nanscope
