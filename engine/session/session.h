#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "engine/engine.h"
#include "engine/roundoff/chart.h"

namespace nanscope {

/// What the worker is doing, as the window shows it.
enum class SessionState {
  loading,  ///< the engine's library is being opened
  idle,     ///< nothing to do
  running,  ///< a pass is under way
  broken,   ///< the engine could not be opened; see SessionView::error
};

/// The latest results that succeeded, or null: one of each kind, as LabRequest has them.
struct LabResults {
  std::shared_ptr<const SignalSnapshot> signal;
  std::shared_ptr<const RoundoffChart> roundoff;
  std::shared_ptr<const TensorChain> tensor;
  std::shared_ptr<const MemoryTimings> memory;
};

/// One moment of a session. Cheap to copy.
struct SessionView {
  SessionState state = SessionState::loading;
  LabResults results;
  std::shared_ptr<const EngineInfo> engine;  ///< null while loading
  std::optional<Error> error;                ///< of the latest request, empty once one succeeds
  std::string progress;                      ///< what a long step does: "drawing weights"
  double progress_fraction = 0;
};

/// Runs one request and puts its result in its place among `results`, which an error leaves as they
/// were.
Result<void> run_request(Engine& engine, const LabRequest& request, std::stop_token stop,
                         const Progress& progress, LabResults& results);

using EngineLoader = std::function<Result<std::unique_ptr<Engine>>()>;
/// The time as a session sees it; tests bring their own.
using SessionClock = std::function<std::chrono::steady_clock::time_point()>;

/// Owns the worker thread, and through it the engine and every tensor.
///
/// Thread-safety: all members may be called from any one thread that is not the worker.
/// Invariants:
/// 1. submit() and view() never wait for the engine.
/// 2. Requests coalesce: of those not yet begun only the newest runs. A pass that has run for more
///    than a second is cancelled by a newer request, at the latest when the window next calls
///    view().
/// 3. Whatever the engine throws or returns becomes SessionView::error; the worker goes on. A
///    cancelled pass is no error: it leaves the view's results and error as they were.
/// 4. The destructor requests a stop, joins the worker and destroys the engine on it.
class Session {
 public:
  /// `wake` is called from the worker when the view has news (glfwPostEmptyEvent): the engine, a
  /// pass's progress, its end.
  explicit Session(EngineLoader loader, std::function<void()> wake = {},
                   SessionClock clock = &std::chrono::steady_clock::now);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void submit(LabRequest request);
  /// Stops the pass under way and forgets the waiting one.
  void cancel();
  SessionView view() const;
  /// Whether a request that was submitted is yet to be answered.
  bool busy() const;

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace nanscope
