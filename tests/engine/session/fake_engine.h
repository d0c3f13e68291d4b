#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <new>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "engine/probes/signal_request.h"
#include "engine/session/session.h"

// An engine whose passes begin and end when a test says so.
namespace nanscope::testing {

/// What the test and the fake engine share. A request's seed names it.
class Script {
 public:
  /// The pass with this seed may end.
  void finish(std::uint64_t seed) {
    const std::scoped_lock lock(mutex_);
    finished_.insert(seed);
    changed_.notify_all();
  }
  /// Waits until a pass with this seed has begun.
  void await_begin(std::uint64_t seed) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return std::find(begun_.begin(), begun_.end(), seed) != begun_.end(); });
  }
  std::vector<std::uint64_t> begun() const {
    const std::scoped_lock lock(mutex_);
    return begun_;
  }

  void begin(std::uint64_t seed) {
    const std::scoped_lock lock(mutex_);
    begun_.push_back(seed);
    changed_.notify_all();
  }
  /// True once finish(seed) was called, false if the pass was cancelled first.
  bool await_finish(std::uint64_t seed, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [&] { return finished_.count(seed) > 0; });
  }

  /// The slices so far, in their order: "slot" each.
  std::vector<std::string> slices() const {
    const std::scoped_lock lock(mutex_);
    return slices_;
  }
  /// Waits until so many slices have begun.
  void await_slices(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return slices_.size() >= count; });
  }
  /// From now on slices wait in their middle, or no longer.
  void hold_slices(bool hold) {
    const std::scoped_lock lock(mutex_);
    held_ = hold;
    changed_.notify_all();
  }
  /// One slice of a job, which takes so long.
  void slice(const std::string& slot, std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    slices_.push_back(slot);
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    now += static_cast<int>(time.count());
  }

  /// Whom wake() wakes.
  void call(std::function<void()> wake) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
  }
  void wake() {
    const std::scoped_lock lock(mutex_);
    wake_();
  }

  /// A slot whose latest job left nothing that is needed.
  void forget(const std::string& slot) {
    const std::scoped_lock lock(mutex_);
    forgotten_.push_back(slot);
    changed_.notify_all();
  }
  std::vector<std::string> forgotten() const {
    const std::scoped_lock lock(mutex_);
    return forgotten_;
  }

  // Where things happened.
  std::thread::id worker, destroyer;
  std::atomic<int> now{0};  ///< milliseconds, of the session's clock

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::uint64_t> begun_;
  std::set<std::uint64_t> finished_;
  std::vector<std::string> slices_, forgotten_;
  bool held_ = false;
  std::function<void()> wake_;
};

/// A job of so many slices of so many milliseconds. Its answer counts them.
struct SlicedRequest {
  using Answer = int;
  static constexpr std::string_view kSlot = "run";

  std::string name;
  int slices = 1;
  int milliseconds = 0;
  bool publishes = false;  ///< the count so far, after each slice
  bool rests = false;      ///< after each slice, until Script::wake()
  bool operator==(const SlicedRequest&) const = default;
};

class SlicedJob final : public Job {
 public:
  SlicedJob(SlicedRequest request, Script& script)
      : request_(std::move(request)), script_(script) {}
  Result<JobResult> advance(JobContext& context) override {
    script_.slice(request_.name, std::chrono::milliseconds(request_.milliseconds));
    if (context.stop().stop_requested()) return cancelled_error();
    context.progress()(Message::value(request_.name),
                       static_cast<double>(++done_) / request_.slices);
    if (done_ == request_.slices) return JobResult::of(done_);
    if (request_.publishes) context.publish(JobResult::of(done_));
    if (request_.rests) {
      script_.call(context.wake());
      context.rest();
    }
    return JobResult();
  }

 private:
  SlicedRequest request_;
  Script& script_;
  int done_ = 0;
};

/// The same without an engine.
struct LightRequest {
  using Answer = int;
  static constexpr std::string_view kSlot = "light";

  Script* script = nullptr;
  SlicedRequest work = {};
  std::unique_ptr<Job> make_job() const { return std::make_unique<SlicedJob>(work, *script); }
  bool operator==(const LightRequest&) const = default;
};

/// Finds out that it takes so many seconds, and ends at once where it may.
struct AskingRequest {
  using Answer = double;
  static constexpr std::string_view kSlot = "asking";

  double seconds = 0;
  std::unique_ptr<Job> make_job() const {
    return one_slice([seconds = seconds](const JobContext& context) -> Result<double> {
      if (!context.may_take(seconds)) return cancelled_error();
      return seconds;
    });
  }
  bool operator==(const AskingRequest&) const = default;
};

/// Seeds below 1000 wait for Script::finish; those above do what their name says at once.
constexpr std::uint64_t kSucceed = 1000, kFail = 1001, kOutOfMemory = 1002, kThrow = 1003,
                        kThrowNonsense = 1004;

class FakeEngine : public Engine {
 public:
  explicit FakeEngine(Script& script) : script_(script) {
    script_.worker = std::this_thread::get_id();
  }
  ~FakeEngine() override { script_.destroyer = std::this_thread::get_id(); }

  EngineInfo info() const override {
    EngineInfo info;
    info.libtorch_version = "fake";
    return info;
  }

  Result<std::unique_ptr<Job>> make_job(const JobRequest& asked) override {
    if (const auto* pass = asked.as<SignalRequest>())
      return one_slice(
          [this, request = *pass](const JobContext& context) { return signal(request, context); });
    if (const auto* sliced = asked.as<SlicedRequest>())
      return std::make_unique<SlicedJob>(*sliced, script_);
    return work_error("engine", "It knows no such request.");
  }
  void forget_unfinished(const std::string& slot) override { script_.forget(slot); }

 private:
  Result<SignalSnapshot> signal(const SignalRequest& request, const JobContext& context) {
    const std::uint64_t seed = request.experiment.network.seed;
    context.progress()(message("thinking"), 0.5);
    script_.begin(seed);
    if (seed == kFail) return work_error("device", "cuda is not there.");
    if (seed == kOutOfMemory) throw std::bad_alloc();
    if (seed == kThrow) throw std::runtime_error("a shape is wrong");
    if (seed == kThrowNonsense) throw 42;
    if (seed < kSucceed && !script_.await_finish(seed, context.stop())) return cancelled_error();
    SignalSnapshot snapshot;
    snapshot.experiment = request.experiment;
    return snapshot;
  }

  Script& script_;
};

}  // namespace nanscope::testing
