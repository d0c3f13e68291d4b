#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/session/slot.h"

namespace nanscope {

enum class EngineState {
  opening,  ///< LibTorch is being opened
  ready,
  broken,  ///< it could not be opened; see SessionView::engine_error
};

/// One moment of a session. Cheap to copy.
struct SessionView {
  EngineState engine_state = EngineState::opening;
  std::shared_ptr<const EngineInfo> engine;  ///< null unless ready
  std::optional<Error> engine_error;
  std::vector<SlotView> slots;  ///< those that were asked, in the order of their first request
  JobResults results;           ///< of the slots

  /// The slot with this name; an idle one if nothing was asked of it.
  const SlotView& slot(std::string_view name) const;
  /// Whether a job is under way or waits.
  bool working() const;
};

using EngineLoader = std::function<Result<std::unique_ptr<Engine>>()>;
/// The time as a session sees it; tests bring their own.
using SessionClock = std::function<std::chrono::steady_clock::time_point()>;

/// Owns the worker threads: one with the engine and every tensor, and a light one for the jobs that
/// need no engine, which work from the start and where LibTorch cannot be opened.
///
/// Thread-safety: all members may be called from any one thread that is not a worker.
/// Invariants:
/// 1. submit() and view() never wait for a job.
/// 2. Requests coalesce within a slot: of those not yet begun only the newest runs. A job that
/// began
///    more than a second ago is cancelled by a newer request of its slot, at the latest when the
///    window next calls view(); a shorter one ends first. Slots do not disturb one another.
/// 3. Jobs of one worker take turns after each slice: those that have worked for less than a tenth
///    of a second go first, but no other waits for its turn longer than that.
/// 4. Whatever a job throws or returns becomes its slot's error; the worker goes on. A cancelled
/// job
///    is no error: it leaves the slot's result and error as they were.
/// 5. A job that rests takes no turn and owes no answer; a newer request stops it at once.
/// 6. What a job publishes on its way is its slot's result at once, and stays if it is cancelled.
/// 7. The destructor requests a stop, joins the workers and destroys jobs and engine on theirs.
class Session {
 public:
  /// `wake` is called from a worker when the view has news (glfwPostEmptyEvent): the engine, a
  /// job's progress, its end.
  explicit Session(EngineLoader loader, std::function<void()> wake = {},
                   SessionClock clock = &std::chrono::steady_clock::now);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Asks for a job, in the request's slot. A request that needs a broken engine is not carried
  /// out. One whose job finds out that it will take more than kLongWork is not carried out, and its
  /// slot says so (SlotView::asks), unless it may go on `however_long`.
  void submit(JobRequest request, bool however_long = false);
  /// Stops the slot's job under way and forgets the waiting request.
  void cancel(std::string_view slot);
  SessionView view() const;
  /// Whether a request is yet to be answered that may be answered any moment: it came, or its job
  /// began, less than a second ago.
  bool busy() const;

 private:
  class Workers;
  std::unique_ptr<Workers> workers_;
};

}  // namespace nanscope
