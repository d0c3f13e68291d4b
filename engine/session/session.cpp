#include "engine/session/session.h"

#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <thread>
#include <utility>

#include "engine/session/board.h"

namespace nanscope {
namespace {

/// After so long a job lets others have their turn.
constexpr std::chrono::milliseconds kSlice{10};

/// What the exception under way says, as an error. Call it in a catch block.
Error current_exception_as_error() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return work_error(
               "memory",
               "there is not enough of it for this experiment; a smaller width, depth or batch, or "
               "fewer networks, need less.")
        .value();
  } catch (const std::exception& exception) {
    return work_error("engine", "{}", exception.what()).value();
  } catch (...) {
    return work_error("engine", "it failed without saying why.").value();
  }
}

struct JobUnderWay {
  std::unique_ptr<Job> job;
  std::unique_ptr<JobContext> context;
};

/// The loop of a worker thread. `engine` is null on the light one.
class Worker {
 public:
  Worker(Board& board, Engine* engine) : board_(board), engine_(engine) {}

  void run(const std::stop_token& stop) {
    const WorkerKind kind = engine_ ? WorkerKind::engine : WorkerKind::light;
    while (const std::optional<Board::Turn> turn = board_.next_turn(kind, stop)) {
      Result<JobResult> result = take(*turn);
      const bool without_result = !result;
      const bool rests = !without_result && !*result && jobs_.at(turn->slot).context->rests();
      // Gone before the slot's next job is made.
      if (without_result || *result) jobs_.erase(turn->slot);
      board_.end_turn(turn->slot, std::move(result), rests);
      if (without_result && engine_) forget_unfinished(turn->slot);
    }
  }

 private:
  Result<JobResult> take(const Board::Turn& turn) {
    if (turn.stop.stop_requested()) return cancelled_error();
    try {
      if (turn.begins) {
        Result<JobUnderWay> made = begin(turn);
        if (!made) return tl::unexpected(made.error());
        jobs_[turn.slot] = *std::move(made);
      }
      const JobUnderWay& one = jobs_.at(turn.slot);
      one.context->begin_slice();
      return one.job->advance(*one.context);
    } catch (...) {
      return tl::unexpected(current_exception_as_error());
    }
  }

  void forget_unfinished(std::size_t slot) {
    if (const std::optional<std::string> name = board_.name_if_idle(slot))
      engine_->forget_unfinished(*name);
  }

  Result<JobUnderWay> begin(const Board::Turn& turn) {
    Result<std::unique_ptr<Job>> job =
        engine_ ? engine_->make_job(*turn.begins) : turn.begins->make_job();
    if (!job) return tl::unexpected(job.error());
    Progress progress = [this, slot = turn.slot](const Message& what, double fraction) {
      board_.report_progress(slot, what, fraction);
    };
    Consent consent = [this, slot = turn.slot](double seconds) {
      return board_.may_take(slot, seconds);
    };
    Publish publish = [this, slot = turn.slot](JobResult so_far) {
      board_.publish(slot, std::move(so_far));
    };
    return JobUnderWay{*std::move(job),
                       std::make_unique<JobContext>(
                           turn.stop, std::move(progress), kSlice, std::move(consent),
                           std::move(publish), [this, slot = turn.slot] { board_.wake(slot); })};
  }

  Board& board_;
  Engine* engine_;
  std::map<std::size_t, JobUnderWay> jobs_;  ///< by slot
};

void run_engine_worker(Board& board, const EngineLoader& loader, const std::stop_token& stop) {
  Result<std::unique_ptr<Engine>> engine;
  std::shared_ptr<const EngineInfo> info;
  try {
    engine = loader();
    if (engine) info = std::make_shared<const EngineInfo>((*engine)->info());
  } catch (...) {
    engine = tl::unexpected(current_exception_as_error());
  }
  if (!engine) return board.engine_broke(engine.error());
  board.engine_opened(std::move(info));
  Worker(board, engine->get()).run(stop);
}

}  // namespace

const SlotView& SessionView::slot(std::string_view name) const {
  static const SlotView kNothing;
  const auto found = std::ranges::find(slots, name, &SlotView::name);
  return found == slots.end() ? kNothing : *found;
}

bool SessionView::working() const {
  return std::ranges::any_of(slots, [](const SlotView& slot) { return slot.at_work(); });
}

class Session::Workers {
 public:
  Workers(EngineLoader loader, std::function<void()> wake, SessionClock clock)
      : board(std::move(wake), std::move(clock)),
        engine_thread_([this, loader = std::move(loader)](const std::stop_token& stop) {
          run_engine_worker(board, loader, stop);
        }),
        light_thread_([this](const std::stop_token& stop) { Worker(board, nullptr).run(stop); }) {}

  ~Workers() {
    engine_thread_.request_stop();
    light_thread_.request_stop();
    board.stop_all();
  }  // then the threads, the last members, join

  Board board;

 private:
  std::jthread engine_thread_, light_thread_;
};

Session::Session(EngineLoader loader, std::function<void()> wake, SessionClock clock)
    : workers_(std::make_unique<Workers>(std::move(loader), std::move(wake), std::move(clock))) {}

Session::~Session() = default;

void Session::submit(JobRequest request, bool however_long) {
  workers_->board.submit(std::move(request), however_long);
}
void Session::cancel(std::string_view slot) { workers_->board.cancel(slot); }
bool Session::busy() const { return workers_->board.busy(); }
SessionView Session::view() const { return workers_->board.view(); }

}  // namespace nanscope
