#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/session/session.h"

namespace nanscope {

enum class WorkerKind { engine, light };

/// The slots, between the window, which asks, and the workers, which answer. Thread-safe.
class Board {
 public:
  /// What a worker does next: a slice of the slot's job.
  struct Turn {
    std::size_t slot = 0;
    std::optional<JobRequest> begins;  ///< the job is yet to be made
    std::stop_token stop;
  };

  Board(std::function<void()> wake, SessionClock clock);

  // For the window.
  void submit(JobRequest request, bool however_long);
  void cancel(std::string_view slot);
  /// Asks every job to stop.
  void stop_all();
  SessionView view();
  bool busy();

  // For the workers.
  /// Waits for work; nothing once `stop` is requested.
  std::optional<Turn> next_turn(WorkerKind kind, const std::stop_token& stop);
  /// Whether the slot's job may take so many seconds; if not, the slot says that it asks.
  bool may_take(std::size_t slot, double seconds);
  void report_progress(std::size_t slot, const Message& what, double fraction);
  /// Before its end: what the slot's job has so far.
  void publish(std::size_t slot, JobResult so_far);
  /// After a slice: a result, an error, or an empty result, which wants another turn.
  /// `rests`: which waits until the slot is woken.
  void end_turn(std::size_t slot, Result<JobResult> result, bool rests = false);
  /// The slot's job wants turns again.
  void wake(std::size_t slot);
  /// The slot's name, if it has neither a job nor a request for one.
  std::optional<std::string> name_if_idle(std::size_t slot);
  void engine_opened(std::shared_ptr<const EngineInfo> info);
  void engine_broke(const Error& error);

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Slot {
    SlotView view;
    std::optional<JobRequest> pending;  ///< not yet begun
    std::optional<JobRequest> current;  ///< of the job under way
    bool however_long = false;          ///< the newest request may take as long as it does
    std::stop_source stop;              ///< of that job
    Time arrived;                       ///< of pending
    Time began;                         ///< of the job under way
    std::uint64_t place = 0;            ///< in the queue
    Time turn_began;
    bool has_turn = false;                         ///< a slice of its job is under way
    bool rests = false;                            ///< its job wants no turn
    bool woken = false;                            ///< since its latest turn began
    std::chrono::steady_clock::duration worked{};  ///< in all of the job's slices
  };

  // With the lock held.
  Slot& slot_named(const std::string& name);
  Slot* choose(WorkerKind kind);
  /// Whether the slot's job has worked for long.
  static bool is_long(const Slot& slot);
  void enqueue(Slot& slot) { slot.place = ++last_place_; }
  void cancel_superseded(Slot& slot);
  void stop_job(Slot& slot);
  void end_rest(Slot& slot);
  /// What the slot's job waits for, as SlotView::waits_for has it.
  std::string awaited_by(const Slot& slot) const;
  /// Whether a worker is there for the slot's work.
  bool served(const JobRequest& request) const;
  static WorkerKind worker_of(const JobRequest& request) {
    return request.needs_engine() ? WorkerKind::engine : WorkerKind::light;
  }

  const std::function<void()> wake_;
  const SessionClock clock_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable_any work_arrived_;
  std::deque<Slot> slots_;
  EngineState engine_state_ = EngineState::opening;
  std::shared_ptr<const EngineInfo> engine_;
  std::optional<Error> engine_error_;
  std::uint64_t last_place_ = 0;
  std::array<Time, 2>
      long_turn_ended_;  ///< by WorkerKind: the latest of a job that has worked for long
  Time woken_;
};

}  // namespace nanscope
