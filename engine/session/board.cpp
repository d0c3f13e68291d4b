#include "engine/session/board.h"

#include <algorithm>
#include <utility>

namespace nanscope {
namespace {

using namespace std::chrono_literals;

/// A job that began earlier is cancelled by a newer request of its slot.
constexpr auto kUninterrupted = 1s;
/// Jobs that have worked for less go before the long ones.
constexpr auto kShortWork = 100ms;
/// A long one's turn comes after so long all the same.
constexpr auto kLongestWait = 100ms;
/// Who waits for longer is told for whom.
constexpr auto kLongTurn = 100ms;
/// Progress wakes the window 30 times a second at most.
constexpr auto kBetweenWakes = 33ms;

}  // namespace

Board::Board(std::function<void()> wake, SessionClock clock)
    : wake_(std::move(wake)), clock_(std::move(clock)) {}

Board::Slot& Board::slot_named(const std::string& name) {
  const auto found = std::ranges::find(
      slots_, name, [](const Slot& slot) -> auto& { return slot.view.name; });
  if (found != slots_.end()) return *found;
  Slot& slot = slots_.emplace_back();
  slot.view.name = name;
  return slot;
}

bool Board::served(const JobRequest& request) const {
  return !request.needs_engine() || engine_state_ != EngineState::broken;
}

void Board::submit(JobRequest request, bool however_long) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slot_named(request.slot());
  slot.however_long = however_long;
  slot.view.asks.reset();
  slot.view.wanted = request;
  slot.view.cancelled = false;
  if (!served(request)) return;
  if (!slot.view.at_work()) slot.view.owing_since = clock_();
  if (slot.current == request && !slot.stop.stop_requested()) {
    slot.pending.reset();
    return;
  }
  slot.pending = std::move(request);
  slot.arrived = clock_();
  if (!slot.current) {
    slot.view.state = SlotState::waiting;
    enqueue(slot);
  }
  cancel_superseded(slot);
  work_arrived_.notify_all();
}

void Board::cancel(std::string_view name) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slot_named(std::string(name));
  if (slot.view.state == SlotState::idle) return;
  slot.view.cancelled = true;
  slot.pending.reset();
  stop_job(slot);
  if (!slot.current) slot.view.state = SlotState::idle;
}

void Board::stop_job(Slot& slot) {
  slot.stop.request_stop();
  if (slot.rests) end_rest(slot);
}

void Board::end_rest(Slot& slot) {
  slot.rests = false;
  slot.view.state = SlotState::running;
  slot.view.owing_since = clock_();
  work_arrived_.notify_all();
}

void Board::wake(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slots_[index];
  slot.woken = true;
  if (slot.rests) end_rest(slot);
}

void Board::stop_all() {
  const std::scoped_lock lock(mutex_);
  for (Slot& slot : slots_) slot.stop.request_stop();
}

void Board::cancel_superseded(Slot& slot) {
  if (slot.current && slot.pending && (slot.rests || clock_() - slot.began > kUninterrupted))
    stop_job(slot);
}

std::string Board::awaited_by(const Slot& slot) const {
  const std::optional<JobRequest>& work = slot.current ? slot.current : slot.pending;
  if (!work || slot.has_turn || slot.rests) return "";
  const auto in_the_way = std::ranges::find_if(slots_, [&](const Slot& other) {
    return other.has_turn && worker_of(*other.current) == worker_of(*work) &&
           clock_() - other.turn_began > kLongTurn;
  });
  return in_the_way == slots_.end() ? "" : in_the_way->view.name;
}

SessionView Board::view() {
  const std::scoped_lock lock(mutex_);
  SessionView view;
  view.engine_state = engine_state_;
  view.engine = engine_;
  view.engine_error = engine_error_;
  view.slots.reserve(slots_.size());
  for (Slot& slot : slots_) {
    cancel_superseded(slot);
    slot.view.waits_for = awaited_by(slot);
    view.slots.push_back(slot.view);
    view.results.set(slot.view.name, slot.view.result);
  }
  return view;
}

bool Board::busy() {
  const std::scoped_lock lock(mutex_);
  return std::ranges::any_of(slots_, [&](const Slot& slot) {
    if (slot.current) return !slot.rests && clock_() - slot.began < kUninterrupted;
    return slot.pending && clock_() - slot.arrived < kUninterrupted &&
           (!slot.pending->needs_engine() || engine_state_ == EngineState::ready);
  });
}

bool Board::is_long(const Slot& slot) { return slot.current && slot.worked >= kShortWork; }

