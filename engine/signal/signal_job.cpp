#include "engine/signal/signal_job.h"

#include <optional>
#include <utility>

namespace nanscope {
namespace {

using Seconds = std::chrono::duration<double>;

class SignalJob final : public Job {
 public:
  SignalJob(SignalRequest request, SignalPass& pass, const Devices& devices, Seconds telling)
      : request_(std::move(request)), pass_(pass), devices_(devices), telling_(telling) {}
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
    const auto begin = std::chrono::steady_clock::now();
    const Result<bool> last = pass_.advance(*watch_, [&] { return context.slice_over(); });
    worked_ += std::chrono::steady_clock::now() - begin;
    if (!last) return tl::unexpected(last.error());
    if (*last) return JobResult::of(pass_.finish());
    if (!may_go_on(context)) return cancelled_error();
    return JobResult();
  }

  bool may_go_on(const JobContext& context) {
    if (told_ || worked_ < telling_ || watch_->fraction() <= 0) return true;
    told_ = true;
    return context.may_take(worked_.count() / watch_->fraction());
  }

  SignalRequest request_;
  SignalPass& pass_;
  const Devices& devices_;
  Seconds telling_;  ///< work that tells how long the whole takes
  Seconds worked_{0};
  bool told_ = false;
  std::optional<Watch> watch_;  ///< from the first slice on
};

}  // namespace

std::unique_ptr<Job> make_signal_job(SignalRequest request, SignalPass& pass,
                                     const Devices& devices, Seconds telling) {
  return std::make_unique<SignalJob>(std::move(request), pass, devices, telling);
}

}  // namespace nanscope
