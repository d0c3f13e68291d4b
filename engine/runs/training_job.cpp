#include "engine/runs/training_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/machine/watch.h"
#include "engine/runs/training_run.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

/// Steps after which is known how long the run will take; the first ones are slower.
constexpr std::int64_t kStepsToForecast = 10;

/// Multiply-adds of the plan's largest matrix product.
double largest_product(const PlanDescription& plan) {
  double largest = 0;
  for (const PlanOperation& operation : plan.operations)
    largest = std::max(largest, operation.forward.flops / 2);
  return largest;
}

class TrainingJob final : public Job {
 public:
  explicit TrainingJob(TrainingRequest request) : request_(std::move(request)) {}

  Result<JobResult> advance(JobContext& context) override {
    if (!run_)
      if (const auto begun = begin(context); !begun) return tl::unexpected(begun.error());
    const ThreadLimit limit(threads_);
    const auto begin = Clock::now();
    const bool over = take_steps(context);
    summary_.seconds += std::chrono::duration<double>(Clock::now() - begin).count();
    if (over) {
      summary_.held_out = run_->look_at_held_out();
      return JobResult::of(summary_);
    }
    return may_go_on(context) ? Result<JobResult>(JobResult()) : cancelled_error();
  }

 private:
  Result<void> begin(const JobContext& context) {
    const Experiment& experiment = request_.experiment;
    if (const auto errors = validate(experiment); !errors.empty())
      return tl::unexpected(errors.front());
    auto run = TrainingRun::make(experiment);
    if (!run) return tl::unexpected(run.error());
    run_ = *std::move(run);
    watch_.emplace(context.stop(), context.progress());
    const PlanDescription& plan = run_->plan().description();
    threads_ = useful_threads(largest_product(plan));
    now_ = experiment;
    summary_ = {.experiment = experiment,
                .changes = request_.changes,
                .memory = plan.bytes_by_role(),
                .forward_flops = plan.forward_cost().flops,
                .backward_flops = plan.backward_cost().flops};
    return {};
  }

  /// Until the slice is over, or the run. Returns whether the run is.
  bool take_steps(JobContext& context) {
    const int steps = request_.experiment.training.steps;
    do {
      const auto step = static_cast<int>(summary_.steps);
      if (!watch_->step("training, step {} of {}", step, steps,
                        static_cast<double>(step) / steps)) {
        summary_.stopped = true;
        return true;
      }
      apply_changes();
      if (!take(run_->step()) || summary_.steps == steps) return true;
    } while (!context.slice_over() && summary_.steps != kStepsToForecast);
    return false;
  }

  /// Those before the next step.
  void apply_changes() {
    for (const LiveChange& change : request_.changes) {
      if (change.step != summary_.steps) continue;
      now_ = with_key(now_, change.key, change.value).value();
      run_->change(now_.training);
      if (request_.sink) request_.sink->take(change);
    }
  }

  /// Whether the run goes on.
  bool take(const RunStep& step) {
    ++summary_.steps;
    summary_.last = step;
    if (!summary_.first_nonfinite && !(std::isfinite(step.loss) && std::isfinite(step.grad_norm))) {
      const bool is_loss = !std::isfinite(step.loss);
      summary_.first_nonfinite = {
          .step = step.step, .is_loss = is_loss, .value = is_loss ? step.loss : step.grad_norm};
    }
    summary_.stopped = request_.sink && !request_.sink->take(step);
    return !summary_.stopped;
  }

  bool may_go_on(const JobContext& context) const {
    if (summary_.steps != kStepsToForecast) return true;
    const double left = request_.experiment.training.steps - static_cast<double>(summary_.steps);
    return context.may_take(left / summary_.steps_per_second());
  }

  TrainingRequest request_;
  Experiment now_;                    ///< with the changes so far
  std::unique_ptr<TrainingRun> run_;  ///< from the first slice on
  std::optional<Watch> watch_;
  int threads_ = 1;
  RunSummary summary_;
};

}  // namespace

std::unique_ptr<Job> make_training_job(TrainingRequest request) {
  return std::make_unique<TrainingJob>(std::move(request));
}

}  // namespace nanscope
