#include "engine/session/session.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include "engine/roundoff/roundoff.h"

namespace nanscope {
namespace {

constexpr std::chrono::seconds kUninterrupted{1};
/// Progress wakes the window 30 times a second at most.
constexpr std::chrono::milliseconds kBetweenWakes{33};

/// What the exception under way says, as an error. Call it in a catch block.
Error current_exception_as_error() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {Error::Kind::work, "memory",
            "there is not enough of it for this experiment; a smaller width, depth or batch, or "
            "fewer networks, need less."};
  } catch (const std::exception& exception) {
    return {Error::Kind::work, "engine", exception.what()};
  } catch (...) {
    return {Error::Kind::work, "engine", "it failed without saying why."};
  }
}

/// Runs each kind of request and puts its result where it belongs.
struct RequestRunner {
  Engine& engine;
  std::stop_token stop;
  const Progress& progress;
  LabResults& results;

  Result<void> operator()(const SignalRequest& wanted) const {
    return keep(engine.signal(wanted, stop, progress), results.signal);
  }
  Result<void> operator()(const RoundoffRequest& wanted) const {
    return keep(run_roundoff(wanted.experiment, wanted.settings, stop), results.roundoff);
  }
  Result<void> operator()(const TensorRequest& wanted) const {
    return keep(engine.tensor(wanted, stop), results.tensor);
  }
  Result<void> operator()(const MemoryTimingsRequest& wanted) const {
    Result<MemoryTimings> timings = measure_memory(wanted, stop);
    if (timings) add_device_copies(engine, wanted, stop, *timings);
    return keep(std::move(timings), results.memory);
  }

 private:
  template <class T>
  static Result<void> keep(Result<T> result, std::shared_ptr<const T>& place) {
    if (!result) return tl::unexpected(result.error());
    place = std::make_shared<const T>(*std::move(result));
    return {};
  }
};

}  // namespace

Result<void> run_request(Engine& engine, const LabRequest& request, std::stop_token stop,
                         const Progress& progress, LabResults& results) {
  return std::visit(RequestRunner{engine, std::move(stop), progress, results}, request);
}

class Session::Worker {
 public:
  Worker(EngineLoader loader, std::function<void()> wake, SessionClock clock)
      : loader_(std::move(loader)), wake_(std::move(wake)), clock_(std::move(clock)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  ~Worker() {
    const std::scoped_lock lock(mutex_);
    thread_.request_stop();
    pass_stop_.request_stop();
  }  // then thread_, the last member, joins

  void submit(LabRequest request) {
    const std::scoped_lock lock(mutex_);
    pending_ = std::move(request);
    cancel_superseded();
    work_arrived_.notify_one();
  }

  void cancel() {
    const std::scoped_lock lock(mutex_);
    pending_.reset();
    pass_stop_.request_stop();
  }

  bool busy() {
    const std::scoped_lock lock(mutex_);
    return view_.state == SessionState::running ||
           (view_.state == SessionState::idle && pending_.has_value());
  }

  SessionView view() {
    const std::scoped_lock lock(mutex_);
    cancel_superseded();
    return view_;
  }

 private:
  using Time = std::chrono::steady_clock::time_point;

  void run(const std::stop_token& stop) {
    const std::unique_ptr<Engine> engine = load();
    if (!engine) return;
    while (const std::optional<LabRequest> request = next_request(stop))
      finish_pass(run_pass(*engine, *request));
  }

  std::unique_ptr<Engine> load() {
    Result<std::unique_ptr<Engine>> loaded;
    std::shared_ptr<const EngineInfo> info;
    try {
      loaded = loader_();
      if (loaded) info = std::make_shared<const EngineInfo>((*loaded)->info());
    } catch (...) {
      loaded = tl::unexpected(current_exception_as_error());
    }
    change([&] {
      view_.state = loaded ? SessionState::idle : SessionState::broken;
      if (!loaded) view_.error = loaded.error();
      view_.engine = info;
    });
    return loaded ? *std::move(loaded) : nullptr;
  }

  /// Waits for a request; nothing once the session ends.
  std::optional<LabRequest> next_request(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    work_arrived_.wait(lock, stop, [this] { return pending_.has_value(); });
    if (stop.stop_requested()) return std::nullopt;
    pass_stop_ = std::stop_source();
    began_ = woken_ = clock_();
    // No news for the window, which has asked for it: a frame now would slow the pass down.
    view_.state = SessionState::running;
    return std::exchange(pending_, std::nullopt);
  }

  /// The view's results with the request's own in its place.
  Result<LabResults> run_pass(Engine& engine, const LabRequest& request) {
    std::stop_token stop;
    LabResults results;
    {
      const std::scoped_lock lock(mutex_);
      stop = pass_stop_.get_token();
      results = view_.results;
    }
    try {
      const Result<void> done = run_request(
          engine, request, stop,
          [this](const std::string& what, double fraction) { report_progress(what, fraction); },
          results);
      if (!done) return tl::unexpected(done.error());
      return results;
    } catch (...) {
      return tl::unexpected(current_exception_as_error());
    }
  }

  void report_progress(const std::string& what, double fraction) {
    {
      const std::scoped_lock lock(mutex_);
      cancel_superseded();
      view_.progress = what;
      view_.progress_fraction = fraction;
      if (clock_() - woken_ < kBetweenWakes) return;
      woken_ = clock_();
    }
    if (wake_) wake_();
  }

  void finish_pass(Result<LabResults> results) {
    change([&] {
      view_.state = pending_ ? SessionState::running : SessionState::idle;
      view_.progress.clear();
      view_.progress_fraction = 0;
      if (results) {
        view_.results = *std::move(results);
        view_.error.reset();
      } else if (results.error().message != kCancelled) {
        view_.error = results.error();
      }
    });
  }

  /// Changes the view and tells the window.
  template <class Change>
  void change(Change apply) {
    {
      const std::scoped_lock lock(mutex_);
      apply();
    }
    if (wake_) wake_();
  }

  /// Call with the lock held.
  void cancel_superseded() {
    if (view_.state == SessionState::running && pending_ && clock_() - began_ > kUninterrupted)
      pass_stop_.request_stop();
  }

  const EngineLoader loader_;
  const std::function<void()> wake_;
  const SessionClock clock_;
  std::mutex mutex_;  // guards everything below, but thread_
  std::condition_variable_any work_arrived_;
  std::optional<LabRequest> pending_;
  std::stop_source pass_stop_;  // of the pass under way
  Time began_, woken_;          // of the pass under way
  SessionView view_;
  std::jthread thread_;
};

Session::Session(EngineLoader loader, std::function<void()> wake, SessionClock clock)
    : worker_(std::make_unique<Worker>(std::move(loader), std::move(wake), std::move(clock))) {}

Session::~Session() = default;

void Session::submit(LabRequest request) { worker_->submit(std::move(request)); }
void Session::cancel() { worker_->cancel(); }
bool Session::busy() const { return worker_->busy(); }
SessionView Session::view() const { return worker_->view(); }

}  // namespace nanscope
