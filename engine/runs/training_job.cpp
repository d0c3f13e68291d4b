#include "engine/runs/training_job.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/machine/watch.h"
#include "engine/plan/plan.h"
#include "engine/plan/task.h"
#include "engine/precision/precision.h"
#include "engine/recipe/acting_keys.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/run_history.h"
#include "engine/runs/condition_probe.h"
#include "engine/runs/gradient_probe.h"
#include "engine/runs/network_runs.h"
#include "engine/runs/run_deaths.h"
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
/// The plane is looked at in no more than this share of the time, and the gradients in no more than
/// that of the news.
constexpr int kSurfaceShare = 10;
constexpr auto kLookAtPlanes = std::chrono::milliseconds(50);

bool is_emulated(const NetworkSpec& network) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && row->emulated;
}

/// What the buffers of the same run would hold in fp32.
std::int64_t bytes_in_fp32(Experiment experiment) {
  experiment.network.precision = Precision::fp32;
  const auto task = training_task(experiment);
  if (!task) return 0;
  const auto plan = describe_training(experiment, *task);
  return plan ? plan->bytes() : 0;
}

class TrainingJob final : public Job {
 public:
  explicit TrainingJob(TrainingRequest request) : request_(std::move(request)) {}
  ~TrainingJob() override {
    if (!request_.control) return;
    request_.control->call({});
    if (const std::string path = request_.control->state_wanted(); !path.empty())
      request_.control->answer_state(
          work_error(path, "The run ended before its state was written; nothing was."));
  }

  Result<JobResult> advance(JobContext& context) override {
    if (!run_)
      if (const auto begun = begin(context); !begun) return tl::unexpected(begun.error());
    const ThreadLimit limit(run_->threads());
    slice_began_ = Clock::now();
    counted_steps_ = summary_.steps;
    const End end = take_steps(context);
    count_seconds();
    if (end == End::run || (end == End::slice && !deaths_->searches() && is_checkpoint()))
      if (const auto kept = keep_checkpoint(); !kept) return tl::unexpected(kept.error());
    keep_wanted_state();
    // As in the window, where a run that died waits and is not looked at.
    const bool died = request_.control && !rests_ && summary_.is_lost() && !summary_.is_over();
    if (end == End::run && !died) look_at_the_end();
    if (end == End::run && (!rests_ || summary_.stopped)) {
      if (!request_.sink) look_at_planes(/*all=*/true);
      return JobResult::of(so_far());
    }
    publish(context, end != End::slice);
    if (end != End::slice) context.rest();
    return may_go_on(context) ? Result<JobResult>(JobResult()) : cancelled_error();
  }

 private:
  /// Why it takes no step: others have their turn, a person wants it to wait, it is over.
  enum class End { slice, rest, run };

  double seconds_of_slice() const {
    return std::chrono::duration<double>(Clock::now() - slice_began_).count();
  }

  /// What the steps of the slice have taken: not what is done after it to find where a run died,
  /// nor a slice that took none.
  void count_seconds() {
    if (summary_.steps > counted_steps_) summary_.seconds += seconds_of_slice();
    counted_steps_ = summary_.steps;
    slice_began_ = Clock::now();
  }

  RunSummary so_far() const {
    RunSummary summary = summary_;
    if (!request_.sink) summary.history = std::make_shared<const RunHistory>(history_);
    return summary;
  }

  void publish(const JobContext& context, bool at_once) {
    if (request_.sink || !context.publishes() || (!at_once && Clock::now() < next_news_)) return;
    if (at_once || Clock::now() >= next_surface_) look_at_planes(/*all=*/false);
    const auto begin = Clock::now();
    context.publish(JobResult::of(so_far()));
    const auto end = Clock::now();
    next_news_ = end + std::max<Clock::duration>(kBetweenNews, kNewsShare * (end - begin));
  }

  /// What the networks make of the plane, one after the other; unless it is all of them, as many as
  /// nobody waits for, and the others the next time.
  void look_at_planes(bool all) {
    const auto begin = Clock::now();
    for (int looked = 0; looked < run_->count(); ++looked) {
      const std::optional<DecisionSurface> found = run_->look_at_plane(next_network_);
      if (!found) return;
      auto surface = std::make_shared<const DecisionSurface>(*found);
      if (next_network_ == 0)
        summary_.surface = std::move(surface);
      else
        summary_.other_surfaces[static_cast<std::size_t>(next_network_) - 1] = std::move(surface);
      next_network_ = (next_network_ + 1) % run_->count();
      if (!all && Clock::now() - begin > kLookAtPlanes) break;
    }
    const auto end = Clock::now();
    next_surface_ = end + kSurfaceShare * (end - begin);
  }

