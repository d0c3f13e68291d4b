#include "engine/runs/trials_job.h"

#include <chrono>
#include <utility>

#include "engine/recipe/remedies.h"
#include "engine/recipe/run_history.h"
#include "engine/runs/training_job.h"

namespace nanscope {
namespace {

/// After so long others have their turn.
constexpr std::chrono::milliseconds kSlice{10};

class TrialsJob final : public Job {
 public:
  explicit TrialsJob(TrialsRequest request) : request_(std::move(request)) {}

  Result<JobResult> advance(JobContext& context) override {
    if (next_ == request_.remedies.size()) return JobResult::of(tried_);
    if (!run_) begin();
    JobContext own(context.stop(), {}, kSlice);
    const Result<JobResult> result = run_ ? run_->advance(own) : cancelled_error();
    if (context.stop().stop_requested()) return cancelled_error();
    if (result && !*result) return JobResult();
    if (result) take(*result->as<RunSummary>());
    run_.reset();
    ++next_;
    if (context.publishes()) context.publish(JobResult::of(tried_));
    return JobResult();
  }

 private:
  void begin() {
    Result<Experiment> experiment = with_remedy(request_.experiment, request_.remedies[next_]);
    if (!experiment) return;
    experiment->training.steps = request_.steps;
    run_ = make_training_job({.experiment = *std::move(experiment), .autopsy = false});
  }

  void take(const RunSummary& run) {
    tried_.push_back({.remedy = request_.remedies[next_],
                      .finite = !run.first_nonfinite,
                      .steps = run.steps,
                      .first_loss = run.history->loss.front(),
                      .last_loss = run.last.loss});
  }

  TrialsRequest request_;
  std::size_t next_ = 0;
  std::unique_ptr<Job> run_;  ///< of the next one
  std::vector<Trial> tried_;
};

}  // namespace

std::unique_ptr<Job> make_trials_job(TrialsRequest request) {
  return std::make_unique<TrialsJob>(std::move(request));
}

}  // namespace nanscope
