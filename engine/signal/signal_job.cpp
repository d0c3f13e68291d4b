#include "engine/signal/signal_job.h"

#include <optional>
#include <utility>

namespace nanscope {
namespace {

class SignalJob final : public Job {
 public:
  SignalJob(SignalRequest request, SignalPass& pass, const Devices& devices)
      : request_(std::move(request)), pass_(pass), devices_(devices) {}
  ~SignalJob() override { pass_.abandon(); }

  Result<JobResult> advance(JobContext& context) override {
    try {
      return next_slice(context);
    } catch (...) {
      pass_.clear();
      throw;
    }
  }

 private:
  Result<JobResult> next_slice(JobContext& context) {
    if (!watch_) {
      watch_.emplace(context.stop(), context.progress());
      if (const auto begun = pass_.begin(request_, devices_); !begun)
        return tl::unexpected(begun.error());
      if (!context.may_take(pass_.forecast_seconds())) return cancelled_error();
    }
    const Result<bool> last = pass_.advance(*watch_, [&] { return context.slice_over(); });
    if (!last) return tl::unexpected(last.error());
    return *last ? JobResult::of(pass_.finish()) : JobResult();
  }

  SignalRequest request_;
  SignalPass& pass_;
  const Devices& devices_;
  std::optional<Watch> watch_;  ///< from the first slice on
};

}  // namespace

std::unique_ptr<Job> make_signal_job(SignalRequest request, SignalPass& pass,
                                     const Devices& devices) {
  return std::make_unique<SignalJob>(std::move(request), pass, devices);
}

}  // namespace nanscope