  /// What the run's file of data holds. Errors: not what it has to.
  Result<std::optional<FileBytes>> look_at_data() const {
    if (request_.data_is_read) return request_.data;
    const auto now = data_of(request_.experiment.data);
    if (const auto same = check_data(request_.data, now, request_.experiment.data.path); !same)
      return tl::unexpected(same.error());
    return now;
  }

  Result<void> begin(const JobContext& context) {
    const Experiment& experiment = request_.experiment;
    if (const auto errors = validate(experiment); !errors.empty())
      return tl::unexpected(errors.front());
    auto run = NetworkRuns::make(experiment);
    if (!run) return tl::unexpected(run.error());
    run_ = *std::move(run);
    const auto data = look_at_data();
    if (!data) return tl::unexpected(data.error());
    watch_.emplace(context.stop(), context.progress());
    const PlanDescription& plan = run_->plan();
    const int passes = experiment.training.accumulation;
    now_ = wished_ = experiment;
    if (request_.control) wished_.training = request_.control->first().training;
    summary_ = {
        .experiment = experiment,
        .changes = request_.changes,
        .data = *data,
        .goal = experiment.training.steps,
        .emulated = is_emulated(experiment.network),
        .memory = plan.bytes_by_role(),
        .fp32_memory = bytes_in_fp32(experiment),
        .forward_flops = passes * plan.forward_cost().flops,
        .backward_flops = passes * (plan.backward_cost().flops - plan.recomputed_cost().flops),
        .recomputed_flops = passes * plan.recomputed_cost().flops,
        .batches_per_epoch = run_->batches_per_epoch()};
    if (run_->count() > 1) {
      summary_.networks.resize(static_cast<std::size_t>(run_->count()));
      summary_.other_surfaces.resize(static_cast<std::size_t>(run_->count()) - 1);
    }
    if (!request_.sink) run_->look_at_all();  // a person may choose whose layers are shown
    deaths_.emplace(request_.experiment, *run_, summary_, request_.autopsy);
    rests_ = request_.control && context.may_rest();
    if (rests_) request_.control->call(context.wake());
    return request_.from ? go_on_from(*request_.from) : Result<void>();
  }

  Result<void> go_on_from(const Checkpoint& checkpoint) {
    if (const auto restored = deaths_->go_on_from(checkpoint); !restored) return restored;
    summary_.steps = summary_.resumed_after = checkpoint.steps;
    read_scaler();
    now_ = before_step(request_.experiment, request_.changes, checkpoint.steps - 1);
    while (next_change_ < request_.changes.size() &&
           request_.changes[next_change_].step < checkpoint.steps)
      ++next_change_;
    run_->change(now_.training);
    summary_.goal = now_.training.steps;
    return {};
  }

  /// The loss of what is held out, once for a number of steps.
  void look_at_the_end() {
    if (looked_after_ == summary_.steps) return;
    looked_after_ = summary_.steps;
    summary_.held_out = run_->look_at_held_out();
    if (summary_.held_out) history_.add(static_cast<double>(summary_.steps), *summary_.held_out);
    if (conditions_) summary_.conditions = conditions_->look_at_the_end();
  }

  bool is_checkpoint() const { return request_.every > 0 && summary_.steps % request_.every == 0; }

  /// Before a step: whether an autopsy of a run that goes on from a checkpoint would begin here.
  bool is_before_checkpoint() const {
    const std::int64_t steps = summary_.steps + StatesBefore::kSteps;
    return (request_.every > 0 && steps % request_.every == 0) || steps == summary_.goal;
  }

  Result<void> keep_checkpoint() {
    if (request_.checkpoint.empty()) return {};
    return write_state(checkpoint_path(request_.checkpoint, summary_.steps));
  }

  Result<void> write_state(const std::string& path) {
    Checkpoint checkpoint{
        .experiment = request_.experiment, .changes = summary_.changes, .data = summary_.data};
    run_->save(checkpoint);
    deaths_->save(checkpoint);
    summary_.checkpoint = path;
    return write_checkpoint(path, checkpoint);
  }

