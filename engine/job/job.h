#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "engine/base/message.h"
#include "engine/base/result.h"
#include "engine/job/job_result.h"

// Work in slices, so that several pieces of it take turns on one thread.
namespace nanscope {

/// Called from the worker while a long step is under way: what it does, 0..1 how far it is (0 where
/// nobody knows).
using Progress = std::function<void(const Message& what, double fraction)>;

/// Seconds of predicted work from which on a person is asked first, or told at least.
inline constexpr double kLongWork = 30;

/// Told how many seconds work will take, predicted, before it is begun in earnest. False: not
/// without the person's word.
using Consent = std::function<bool(double seconds)>;

/// Shows what a job has so far, while it goes on.
using Publish = std::function<void(JobResult so_far)>;

/// Gives a job that rests its turns again; any thread may call it.
using Wake = std::function<void()>;

/// What a job sees of those it works for. One object from its first slice to its last.
class JobContext {
 public:
  using Clock = std::chrono::steady_clock;

  /// Slices last for `slice`, or for as long as the job has work. Without `consent` it may take as
  /// long as it does.
  JobContext(std::stop_token stop, Progress progress,
             Clock::duration slice = Clock::duration::max(), Consent consent = {},
             Publish publish = {}, Wake wake = {})
      : stop_(std::move(stop)),
        progress_(std::move(progress)),
        slice_(slice),
        consent_(std::move(consent)),
        publish_(std::move(publish)),
        wake_(std::move(wake)) {
    begin_slice();
  }

  const std::stop_token& stop() const { return stop_; }
  const Progress& progress() const { return progress_; }
  /// Whether the job may go on to take about so many seconds. If not, it ends as cancelled, and is
  /// begun anew once it may.
  bool may_take(double seconds) const { return !consent_ || consent_(seconds); }
  /// Whether anybody sees what is published.
  bool publishes() const { return publish_ != nullptr; }
  /// Stands for the result until there is one. As often as people can see it, 30 times a second.
  void publish(JobResult so_far) const { publish_(std::move(so_far)); }
  /// Whether others should have their turn now.
  bool slice_over() const { return Clock::now() >= slice_end_; }
  /// Whether the job may wait for somebody's word; without that it goes on to its end.
  bool may_rest() const { return wake_ != nullptr; }
  /// It wants no turn until it is woken or asked to stop: at the end of a slice without a result.
  void rest() { rests_ = true; }
  bool rests() const { return rests_; }
  /// A call while the slice goes on counts, too.
  const Wake& wake() const { return wake_; }
  void begin_slice() {
    rests_ = false;
    slice_end_ =
        slice_ == Clock::duration::max() ? Clock::time_point::max() : Clock::now() + slice_;
  }

 private:
  std::stop_token stop_;
  Progress progress_;
  Clock::duration slice_;
  Consent consent_;
  Publish publish_;
  Wake wake_;
  bool rests_ = false;
  Clock::time_point slice_end_;
};

/// One piece of work. All calls come from one thread. A job may be destroyed between two slices: it
/// leaves what it shares with later jobs (buffers, drawn weights) usable.
class Job {
 public:
  virtual ~Job() = default;
  /// Does one slice, of well below 50 ms where that can be. The result, once there is one; until
  /// then an empty one, and it wants to be called again. Error: why there will be none; of the kind
  /// `cancelled` when the context asked to stop. After result or error it is not called again.
  virtual Result<JobResult> advance(JobContext& context) = 0;
};

/// Advances a job to its end on this thread.
Result<JobResult> run_job(Job& job, JobContext& context);

/// A job of one slice: work(context) -> Result<T>.
template <class Work>
class OneSlice final : public Job {
 public:
  explicit OneSlice(Work work) : work_(std::move(work)) {}
  Result<JobResult> advance(JobContext& context) override {
    return work_(context).map(
        [](auto&& value) { return JobResult::of(std::forward<decltype(value)>(value)); });
  }

 private:
  Work work_;
};
template <class Work>
std::unique_ptr<Job> one_slice(Work work) {
  return std::make_unique<OneSlice<Work>>(std::move(work));
}

}  // namespace nanscope
