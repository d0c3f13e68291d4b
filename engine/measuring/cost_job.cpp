#include "engine/measuring/cost_job.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/clock.h"
#include "engine/experiment/validate.h"
#include "engine/machine/memory.h"
#include "engine/measuring/step_meter.h"
#include "engine/plan/plan.h"
#include "engine/plan/task.h"
#include "engine/precision/precision.h"
#include "engine/runs/network_runs.h"
#include "engine/signal/thread_choice.h"

namespace nanscope {
namespace {

constexpr int kWarmUps = 2;  ///< steps that nobody times: caches and threads wake up

/// Steps are timed as they are without looks at layers and at what is held out.
Experiment without_looks(Experiment experiment) {
  experiment.training.statistics = experiment.training.evaluate = 0;
  return experiment;
}

/// Where the block begins that a tensor is in, or a view of.
const void* block_of(const at::Tensor& tensor) { return tensor.storage().data(); }

class CostJob final : public Job {
 public:
  CostJob(CostMeasurementRequest request, Machine machine, CostSpan span)
      : request_(std::move(request)), span_(span), ledger_(std::make_shared<AllocatorLedger>()) {
    costs_.experiment = request_.experiment;
    costs_.machine = std::move(machine);
  }
  Result<JobResult> advance(JobContext& context) override {
    const LedgerScope scope(ledger_);
    if (!runs_)
      if (const auto begun = begin(); !begun) return tl::unexpected(begun.error());
    while (!is_done()) {
      if (context.stop().stop_requested()) return cancelled_error();
      tell(context);
      step();
      if (steps_ == 1 && !context.may_take(span_.fewest * 2 * last_seconds_))
        return cancelled_error();
      if (context.slice_over() && !is_done()) return JobResult();
    }
    finish();
    return JobResult::of(std::move(costs_));
  }

 private:
  Result<void> begin() {
    const Experiment experiment = without_looks(request_.experiment);
    if (const auto errors = validate(experiment); !errors.empty())
      return tl::unexpected(errors.front());
    auto runs = NetworkRuns::make(experiment);
    if (!runs) return tl::unexpected(runs.error());
    runs_ = *std::move(runs);
    const auto task = training_task(experiment);
    if (!task) return tl::unexpected(task.error());
    PredictedCosts predicted = predicted_costs(experiment, *task, runs_->plan());
    costs_.predicted = std::move(predicted.plan);
    costs_.timeline = std::move(predicted.timeline);
    costs_.beside = std::move(predicted.beside);
    costs_.threads = runs_->threads();
    const auto row =
        precision_row(experiment.network.precision, experiment.network.execution, /*cuda=*/false);
    costs_.emulated = row && row->emulated;
    costs_.computed_in = !row || row->emulated ? "fp32" : std::string(row->linear_input->name);
    meter_.emplace(costs_.timeline, experiment.training.accumulation, *ledger_);
    began_ = Clock::now();
    return {};
  }

  bool is_done() const {
    const double seconds = seconds_since(began_);
    if (unseen_.empty() || looks_ == 0) return false;
    const int timed = static_cast<int>(unseen_.size());
    return timed >= span_.most || seconds > span_.too_much ||
           (timed >= span_.fewest && seconds > span_.enough && meter_->has_seen_all());
  }

  void tell(const JobContext& context) const {
    const double seconds = seconds_since(began_);
    if (context.progress())
      context.progress()(message("measuring steps"), std::min(0.99, seconds / span_.enough));
  }

  /// In turns: one that nobody looks at, whose seconds count, and one that is looked at.
  void step() {
    const bool looks = steps_ >= kWarmUps && looks_ < static_cast<int>(unseen_.size());
    // What other networks take meanwhile would count for the one that is looked at.
    const ThreadLimit limit(looks && runs_->count() > 1 ? 1 : runs_->threads());
    const auto begin = Clock::now();
    if (looks) {
      meter_->begin();
      runs_->step({&*meter_});
      meter_->end();
      ++looks_;
    } else {
      runs_->step();
    }
    last_seconds_ = seconds_since(begin);
    if (!looks && steps_ >= kWarmUps) unseen_.push_back(last_seconds_);
    ++steps_;
  }

  void finish() {
    std::ranges::sort(unseen_);
    costs_.seconds_per_step = unseen_[unseen_.size() / 2];
    costs_.steps = static_cast<int>(unseen_.size());
    costs_.rows = meter_->rows();
    costs_.peak = meter_->peak();
    costs_.resident = resident_memory();
    measure_buffers();
    name_residual();
  }

  /// Networks have parts of the same blocks: the first one's plan knows them all.
  void measure_buffers() {
    const Plan& plan = runs_->network(0).plan();
    std::vector<std::int64_t> blocks;
    for (const at::Tensor& buffer : plan.buffers())
      blocks.push_back(AllocatorLedger::bytes_of(buffer));
    costs_.memory = plan_memory(plan.description(), blocks);
    LayeredMemory layered = layered_memory(plan.description(), blocks);
    costs_.layers = std::move(layered.own);
    costs_.shared = layered.shared;
  }

  void name_residual() {
    std::set<const void*> counted;
    std::int64_t named = 0;
    const auto add = [&](std::string_view name, std::int64_t bytes) {
      if (bytes == 0) return;
      const auto known = std::ranges::find(costs_.residual, name, &ResidualPart::name);
      if (known != costs_.residual.end())
        known->bytes += bytes;
      else
        costs_.residual.push_back({std::string(name), bytes});
      named += bytes;
    };
    for (int k = 0; k < runs_->count(); ++k)
      for (const auto& [what, tensors] : runs_->network(k).beside_plan())
        for (const at::Tensor& tensor : tensors)
          if (counted.insert(block_of(tensor)).second) add(what, AllocatorLedger::bytes_of(tensor));
    // What it holds between two steps and nobody named; then what a step adds to it: as predicted
    // of the moment of the peak, and what else oneDNN and single numbers took.
    add("unnamed", ledger_->live() - costs_.memory.total() - named);
    const std::int64_t added = costs_.residual_bytes() - named;
    add("temporaries", std::min(added, costs_.timeline.rows[costs_.peak_row()].temporaries));
    add("workspace", costs_.residual_bytes() - named);
  }

  CostMeasurementRequest request_;
  CostSpan span_;
  std::shared_ptr<AllocatorLedger> ledger_;
  std::unique_ptr<NetworkRuns> runs_;  ///< from the first slice on
  std::optional<StepMeter> meter_;
  MeasuredCosts costs_;
  std::vector<double> unseen_;  ///< seconds of steps that nobody looked at
  int steps_ = 0, looks_ = 0;
  double last_seconds_ = 0;
  Clock::time_point began_;
};

}  // namespace

std::unique_ptr<Job> make_cost_job(CostMeasurementRequest request, Machine machine, CostSpan span) {
  return std::make_unique<CostJob>(std::move(request), std::move(machine), span);
}

}  // namespace nanscope