  /// In the file that a person named. While it is searched where a run stopped being finite, its
  /// state is one of before.
  void keep_wanted_state() {
    if (!request_.control || deaths_->searches()) return;
    const std::string path = request_.control->state_wanted();
    if (path.empty()) return;
    const Result<void> kept = write_state(path);
    request_.control->answer_state(kept ? Result<std::string>(path)
                                        : Result<std::string>(tl::unexpected(kept.error())));
  }

  /// The step that it goes to: of a run that cannot rest on its way, where that is wished.
  std::int64_t goes_to() const {
    return request_.control && !rests_ ? std::min(summary_.goal, request_.control->wish().until)
                                       : summary_.goal;
  }

  End take_steps(JobContext& context) {
    do {
      if (deaths_->searches()) {
        count_seconds();
        deaths_->search();
        slice_began_ = Clock::now();
        continue;
      }
      const RunWish wish = request_.control
                               ? request_.control->wish()
                               : RunWish{.past_nonfinite = true, .training = wished_.training};
      apply_changes();
      // A run at its end can only be made longer.
      take_wishes(wish.training, /*only_steps=*/true);
      if (summary_.is_over()) {
        deaths_->notice_at_the_end();
        if (deaths_->searches()) continue;
        return End::run;
      }
      deaths_->go_on_behind_the_end();
      const bool died = summary_.is_lost() && !wish.past_nonfinite;
      if (!died) take_wishes(wish.training, /*only_steps=*/false);
      if (died || wish.until <= summary_.steps) {
        if (rests_) return End::rest;
        summary_.stopped = true;  // nobody could let it go on
        return End::run;
      }
      const auto step = static_cast<int>(summary_.steps), steps = static_cast<int>(goes_to());
      if (!watch_->step("training, step {} of {}", step, steps,
                        static_cast<double>(step) / steps)) {
        summary_.stopped = true;
        return End::run;
      }
      deaths_->keep_states(!request_.checkpoint.empty() && request_.autopsy,
                           is_before_checkpoint());
      std::vector<WeightConditions> conditions = look_at_conditions();
      RunStep step_taken = take_step();
      if (!conditions.empty()) {
        step_taken.conditions = conditions.front();
        step_taken.other_conditions.assign(conditions.begin() + 1, conditions.end());
      }
      if (!take(std::move(step_taken))) return End::run;
    } while (deaths_->searches() ? !context.slice_over() : summary_.is_over() || !pauses(context));
    return End::slice;
  }

  /// Before a step: of the first network, and of those behind it where somebody may choose.
  std::vector<WeightConditions> look_at_conditions() {
    told_conditions_ = false;
    const int every = now_.training.statistics;
    if (every == 0) return {};
    if (!conditions_) {
      std::vector<const Plan*> plans;
      for (int k = 0; k < run_->count(); ++k) plans.push_back(&run_->network(k).plan());
      conditions_.emplace(std::move(plans));
    }
    told_conditions_ = conditions_->is_of_lines(summary_.steps, every);
    if (request_.sink)
      return told_conditions_ ? std::vector{conditions_->of_first()}
                              : std::vector<WeightConditions>();
    std::vector<WeightConditions> found = conditions_->look(summary_.steps, summary_.goal);
    return found.empty() && told_conditions_ ? conditions_->measure() : found;
  }

  /// Looks at its gradients now and then, as often as there are news, and at those of the last
  /// step.
  RunStep take_step() {
    const bool last = summary_.steps + 1 == summary_.goal;
    if (request_.sink || (!last && Clock::now() < next_gradients_)) return run_->step();
    std::vector<GradientProbe> probes;
    std::vector<StepWatch*> watches;
    probes.reserve(static_cast<std::size_t>(run_->count()));
    for (int k = 0; k < run_->count(); ++k)
      watches.push_back(&probes.emplace_back(run_->network(k)));
    const RunStep step = run_->step(watches);
    Clock::duration taken{};
    summary_.other_gradients.clear();
    for (const GradientProbe& probe : probes) {
      taken += probe.taken();
      auto found = std::make_shared<const GradientMagnitudes>(probe.magnitudes());
      if (&probe == &probes.front())
        summary_.gradients = std::move(found);
      else
        summary_.other_gradients.push_back(std::move(found));
    }
    next_gradients_ = Clock::now() + std::max<Clock::duration>(kBetweenNews, kNewsShare * taken);
    return step;
  }

