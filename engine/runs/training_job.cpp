#include "engine/runs/training_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/machine/watch.h"
#include "engine/precision/precision.h"
#include "engine/recipe/acting_keys.h"
#include "engine/recipe/checkpoint.h"
#include "engine/recipe/networks.h"
#include "engine/recipe/remedies.h"
#include "engine/recipe/run_history.h"
#include "engine/runs/gradient_probe.h"
#include "engine/runs/kept_states.h"
#include "engine/runs/network_runs.h"
#include "engine/runs/postmortem.h"
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
/// From one look at parameters and optimizer state, which takes a step's hundredth part, to the
/// next.
constexpr std::int64_t kStepsBetweenLooks = 16;
/// The plane is looked at in no more than this share of the time, and the gradients in no more than
/// that of the news.
constexpr int kSurfaceShare = 10;

FirstNonfiniteStep without_remedies(FirstNonfiniteStep first) {
  first.remedies.clear();
  return first;
}

bool is_emulated(const NetworkSpec& network) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && row->emulated;
}

class TrainingJob final : public Job {
 public:
  explicit TrainingJob(TrainingRequest request) : request_(std::move(request)) {}
  ~TrainingJob() override {
    if (request_.control) request_.control->call({});
  }

  Result<JobResult> advance(JobContext& context) override {
    if (!run_)
      if (const auto begun = begin(context); !begun) return tl::unexpected(begun.error());
    const ThreadLimit limit(run_->threads());
    slice_began_ = Clock::now();
    const End end = take_steps(context);
    summary_.seconds += seconds_of_slice();
    if (end == End::run || (end == End::slice && !postmortem_ && is_checkpoint()))
      if (const auto kept = keep_checkpoint(); !kept) return tl::unexpected(kept.error());
    if (end == End::run) look_at_the_end();
    if (end == End::run && (!rests_ || summary_.stopped)) {
      if (!request_.sink) look_at_plane();
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

  RunSummary so_far() const {
    RunSummary summary = summary_;
    if (!request_.sink) summary.history = std::make_shared<const RunHistory>(history_);
    return summary;
  }

  void publish(const JobContext& context, bool at_once) {
    if (request_.sink || !context.publishes() || (!at_once && Clock::now() < next_news_)) return;
    if (at_once || Clock::now() >= next_surface_) look_at_plane();
    const auto begin = Clock::now();
    context.publish(JobResult::of(so_far()));
    const auto end = Clock::now();
    next_news_ = end + std::max<Clock::duration>(kBetweenNews, kNewsShare * (end - begin));
  }

  void look_at_plane() {
    const auto begin = Clock::now();
    const std::optional<DecisionSurface> surface = run_->look_at_plane();
    if (!surface) return;
    summary_.surface = std::make_shared<const DecisionSurface>(*surface);
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
    summary_ = {.experiment = experiment,
                .changes = request_.changes,
                .data = *data,
                .goal = experiment.training.steps,
                .emulated = is_emulated(experiment.network),
                .memory = plan.bytes_by_role(),
                .forward_flops = passes * plan.forward_cost().flops,
                .backward_flops = passes * plan.backward_cost().flops,
                .batches_per_epoch = run_->batches_per_epoch()};
    if (run_->count() > 1) summary_.networks.resize(static_cast<std::size_t>(run_->count()));
    kept_states_.assign(static_cast<std::size_t>(run_->count()), KeptStates(run_->count()));
    if (!request_.autopsy) forget_states();
    rests_ = request_.control && context.may_rest();
    if (rests_) request_.control->call(context.wake());
    return request_.from ? go_on_from(*request_.from) : Result<void>();
  }

  Result<void> go_on_from(const Checkpoint& checkpoint) {
    if (const auto restored = run_->restore(checkpoint); !restored) return restored;
    summary_.steps = summary_.resumed_after = checkpoint.steps;
    read_scaler();
    summary_.first_nonfinite = checkpoint.first_nonfinite;
    for (std::size_t k = 0; k < summary_.networks.size() && k < checkpoint.networks.size(); ++k)
      summary_.networks[k].first_nonfinite = checkpoint.networks[k].first_nonfinite;
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
  }

  bool is_checkpoint() const { return request_.every > 0 && summary_.steps % request_.every == 0; }

  Result<void> keep_checkpoint() {
    if (request_.checkpoint.empty()) return {};
    Checkpoint checkpoint{.experiment = request_.experiment,
                          .changes = request_.changes,
                          .data = summary_.data,
                          .first_nonfinite = summary_.first_nonfinite,
                          .networks = summary_.networks};
    run_->save(checkpoint);
    summary_.checkpoint = checkpoint_path(request_.checkpoint, checkpoint.steps);
    return write_checkpoint(summary_.checkpoint, checkpoint);
  }

  End take_steps(JobContext& context) {
    do {
      if (postmortem_) {
        look_back();
        continue;
      }
      const RunWish wish = rests_ ? request_.control->wish()
                                  : RunWish{.past_nonfinite = true, .training = wished_.training};
      apply_changes();
      const bool died = summary_.is_lost() && !wish.past_nonfinite;
      // A run at its end can only be made longer.
      take_wishes(wish.training, /*only_steps=*/true);
      if (summary_.is_over()) return End::run;
      if (!died) take_wishes(wish.training, /*only_steps=*/false);
      if (died || wish.until <= summary_.steps) return End::rest;
      const auto step = static_cast<int>(summary_.steps), steps = static_cast<int>(summary_.goal);
      if (!watch_->step("training, step {} of {}", step, steps,
                        static_cast<double>(step) / steps)) {
        summary_.stopped = true;
        return End::run;
      }
      for (int k = 0; k < run_->count(); ++k)
        kept_states_[static_cast<std::size_t>(k)].look(run_->network(k));
      if (!take(take_step())) return End::run;
    } while (postmortem_ ? !context.slice_over() : summary_.is_over() || !pauses(context));
    return End::slice;
  }

  /// Looks at its gradients now and then, as often as there are news, and at those of the last
  /// step.
  RunStep take_step() {
    const bool last = summary_.steps + 1 == summary_.goal;
    if (request_.sink || (!last && Clock::now() < next_gradients_)) return run_->step();
    GradientProbe probe(run_->network(0));
    const RunStep step = run_->step({.watch = &probe});
    summary_.gradients = std::make_shared<const GradientMagnitudes>(probe.magnitudes());
    next_gradients_ =
        Clock::now() + std::max<Clock::duration>(kBetweenNews, kNewsShare * probe.taken());
    return step;
  }

  /// Others have their turn, or a number of steps is of note.
  bool pauses(const JobContext& context) const {
    return context.slice_over() || is_checkpoint() || is_forecast();
  }

  /// A step of the search for where the run stopped being finite.
  void look_back() {
    const ThreadLimit as_it_ran(run_->threads_of_one());
    if (postmortem_->advance()) return;
    FirstNonfiniteStep& first = *summary_.first_nonfinite;
    if (const auto found = postmortem_->autopsy()) {
      Autopsy autopsy = *found;
      const int network = first.network;
      if (run_->count() > 1) autopsy.seed = network_of(request_.experiment, network).network.seed;
      if (first.what == NonfinitePart::state) {
        first.step = autopsy.step;
        first.value = autopsy.result.value;
        if (!summary_.networks.empty()) fate(network).first_nonfinite = without_remedies(first);
      }
      summary_.autopsy = std::make_shared<const Autopsy>(std::move(autopsy));
    }
    postmortem_.reset();
    run_->change(now_.training);  // layers are looked at in the first network alone
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
      if (!check_acts(key->name, now_)) continue;
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
    if (!request_.sink) {
      history_.add(step);
      history_.seconds.push_back(summary_.seconds + seconds_of_slice());
    }
    read_scaler();
    for (int k = 0; k < run_->count(); ++k)
      if (!has_stopped_being_finite(k))
        if (const auto first = nonfinite_in(step, k)) stop_being_finite(*first);
    summary_.stopped = request_.sink && !request_.sink->take(step);
    summary_.last = std::move(step);
    return !summary_.stopped;
  }

  NetworkFate& fate(int network) { return summary_.networks[static_cast<std::size_t>(network)]; }

  bool has_stopped_being_finite(int network) {
    if (summary_.networks.empty()) return summary_.first_nonfinite.has_value();
    return fate(network).first_nonfinite.has_value();
  }

  /// Loss scaling steps over gradients that overflow; a loss that does is lost.
  std::optional<FirstNonfiniteStep> nonfinite_in(const RunStep& step, int network) const {
    const auto k = static_cast<std::size_t>(network);
    const double loss = step.losses ? step.losses->each[k] : step.loss;
    const double norm = step.grad_norms ? step.grad_norms->each[k] : step.grad_norm;
    const bool skipped = step.skips.empty() ? step.skipped : step.skips[k];
    const auto found = [&](NonfinitePart what, double value) {
      return FirstNonfiniteStep{
          .step = step.step, .what = what, .value = value, .network = network};
    };
    if (!std::isfinite(loss)) return found(NonfinitePart::loss, loss);
    if (!skipped && !std::isfinite(norm)) return found(NonfinitePart::grad_norm, norm);
    const bool looks = summary_.steps % kStepsBetweenLooks == 0 || summary_.is_over();
    if (!looks || run_->network(network).is_finite()) return std::nullopt;
    return found(NonfinitePart::state, std::numeric_limits<double>::quiet_NaN());
  }

  void stop_being_finite(const FirstNonfiniteStep& first) {
    if (!summary_.networks.empty()) fate(first.network).first_nonfinite = first;
    if (summary_.first_nonfinite) return;
    summary_.first_nonfinite = first;
    summary_.first_nonfinite->remedies = remedies(now_, first);
    if (const Checkpoint* from = kept_states_[static_cast<std::size_t>(first.network)].oldest())
      postmortem_.emplace(run_->network(first.network), *from,
                          network_of(request_.experiment, first.network), summary_.changes);
    forget_states();
  }

  void forget_states() {
    for (KeptStates& states : kept_states_) states.forget();
  }

  bool is_forecast() const { return summary_.steps - summary_.resumed_after == kStepsToForecast; }

  bool may_go_on(const JobContext& context) const {
    // One that a person can let rest asks nobody.
    if (!is_forecast() || rests_ || postmortem_) return true;
    const auto left = static_cast<double>(summary_.goal - summary_.steps);
    return context.may_take(left / summary_.steps_per_second());
  }

  TrainingRequest request_;
  std::unique_ptr<NetworkRuns> run_;  ///< from the first slice on
  std::optional<Watch> watch_;
  std::vector<KeptStates> kept_states_;   ///< of each network
  std::optional<Postmortem> postmortem_;  ///< while it is at work
  bool rests_ = false;                    ///< it has a control and may wait for its word
  Experiment now_;                        ///< with the changes before the next step
  Experiment wished_;                     ///< with the wishes that became changes
  std::size_t next_change_ = 0;           ///< of those that were asked for before
  std::int64_t looked_after_ = -1;
  RunSummary summary_;  ///< without its history
  RunHistory history_;
  Clock::time_point next_news_, next_surface_, next_gradients_, slice_began_;
};

}  // namespace

std::unique_ptr<Job> make_training_job(TrainingRequest request) {
  return std::make_unique<TrainingJob>(std::move(request));
}

}  // namespace nanscope