Board::Slot* Board::choose(WorkerKind kind) {
  // Once in a while a long job's turn comes whatever else there is.
  const Time long_turn_ended = long_turn_ended_[static_cast<std::size_t>(kind)];
  const bool long_first = clock_() - long_turn_ended > kLongestWait;
  const auto rank = [&](const Slot& slot) {
    return std::pair(is_long(slot) != long_first, slot.place);
  };
  Slot* chosen = nullptr;
  for (Slot& slot : slots_) {
    const std::optional<JobRequest>& request = slot.current ? slot.current : slot.pending;
    if (!request || slot.rests || worker_of(*request) != kind) continue;
    if (!chosen || rank(slot) < rank(*chosen)) chosen = &slot;
  }
  return chosen;
}

std::optional<Board::Turn> Board::next_turn(WorkerKind kind, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  work_arrived_.wait(lock, stop, [&] { return choose(kind) != nullptr; });
  if (stop.stop_requested()) return std::nullopt;
  Slot& slot = *choose(kind);
  Turn turn;
  const auto is_chosen = [&](const Slot& one) { return &one == &slot; };
  turn.slot = static_cast<std::size_t>(std::ranges::find_if(slots_, is_chosen) - slots_.begin());
  slot.turn_began = clock_();
  slot.has_turn = true;
  slot.woken = false;
  if (!slot.current) {
    slot.current = turn.begins = std::exchange(slot.pending, std::nullopt);
    slot.stop = std::stop_source();
    slot.began = slot.turn_began;
    slot.worked = {};
    // No news for the window, which has asked for it: a frame now would slow the job down.
    slot.view.state = SlotState::running;
    slot.view.work_seconds = 0;
  }
  turn.stop = slot.stop.get_token();
  return turn;
}

bool Board::may_take(std::size_t index, double seconds) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slots_[index];
  // Of a job that a newer request will follow nobody is asked.
  const bool newest = slot.current == slot.view.wanted;
  if (seconds <= kLongWork || (newest && slot.however_long)) return true;
  if (newest) slot.view.asks = seconds;
  return false;
}

void Board::report_progress(std::size_t index, const Message& what, double fraction) {
  {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[index];
    cancel_superseded(slot);
    slot.view.progress = what;
    slot.view.progress_fraction = fraction;
    if (clock_() - woken_ < kBetweenWakes) return;
    woken_ = clock_();
  }
  if (wake_) wake_();
}

void Board::publish(std::size_t index, JobResult so_far) {
  {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[index];
    slot.view.result = std::move(so_far);
    slot.view.answered = slot.current;
    slot.view.error.reset();
    woken_ = clock_();
  }
  if (wake_) wake_();
}

void Board::end_turn(std::size_t index, Result<JobResult> result, bool rests) {
  {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[index];
    const Time now = clock_();
    slot.has_turn = false;
    slot.worked += now - slot.turn_began;
    slot.view.work_seconds = std::chrono::duration<double>(slot.worked).count();
    cancel_superseded(slot);
    if (is_long(slot)) long_turn_ended_[static_cast<std::size_t>(worker_of(*slot.current))] = now;
    enqueue(slot);
    if (result && !*result) {
      if (rests && slot.pending) slot.stop.request_stop();
      // One that is to stop has its last turn.
      slot.rests = rests && !slot.woken && !slot.stop.stop_requested();
      if (!slot.rests) return;
      slot.view.state = SlotState::resting;
    } else if (result) {
      slot.view.result = *std::move(result);
      slot.view.answered = slot.current;
      slot.view.owing_since = now;
      slot.view.error.reset();
    } else if (result.error().kind != Error::Kind::cancelled) {
      slot.view.error = result.error();
    }
    if (!slot.rests) {
      slot.current.reset();
      slot.view.state = slot.pending ? SlotState::waiting : SlotState::idle;
    }
    slot.view.progress = {};
    slot.view.progress_fraction = 0;
    woken_ = now;
    if (slot.pending) work_arrived_.notify_all();  // perhaps the other worker's
  }
  if (wake_) wake_();
}

std::optional<std::string> Board::name_if_idle(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  const Slot& slot = slots_[index];
  if (slot.current || slot.pending) return std::nullopt;
  return slot.view.name;
}

void Board::engine_opened(std::shared_ptr<const EngineInfo> info) {
  {
    const std::scoped_lock lock(mutex_);
    engine_state_ = EngineState::ready;
    engine_ = std::move(info);
  }
  if (wake_) wake_();
}

void Board::engine_broke(const Error& error) {
  {
    const std::scoped_lock lock(mutex_);
    engine_state_ = EngineState::broken;
    engine_error_ = error;
    for (Slot& slot : slots_) {
      if (!slot.pending || served(*slot.pending)) continue;
      slot.pending.reset();
      slot.view.state = slot.current ? SlotState::running : SlotState::idle;
    }
  }
  if (wake_) wake_();
}

}  // namespace nanscope