  /// Others have their turn, or a number of steps is of note.
  bool pauses(const JobContext& context) const {
    return context.slice_over() || is_checkpoint() || is_forecast();
  }

  /// Those before the next step.
  void apply_changes() {
    for (; next_change_ < request_.changes.size(); ++next_change_) {
      const LiveChange& change = request_.changes[next_change_];
      if (change.step > summary_.steps) return;
      apply(change);
    }
  }

  /// What a person wishes otherwise than before is a change before the next step.
  void take_wishes(const TrainingSpec& training, bool only_steps) {
    if (training == wished_.training) return;
    Experiment wished = wished_;
    wished.training = training;
    for (const Key* key : live_run_keys()) {
      if (only_steps && key->name != "steps") continue;
      if (key->get(wished) == key->get(wished_)) continue;
      key->set(wished_, key->get(wished));
      Experiment next = now_;
      key->set(next, key->get(wished));
      if (!check_acts(key->name, now_) || !check_held_by_format(next)) continue;
      const std::string name(key->name);
      const LiveChange change{summary_.steps, name, key_text(wished, name)};
      // One that no step has seen gives way.
      std::erase_if(summary_.changes, [&](const LiveChange& one) {
        return one.step == change.step && one.key == change.key;
      });
      summary_.changes.insert(
          std::ranges::upper_bound(summary_.changes, change.step, {}, &LiveChange::step), change);
      apply(change);
    }
  }

  void apply(const LiveChange& change) {
    apply_change(change, now_, *run_);
    summary_.goal = now_.training.steps;
    if (request_.sink) request_.sink->take(change);
  }

  void read_scaler() {
    summary_.skipped = run_->steps_skipped();
    summary_.loss_scale = run_->loss_scale();
    for (std::size_t k = 0; k < summary_.networks.size(); ++k) {
      const TrainingRun& one = run_->network(static_cast<int>(k));
      summary_.networks[k].skipped = one.steps_skipped();
      summary_.networks[k].loss_scale = one.loss_scale();
    }
  }

  /// Whether the run goes on.
  bool take(RunStep step) {
    ++summary_.steps;
    summary_.held_out.reset();  // those of an end that was none
    summary_.conditions.reset();
    if (!request_.sink) {
      history_.add(step);
      if (told_conditions_)
        history_.condition_lines.emplace_back(history_.steps.back(), *step.conditions);
      history_.seconds.push_back(summary_.seconds + seconds_of_slice());
    }
    read_scaler();
    deaths_->take(step);
    summary_.stopped = request_.sink && !request_.sink->take(step);
    summary_.last = std::move(step);
    return !summary_.stopped;
  }

  bool is_forecast() const { return summary_.steps - summary_.resumed_after == kStepsToForecast; }

  bool may_go_on(const JobContext& context) const {
    // One that a person can let rest asks nobody.
    if (!is_forecast() || rests_ || deaths_->searches()) return true;
    const auto left = static_cast<double>(goes_to() - summary_.steps);
    return context.may_take(left / summary_.steps_per_second());
  }

  TrainingRequest request_;
  std::unique_ptr<NetworkRuns> run_;  ///< from the first slice on
  std::optional<Watch> watch_;
  std::optional<RunDeaths> deaths_;
  std::optional<ConditionProbe> conditions_;  ///< from the first step on whose layers are looked at
  bool rests_ = false;                        ///< it has a control and may wait for its word
  bool told_conditions_ = false;              ///< by the line of the step that is taken
  int next_network_ = 0;                      ///< whose plane is looked at
  Experiment now_;                            ///< with the changes before the next step
  Experiment wished_;                         ///< with the wishes that became changes
  std::size_t next_change_ = 0;               ///< of those that were asked for before
  std::int64_t looked_after_ = -1;
  std::int64_t counted_steps_ = 0;  ///< whose seconds are in the summary
  RunSummary summary_;              ///< without its history
  RunHistory history_;
  Clock::time_point next_news_, next_surface_, next_gradients_, slice_began_;
};

}  // namespace

std::unique_ptr<Job> make_training_job(TrainingRequest request) {
  return std::make_unique<TrainingJob>(std::move(request));
}

}  // namespace nanscope
