#include "engine/runs/training_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/experiment/validate.h"
#include "engine/machine/watch.h"
#include "engine/precision/precision.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/remedies.h"
#include "engine/recipe/run_history.h"
#include "engine/runs/training_run.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

using Clock = std::chrono::steady_clock;

/// Steps after which is known how long the run will take; the first ones are slower.
constexpr std::int64_t kStepsToForecast = 10;
/// From one published history to the next: as people see it, and so that copying it costs the run
/// a twentieth at most.
constexpr auto kBetweenNews = std::chrono::milliseconds(33);
constexpr int kNewsShare = 20;

/// Multiply-adds of the plan's largest matrix product.
double largest_product(const PlanDescription& plan) {
  double largest = 0;
  for (const PlanOperation& operation : plan.operations)
    largest = std::max(largest, operation.forward.flops / 2);
  return largest;
}

bool is_emulated(const NetworkSpec& network) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && row->emulated;
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
    if (over || is_checkpoint())
      if (const auto kept = keep_checkpoint(); !kept) return tl::unexpected(kept.error());
    if (over) {
      summary_.held_out = run_->look_at_held_out();
      if (summary_.held_out) history_.add(static_cast<double>(summary_.steps), *summary_.held_out);
      return JobResult::of(so_far());
    }
    publish(context);
    return may_go_on(context) ? Result<JobResult>(JobResult()) : cancelled_error();
  }

 private:
  RunSummary so_far() const {
    RunSummary summary = summary_;
    if (!request_.sink) summary.history = std::make_shared<const RunHistory>(history_);
    return summary;
  }

  void publish(const JobContext& context) {
    if (request_.sink || !context.publishes() || Clock::now() < next_news_) return;
    const auto begin = Clock::now();
    context.publish(JobResult::of(so_far()));
    const auto end = Clock::now();
    next_news_ = end + std::max<Clock::duration>(kBetweenNews, kNewsShare * (end - begin));
  }

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
    summary_ = {.experiment = experiment,
                .changes = request_.changes,
                .emulated = is_emulated(experiment.network),
                .memory = plan.bytes_by_role(),
                .forward_flops = plan.forward_cost().flops,
                .backward_flops = plan.backward_cost().flops};
    return request_.from ? go_on_from(*request_.from) : Result<void>();
  }

  Result<void> go_on_from(const Checkpoint& checkpoint) {
    if (const auto restored = run_->restore(checkpoint); !restored) return restored;
    summary_.steps = summary_.resumed_after = checkpoint.steps;
    summary_.skipped = run_->steps_skipped();
    summary_.first_nonfinite = checkpoint.first_nonfinite;
    run_->change(before_step(request_.experiment, request_.changes, checkpoint.steps - 1).training);
    return {};
  }

  bool is_checkpoint() const { return request_.every > 0 && summary_.steps % request_.every == 0; }

  Result<void> keep_checkpoint() {
    if (request_.checkpoint.empty()) return {};
    Checkpoint checkpoint{.experiment = request_.experiment,
                          .changes = request_.changes,
                          .first_nonfinite = summary_.first_nonfinite};
    run_->save(checkpoint);
    summary_.checkpoint = checkpoint_path(request_.checkpoint, checkpoint.steps);
    return write_checkpoint(summary_.checkpoint, checkpoint);
  }

  /// Until the slice is over, or the run. Returns whether the run is.
  bool take_steps(JobContext& context) {
    const int steps = request_.experiment.training.steps;
    if (summary_.steps >= steps) return true;
    do {
      const auto step = static_cast<int>(summary_.steps);
      if (!watch_->step("training, step {} of {}", step, steps,
                        static_cast<double>(step) / steps)) {
        summary_.stopped = true;
        return true;
      }
      apply_changes();
      if (!take(run_->step()) || summary_.steps == steps) return true;
    } while (!context.slice_over() && !is_checkpoint() && !is_forecast());
    return false;
  }

  /// Those before the next step.
  void apply_changes() {
    for (const LiveChange& change : request_.changes) {
      if (change.step != summary_.steps) continue;
      run_->change(before_step(request_.experiment, request_.changes, summary_.steps).training);
      if (request_.sink) request_.sink->take(change);
    }
  }

  /// Whether the run goes on.
  bool take(const RunStep& step) {
    ++summary_.steps;
    summary_.last = step;
    if (!request_.sink) history_.add(step);
    summary_.skipped += step.skipped;
    // Loss scaling steps over gradients that overflow; a loss that does is lost.
    const bool finite = std::isfinite(step.loss) && (std::isfinite(step.grad_norm) || step.skipped);
    if (!summary_.first_nonfinite && !finite) {
      const bool is_loss = !std::isfinite(step.loss);
      summary_.first_nonfinite = {
          .step = step.step, .is_loss = is_loss, .value = is_loss ? step.loss : step.grad_norm};
      summary_.first_nonfinite->remedies = remedies(
          before_step(request_.experiment, request_.changes, step.step), *summary_.first_nonfinite);
    }
    summary_.stopped = request_.sink && !request_.sink->take(step);
    return !summary_.stopped;
  }

  bool is_forecast() const { return summary_.steps - summary_.resumed_after == kStepsToForecast; }

  bool may_go_on(const JobContext& context) const {
    if (!is_forecast()) return true;
    const double left = request_.experiment.training.steps - static_cast<double>(summary_.steps);
    return context.may_take(left / summary_.steps_per_second());
  }

  TrainingRequest request_;
  std::unique_ptr<TrainingRun> run_;  ///< from the first slice on
  std::optional<Watch> watch_;
  int threads_ = 1;
  RunSummary summary_;  ///< without its history
  RunHistory history_;
  Clock::time_point next_news_;
};

}  // namespace

std::unique_ptr<Job> make_training_job(TrainingRequest request) {
  return std::make_unique<TrainingJob>(std::move(request));
}

}  // namespace nanscope
